// Decides what is encoded of a title: the door to this folder.
//
//   probe_plan.h   which encodes of which frames a search looks at
//   chunk_facts.h  what is known of a chunk before that
//   chunk_curve.h  from them, quality and bits of a chunk at any CRF
//   held_quality.h what a chunk counts as, by its mean and its worst second
//   allocation.h   the cheapest CRF of every chunk for one quality of all
//   design.h       the rungs of a searched ladder
//   rounds.h       what is encoded between two designs, and what stands of them
//   gate.h         whether an encode keeps its promise, and what to try next
//   effort.h       what encoding and measuring take
#pragma once

#include <vector>

#include "base/result.h"
#include "ladder/bd_rate.h"
#include "ladder/comparison.h"
#include "ladder/convex_hull.h"
#include "ladder/design.h"
#include "ladder/effort.h"
#include "ladder/gate.h"
#include "ladder/probe_plan.h"
#include "ladder/rounds.h"
#include "model/ladder.h"
#include "model/recipe.h"
#include "model/source.h"

namespace reel::ladder {

// The recipe's rungs fitted to one source, largest first. A rung is a 16:9 box
// (854x480 for 480), turned for a portrait picture; the upright picture in
// square pixels is scaled to fit it, to even sizes, never up. The smallest box
// that holds the whole source gives a rung of the source's size; larger ones
// are dropped. No two rungs have the same size.
// Errors: kUnsupported if the picture is smaller than 2x2; kInvalidArgument if
// the recipe has no rungs.
base::Result<std::vector<model::Rung>> FitRungs(const model::Source& source,
                                                const model::Recipe& recipe);

}  // namespace reel::ladder
