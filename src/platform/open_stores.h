// A fleet's stores, by URL: "s3://bucket/prefix", with keys and the server's
// place from the environment (s3_url.h); or "file:///directory", on a disk that
// all share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "platform/object_store.h"
#include "platform/s3_url.h"
#include "platform/title_store.h"

namespace reel::platform {

// A part of the command line that everybody on the machine can read: no
// passwords. kInvalidArgument, naming the variable that is for them.
base::Status CheckNoPassword(const std::string& url,
                             const std::string& variable);

//   scratch      directory of this process's own, for copies of remote objects
//   cache_bytes  of these copies, all together
// Errors: kInvalidArgument (no such URL, no keys, no such bucket),
// kUnavailable, and those of the directories.
base::Result<std::unique_ptr<ObjectStore>> OpenObjectStore(
    const std::string& url, const std::string& scratch, int64_t cache_bytes,
    const Environment& environment = ProcessEnvironment);

// Of the same URL. `objects` outlives it.
base::Result<std::unique_ptr<TitleStore>> OpenTitleStore(
    const std::string& url, ObjectStore& objects,
    const Environment& environment = ProcessEnvironment);

}  // namespace reel::platform
