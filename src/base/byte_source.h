// Bytes that lie somewhere: in a local file, or on a server. Whoever reads a
// source opens it here and need not know which.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace reel::base {

// Safe from several threads.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual Result<int64_t> Size() const = 0;
  // Bytes read at `offset`; fewer than asked for only at the end.
  virtual Result<size_t> ReadAt(int64_t offset,
                                std::span<uint8_t> into) const = 0;
  // Another one when the bytes are others; "" where nothing tells, as of a
  // local file.
  virtual std::string version() const { return ""; }
};

// Whether a source's name is that of a remote one: s3://, https://, http://.
bool IsRemote(const std::string& name);
// What of a source's name may be said aloud: a URL of HTTP without what follows
// its "?", for that may be a signature.
std::string SourceLabel(const std::string& name);

// kNotFound: it is not any more what it was when it was described.
Error SourceChanged(const std::string& name);

using RemoteOpener =
    std::function<Result<std::unique_ptr<ByteSource>>(const std::string& url)>;
// Who opens remote names for this process. In main, before there are threads;
// docs/decisions/0007-remote-sources.md says why it is not passed in.
void SetRemoteOpener(RemoteOpener opener);

std::unique_ptr<ByteSource> MakeByteSource(File file);
// A local file, or what a remote name stands for.
// Errors: those of File::OpenForReading or of the opener; kUnsupported for a
// remote name where no opener is set.
Result<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& name);

}  // namespace reel::base
