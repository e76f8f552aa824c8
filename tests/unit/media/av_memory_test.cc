#include "media/av_memory.h"

#include <gtest/gtest.h>

extern "C" {
#include <libavutil/mem.h>
}

namespace reel::media {
namespace {

TEST(AvMemoryTest, WhatLibavRefusesIsNoLackOfMemory) {
  BoundAvMemory();
  void* block = av_malloc(kMostBlockBytes + 1);
  EXPECT_EQ(block, nullptr);
  av_free(block);
  EXPECT_FALSE(IsMemoryGone());
}

}  // namespace
}  // namespace reel::media
