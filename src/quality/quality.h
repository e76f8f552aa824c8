// Video quality by VMAF: the door to this folder.
//
//   frame_scorer.h  one pair of frames; several distorted against one
//   fusion.h        from a frame's features to its score
//   pooling.h       from the scores of frames to one
#pragma once

#include "quality/frame_scorer.h"
#include "quality/fusion.h"
#include "quality/pooling.h"
