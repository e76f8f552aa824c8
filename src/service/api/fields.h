// The members of a JSON object that somebody sent, each of the type that it
// must have, and none besides.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace reel::service::api {

// Takes member after member; the first thing that is wrong is kept, and `Done`
// tells it.
class Fields {
 public:
  explicit Fields(const base::Json& object) : object_(object) {}

  // Absent or null: "". At most `max_bytes`, without control characters but
  // those of `text`: line ends and tabs.
  enum class Kind { kLine, kText };
  std::string String(const std::string& name, size_t max_bytes,
                     Kind kind = Kind::kLine);
  // The same, and it must be there.
  std::string Required(const std::string& name, size_t max_bytes);
  int64_t RequiredNumber(const std::string& name, int64_t least, int64_t most);
  void Refuse(const std::string& name, const std::string& why);

  // Errors: kInvalidArgument, naming the member; also for one that nobody took.
  base::Status Done() const;

 private:
  const base::Json* Take(const std::string& name);

  const base::Json& object_;
  std::set<std::string> taken_;
  std::optional<base::Error> error_;
};

}  // namespace reel::service::api
