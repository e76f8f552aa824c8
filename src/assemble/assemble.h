// Entry header of assembly: from encoded chunks to finished tracks, and the
// proof that they are right.
#pragma once

#include "assemble/join.h"          // IWYU pragma: export
#include "assemble/leaky_bucket.h"  // IWYU pragma: export
#include "assemble/validate.h"      // IWYU pragma: export
