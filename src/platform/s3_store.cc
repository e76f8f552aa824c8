#include "platform/s3_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "platform/clock.h"
#include "platform/compose_plan.h"
#include "platform/object_name.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

constexpr int kMaxParts = 10'000;
constexpr int kMaxListed = 1000;
// Much less than any sweep leaves alone what nobody names.
constexpr std::chrono::milliseconds kNewFor = std::chrono::minutes(30);

// A part of a body, as a body.
HttpBody Slice(const HttpBody& body, int64_t first, int64_t size_bytes) {
  return {size_bytes,
          [&body, first, size_bytes](int64_t offset, std::span<uint8_t> into) {
            const auto rest = static_cast<size_t>(size_bytes - offset);
            return body.read(first + offset,
                             into.first(std::min(into.size(), rest)));
          }};
}

Result<std::string> DigestOf(const HttpBody& body) {
  base::Sha256Stream stream;
  std::vector<uint8_t> buffer(1 << 20);
  for (int64_t at = 0; at < body.size_bytes;) {
    REEL_ASSIGN(const size_t got, body.read(at, buffer));
    if (got == 0) return Fail(Code::kIo, "a file became shorter");
    stream.Update(std::span(buffer).first(got));
    at += static_cast<int64_t>(got);
  }
  return stream.Finish();
}

// `file` outlives it.
HttpBody BodyOf(const base::File& file, int64_t size_bytes) {
  return {size_bytes, [&file](int64_t offset, std::span<uint8_t> into) {
            return file.ReadAt(offset, into);
          }};
}

// What is there already is not sent again: its name says what it is, and who
// reads it checks that. Unless it is old: then a sweep may be about to remove
// it, and it becomes new.
bool IsThere(const std::optional<S3Head>& head, const Object& object) {
  return head && head->size_bytes == object.size_bytes &&
         SystemClockMs() - head->modified_ms < kNewFor.count();
}

}  // namespace

S3Store::S3Store(S3StoreOptions options, std::unique_ptr<LocalCache> cache)
    : options_(std::move(options)),
      s3_(options_.s3),
      cache_(std::move(cache)) {}

Result<std::unique_ptr<S3Store>> S3Store::Open(S3StoreOptions options) {
  options.part_bytes = std::max(options.part_bytes, kLeastPartBytes);
  REEL_ASSIGN(auto cache,
              LocalCache::Open(options.cache_directory, options.cache_bytes));
  std::unique_ptr<S3Store> store(
      new S3Store(std::move(options), std::move(cache)));
  REEL_TRY(store->List("", 1));
  return store;
}

std::string S3Store::KeyOf(const std::string& digest) const {
  return fmt::format("{}{}objects/{}", options_.prefix,
                     options_.prefix.empty() ? "" : "/", digest);
}

Result<Object> S3Store::Find(const std::string& digest) {
  REEL_TRY(CheckDigest(digest));
  REEL_ASSIGN(const auto head, s3_.Head(KeyOf(digest)));
  if (!head) return Fail(Code::kNotFound, "no object " + digest);
  return Object{digest, head->size_bytes};
}

Status S3Store::Put(const Object& object, const HttpBody& body) {
  REEL_ASSIGN(const auto head, s3_.Head(KeyOf(object.digest)));
  if (IsThere(head, object)) return {};
  if (object.size_bytes > options_.part_bytes) return PutInParts(object, body);
  return s3_.Put(KeyOf(object.digest), body, object.digest);
}

Status S3Store::Upload(const std::string& key, int parts,
                       const MakePart& make) {
  REEL_ASSIGN(const std::string upload, s3_.BeginUpload(key));
  const auto send = [&]() -> Status {
    std::vector<S3Part> done;
    for (int number = 1; number <= parts; ++number) {
      REEL_ASSIGN(S3Part part, make(upload, number));
      done.push_back(std::move(part));
    }
    return s3_.CompleteUpload(key, upload, done);
  };
  Status status = send();
  if (!status) (void)s3_.AbortUpload(key, upload);
  return status;
}

