// Copies of remote objects on a local disk, for as long as there is room.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "platform/object_store.h"

namespace reel::platform {

// One process's own. What was used least recently is removed when room is
// needed, but nothing that somebody holds. Safe from several threads.
class LocalCache {
 public:
  // Empties the directory, making it if need be.
  //   capacity_bytes  of all copies together
  static base::Result<std::unique_ptr<LocalCache>> Open(
      const std::string& directory, int64_t capacity_bytes);
  ~LocalCache();

  // Writes the object to a path that does not exist yet.
  using Download = std::function<base::Status(const std::string& path)>;
  // The copy of `object`, made by `download` if it is not there. Several
  // threads that want one object wait for one download.
  // Errors: kResourceExhausted (more is held than there is room for), those of
  // the download.
  base::Result<LocalObject> Get(const Object& object, const Download& download);
  // Forgets a copy, unless it is held.
  void Remove(const std::string& digest);

 private:
  struct Copy {
    std::string path;
    int64_t size_bytes = 0;
    bool ready = false;
    int holders = 0;
    int64_t used = 0;  // when, in calls
  };
  LocalCache(std::string directory, int64_t capacity_bytes);
  // mu_ is held. Makes room for so many bytes more.
  base::Status MakeRoom(int64_t size_bytes);
  // mu_ is held.
  LocalObject Hold(const std::string& digest);
  void Release(const std::string& digest);
  void Drop(std::map<std::string, Copy>::iterator copy);

  std::string directory_;
  int64_t capacity_bytes_;
  std::mutex mu_;  // all below
  std::condition_variable changed_;
  std::map<std::string, Copy> copies_;
  int64_t total_bytes_ = 0;
  int64_t calls_ = 0;
};

}  // namespace reel::platform
