// Which workers there are, as their signs of life tell.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock.h"
#include "workflow/fleet/messages.h"

namespace reel::workflow::fleet {

struct SeenWorker {
  Beat beat;
  int64_t seen_ms = 0;
};

// Kept in memory by every orchestrator; nothing of it is stored. Safe from
// several threads.
class FleetView {
 public:
  // Workers that have been silent for `forget_ms` are gone.
  explicit FleetView(platform::ClockMs clock, int64_t forget_ms = 30'000);

  void Note(const Beat& beat);
  // When that attempt was last seen alive; nullopt: never.
  std::optional<int64_t> LastSign(const std::string& task_id,
                                  int64_t fence) const;
  double FractionOf(const std::string& task_id) const;
  // Tasks at a time of that service, by all who take it.
  int Slots(const std::string& service) const;
  std::vector<SeenWorker> Workers() const;
  // Who was not seen before then may live: nobody at all was heard, or nobody
  // listened.
  int64_t since_ms() const;

 private:
  struct Sign {
    int64_t fence = 0, seen_ms = 0;
    double fraction = 0;
  };
  void Forget(int64_t now_ms);

  platform::ClockMs clock_;
  int64_t forget_ms_;
  mutable std::mutex mu_;  // all below
  int64_t since_ms_;
  int64_t heard_ms_;  // the last sign of anybody
  std::map<std::string, SeenWorker> workers_;
  std::map<std::string, std::vector<Sign>> signs_;  // by task
  int64_t forgotten_ms_ = 0;
};

}  // namespace reel::workflow::fleet
