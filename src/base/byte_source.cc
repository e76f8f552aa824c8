#include "base/byte_source.h"

#include <utility>

namespace reel::base {
namespace {

class LocalSource : public ByteSource {
 public:
  explicit LocalSource(File file) : file_(std::move(file)) {}
  Result<int64_t> Size() const override { return file_.Size(); }
  Result<size_t> ReadAt(int64_t offset,
                        std::span<uint8_t> into) const override {
    return file_.ReadAt(offset, into);
  }

 private:
  File file_;
};

RemoteOpener& TheRemoteOpener() {
  static RemoteOpener opener;
  return opener;
}

bool IsHttp(const std::string& name) {
  return name.starts_with("https://") || name.starts_with("http://");
}

}  // namespace

bool IsRemote(const std::string& name) {
  return name.starts_with("s3://") || IsHttp(name);
}

std::string SourceLabel(const std::string& name) {
  return IsHttp(name) ? name.substr(0, name.find_first_of("?#")) : name;
}

Error SourceChanged(const std::string& name) {
  return {Code::kNotFound, "source vanished or changed: " + SourceLabel(name) +
                               "; put it back and run the same command again"};
}

void SetRemoteOpener(RemoteOpener opener) {
  TheRemoteOpener() = std::move(opener);
}

std::unique_ptr<ByteSource> MakeByteSource(File file) {
  return std::make_unique<LocalSource>(std::move(file));
}

Result<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& name) {
  if (!IsRemote(name)) {
    REEL_ASSIGN(File file, File::OpenForReading(name));
    return MakeByteSource(std::move(file));
  }
  const RemoteOpener& open = TheRemoteOpener();
  if (open) return open(name);
  return Fail(Code::kUnsupported,
              SourceLabel(name) + ": remote sources cannot be opened here");
}

}  // namespace reel::base
