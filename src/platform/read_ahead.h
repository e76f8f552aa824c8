// How much to fetch at once of what lies far away.
#pragma once

#include <cstdint>
#include <list>

namespace reel::platform {

// Where a read goes on after what was fetched before, twice as much is fetched
// as then: long reads take few requests, and reads here and there little that
// nobody wants. A demuxer may go through pictures and sound in turn, so several
// such runs are remembered. One reader's own; one thread.
class ReadAhead {
 public:
  // The length of a run never exceeds `most_blocks`.
  explicit ReadAhead(int64_t most_blocks) : most_blocks_(most_blocks) {}
  // Block `first` is wanted and not there. Blocks to fetch from it on, at least
  // one, none of them at `limit`, which is after `first`.
  int64_t Next(int64_t first, int64_t limit);

 private:
  struct Run {
    int64_t end = 0;  // the block after it
    int64_t length = 0;
  };
  int64_t most_blocks_;
  std::list<Run> runs_;  // the latest first
};

}  // namespace reel::platform