Status S3Store::PutInParts(const Object& object, const HttpBody& body) {
  const std::string key = KeyOf(object.digest);
  const int64_t part_bytes = std::max(
      options_.part_bytes, (object.size_bytes + kMaxParts - 1) / kMaxParts);
  const auto parts =
      static_cast<int>((object.size_bytes + part_bytes - 1) / part_bytes);
  return Upload(
      key, parts, [&](const std::string& upload, int number) -> Result<S3Part> {
        const int64_t at = (number - 1) * part_bytes;
        const HttpBody part =
            Slice(body, at, std::min(part_bytes, object.size_bytes - at));
        REEL_ASSIGN(const std::string digest, DigestOf(part));
        return s3_.UploadPart(key, upload, number, part, digest);
      });
}

Result<Object> S3Store::PutFile(const std::string& path, PutFrom from) {
  Object object;
  REEL_ASSIGN(const base::File file, base::File::OpenForReading(path));
  REEL_ASSIGN(object.size_bytes, file.Size());
  const HttpBody body = BodyOf(file, object.size_bytes);
  REEL_ASSIGN(object.digest, DigestOf(body));
  REEL_TRY(Put(object, body));
  if (from == PutFrom::kMove) ::unlink(path.c_str());
  return object;
}

Result<Object> S3Store::PutBytes(std::span<const uint8_t> bytes) {
  Object object{base::Sha256(bytes), static_cast<int64_t>(bytes.size())};
  REEL_TRY(Put(object, platform::BodyOf(bytes)));
  return object;
}

Result<Object> S3Store::Compose(std::span<const std::string> digests) {
  base::Sha256Stream stream;
  std::vector<int64_t> sizes;
  for (const std::string& digest : digests) {
    REEL_ASSIGN(const LocalObject local, Fetch(digest));
    REEL_ASSIGN(base::File file, base::File::OpenForReading(local.path));
    REEL_ASSIGN(const int64_t size, file.Size());
    sizes.push_back(size);
    std::vector<uint8_t> buffer(1 << 20);
    for (size_t got = 1; got > 0;) {
      REEL_ASSIGN(got, file.Read(buffer));
      stream.Update(std::span(buffer).first(got));
    }
  }
  Object whole{stream.Finish(), 0};
  for (const int64_t size : sizes) whole.size_bytes += size;
  REEL_ASSIGN(const auto there, s3_.Head(KeyOf(whole.digest)));
  if (IsThere(there, whole)) return whole;

  const std::vector<ComposePart> parts = PlanCompose(sizes);
  const auto read =
      [&](const ComposePart& part) -> Result<std::vector<uint8_t>> {
    std::vector<uint8_t> bytes;
    for (const ComposePiece& piece : part.pieces) {
      REEL_ASSIGN(const LocalObject local, Fetch(digests[piece.object]));
      REEL_ASSIGN(const base::File file,
                  base::File::OpenForReading(local.path));
      std::vector<uint8_t> some(static_cast<size_t>(piece.size_bytes));
      REEL_TRY(file.ReadAt(piece.offset, some));
      bytes.insert(bytes.end(), some.begin(), some.end());
    }
    return bytes;
  };
  if (parts.empty()) return PutBytes({});
  if (parts.size() == 1 && !parts.front().is_copied()) {
    REEL_ASSIGN(const std::vector<uint8_t> bytes, read(parts.front()));
    return PutBytes(bytes);
  }
  const std::string key = KeyOf(whole.digest);
  REEL_TRY(Upload(
      key, static_cast<int>(parts.size()),
      [&](const std::string& upload, int number) -> Result<S3Part> {
        const ComposePart& part = parts[static_cast<size_t>(number) - 1];
        if (part.is_copied()) {
          const ComposePiece& piece = part.pieces.front();
          return s3_.CopyPart(key, upload, number, KeyOf(digests[piece.object]),
                              piece.offset, piece.size_bytes);
        }
        REEL_ASSIGN(const std::vector<uint8_t> bytes, read(part));
        return s3_.UploadPart(key, upload, number, platform::BodyOf(bytes),
                              base::Sha256(bytes));
      }));
  return whole;
}

