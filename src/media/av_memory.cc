#include "media/av_memory.h"

extern "C" {
#include <libavutil/mem.h>
}

namespace reel::media {

void BoundAvMemory() { av_max_alloc(kMostBlockBytes); }

bool IsMemoryGone() {
  void* block = av_malloc(kMostBlockBytes);
  av_free(block);
  return block == nullptr;
}

}  // namespace reel::media
