// What a task's function sees of the world: inputs, outputs, progress.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "platform/job_store.h"
#include "platform/object_store.h"

namespace reel::workflow {

// A file that stays where it is: the master, which is never copied into the
// store. Size, time of its last change and version tell whether it is still the
// one whose digest was taken.
struct ExternalFile {
  std::string path;  // absolute, or a URL
  int64_t size_bytes = 0;
  int64_t modified_ns = 0;   // since 1970; 0 of a remote one
  std::string version = {};  // base::ByteSource's; "" of a local one
  bool operator==(const ExternalFile&) const = default;
};
void to_json(base::Json& json, const ExternalFile& file);
void from_json(const base::Json& json, ExternalFile& file);

// The file as it is now; a local path is made absolute.
// Errors: kNotFound, kInvalidArgument (not a regular file; no permission), kIo;
// of a remote one those of base::OpenByteSource.
base::Result<ExternalFile> DescribeExternal(const std::string& path);
// kNotFound if the file vanished or changed; of a remote one also the errors of
// describing it.
base::Status CheckUnchanged(const ExternalFile& file);

struct Input {
  std::string digest;
  // Where the bytes are, if not in the store. Not part of a task's identity.
  std::optional<ExternalFile> external;
  // Set if `external` is a composition that ingest made (model/composition.h):
  // the files that it plays from.
  std::vector<ExternalFile> parts;

  Input() = default;
  Input(const platform::Object& object) : digest(object.digest) {}  // NOLINT
  Input(std::string of, ExternalFile file)
      : digest(std::move(of)), external(std::move(file)) {}
};
void to_json(base::Json& json, const Input& input);
void from_json(const base::Json& json, Input& input);

// A task's inputs by name. What it hands out has been checked against its
// digest (an external file: against size and time).
// Errors of all: kInvalidArgument (no input of that name), kCorruptInput,
// kNotFound, kIo, kResourceExhausted.
class Inputs {
 public:
  // Both outlive this.
  Inputs(platform::ObjectStore& store,
         const std::map<std::string, Input>& inputs);

  bool Has(const std::string& name) const;
  // Sorted; e.g. all "chunk/…".
  std::vector<std::string> NamesWithPrefix(const std::string& prefix) const;
  base::Result<std::string> Digest(const std::string& name) const;
  // A local file, only to be read; of a remote source or a composition the name
  // by which media code opens it.
  base::Result<std::string> Path(const std::string& name) const;
  base::Result<std::vector<uint8_t>> Bytes(const std::string& name) const;
  base::Result<base::Json> Json(const std::string& name) const;
  template <typename T>
  base::Result<T> As(const std::string& name) const {
    REEL_ASSIGN(const base::Json json, Json(name));
    return base::FromJson<T>(json);
  }

  // Digests of stored objects that turned out damaged or missing on the way. If
  // there is one, all others are looked for: they are made again together.
  std::vector<std::string> Lost() const;
  // Of the objects that were asked for, wherever a copy of them was.
  int64_t read_bytes() const { return read_bytes_; }

 private:
  base::Result<const Input*> Find(const std::string& name) const;

  platform::ObjectStore* store_;
  const std::map<std::string, Input>* inputs_;
  mutable std::vector<std::string> lost_;
  mutable int64_t read_bytes_ = 0;
  // Local copies that tasks have paths of.
  mutable std::vector<platform::LocalObject> held_;
};

// Where a task's outputs go. They enter the store after its function has
// returned without an error; until then they are files in a scratch directory
// that is removed with this object.
class Outputs {
 public:
  // `scratch` is made when first needed. The store outlives this.
  Outputs(platform::ObjectStore& store, std::string scratch);
  ~Outputs();
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;

  // The path at which to write the output of that name (letters, digits and
  // . _ / -). Errors: kInvalidArgument, kIo, kResourceExhausted.
  base::Result<std::string> NewFile(const std::string& name);
  base::Status PutBytes(const std::string& name,
                        std::span<const uint8_t> bytes);
  base::Status PutJson(const std::string& name, const base::Json& json);
  // A path for the function's own use, gone when the task ends.
  base::Result<std::string> NewTemporary(const std::string& name);

  // Moves all into the store. Once.
  base::Result<platform::Artifacts> Commit();

 private:
  platform::ObjectStore* store_;
  std::string scratch_;
  std::map<std::string, std::string> files_;  // name → path
};

// Progress and cancellation. Safe from several threads.
class Context {
 public:
  explicit Context(std::stop_token stop) : stop_(std::move(stop)) {}
  // 0 .. 1, as often as you like.
  void Progress(double fraction) { fraction_.store(fraction); }
  double fraction() const { return fraction_.load(); }
  // A function that runs long returns kCancelled soon after this is requested.
  const std::stop_token& stop() const { return stop_; }

 private:
  std::stop_token stop_;
  std::atomic<double> fraction_ = 0;
};

}  // namespace reel::workflow