Result<bool> S3Store::Exists(const std::string& digest) {
  const auto object = Find(digest);
  if (object) return true;
  if (object.error().code == Code::kNotFound) return false;
  return tl::unexpected(object.error());
}

Status S3Store::GetChecked(const Object& object,
                           const std::function<Result<ByteSink>()>& begin) {
  std::string actual;
  for (int reading = 0; reading < 2; ++reading) {
    base::Sha256Stream stream;
    REEL_ASSIGN(const ByteSink sink, begin());
    REEL_TRY(s3_.Get(KeyOf(object.digest), 0, -1,
                     [&](std::span<const uint8_t> bytes) {
                       stream.Update(bytes);
                       return sink(bytes);
                     }));
    actual = stream.Finish();
    if (actual == object.digest) return {};
  }
  REEL_TRY(Delete(object.digest));
  return Fail(Code::kCorruptInput,
              fmt::format("object {} is damaged: its {} bytes give {}",
                          object.digest, object.size_bytes, actual));
}

Result<std::vector<uint8_t>> S3Store::Get(const std::string& digest,
                                          int64_t max_bytes) {
  REEL_ASSIGN(const Object object, Find(digest));
  if (object.size_bytes > max_bytes) {
    return Fail(Code::kResourceExhausted,
                fmt::format("object {} has {} bytes, more than {}", digest,
                            object.size_bytes, max_bytes));
  }
  std::vector<uint8_t> bytes;
  REEL_TRY(GetChecked(object, [&]() -> Result<ByteSink> {
    bytes.clear();
    return [&](std::span<const uint8_t> some) -> Status {
      bytes.insert(bytes.end(), some.begin(), some.end());
      return {};
    };
  }));
  return bytes;
}

Result<std::vector<uint8_t>> S3Store::GetRange(const std::string& digest,
                                               int64_t offset,
                                               int64_t size_bytes) {
  if (offset < 0 || size_bytes < 0)
    return Fail(Code::kInvalidArgument, "a range before its object's start");
  REEL_TRY(CheckDigest(digest));
  std::vector<uint8_t> bytes;
  REEL_TRY(s3_.Get(KeyOf(digest), offset, size_bytes,
                   [&](std::span<const uint8_t> some) -> Status {
                     bytes.insert(bytes.end(), some.begin(), some.end());
                     return {};
                   }));
  return bytes;
}

Result<LocalObject> S3Store::Fetch(const std::string& digest) {
  REEL_ASSIGN(const Object object, Find(digest));
  return cache_->Get(object, [&](const std::string& path) -> Status {
    std::optional<base::File> file;
    return GetChecked(object, [&]() -> Result<ByteSink> {
      ::unlink(path.c_str());
      REEL_ASSIGN(file, base::File::Create(path));
      return [&](std::span<const uint8_t> some) { return file->Write(some); };
    });
  });
}

Result<std::vector<Object>> S3Store::List(const std::string& after, int limit) {
  const std::string folder = KeyOf("");
  std::vector<Object> found;
  std::string last = after.empty() ? "" : KeyOf(after);
  while (static_cast<int>(found.size()) < limit) {
    const int page =
        std::min(limit - static_cast<int>(found.size()), kMaxListed);
    REEL_ASSIGN(const auto entries, s3_.List(folder, last, page));
    for (const S3Entry& entry : entries) {
      last = entry.key;
      Object object{entry.key.substr(std::min(folder.size(), entry.key.size())),
                    entry.size_bytes};
      if (CheckDigest(object.digest)) found.push_back(std::move(object));
    }
    if (static_cast<int>(entries.size()) < page) break;
  }
  return found;
}

Status S3Store::Delete(const std::string& digest) {
  REEL_TRY(CheckDigest(digest));
  cache_->Remove(digest);
  return s3_.Delete(KeyOf(digest));
}

std::string S3Store::PresignGet(const std::string& digest,
                                std::chrono::seconds lifetime) {
  return s3_.PresignGet(KeyOf(digest), lifetime);
}

}  // namespace reel::platform
