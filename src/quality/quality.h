// Video quality by VMAF: the door to this folder.
//
//   frame_scorer.h     one pair of frames; several distorted against one
//   fusion.h           from a frame's features to its score
//   pooling.h          from the scores of frames to one
//   sequence_scorer.h  whole sequences, by several threads
//   pair_metrics.h     PSNR, SSIM, MS-SSIM, CIEDE2000
//   encode_scorer.h    encodes in memory against the part that they show
//   picture_file.h     a video file as a sequence
//   alignment.h        where one video lies in another
//   score_table.h      all of that as columns; libvmaf's JSON and CSV
//   score_plot.h       scores over frames, drawn
//
// examples/vmaf.cc shows them in use; docs/vmaf.md has method and sources.
#pragma once

#include "quality/alignment.h"
#include "quality/encode_scorer.h"
#include "quality/frame_scorer.h"
#include "quality/fusion.h"
#include "quality/pair_metrics.h"
#include "quality/picture_file.h"
#include "quality/pooling.h"
#include "quality/score_plot.h"
#include "quality/score_table.h"
#include "quality/sequence_scorer.h"
