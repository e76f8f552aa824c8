// Pairs of clips with the features and scores that libvmaf gives them, where a
// checkout has them: ../shared/vmaf beside the project, or $REEL_SHARED_VMAF. A
// user's checkout has neither; tests then skip.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/json.h"
#include "media/frame_reader.h"
#include "media/packet_scan.h"
#include "media/source_probe.h"

namespace reel::testing {

inline std::filesystem::path VmafCorpus() {
  if (const char* path = std::getenv("REEL_SHARED_VMAF")) return path;
  return std::filesystem::path(REEL_PROJECT_DIR) / "../shared/vmaf";
}

// Names of all pairs, sorted: "car_blur".
inline std::vector<std::string> VmafPairs() {
  std::vector<std::string> names;
  const auto folder = VmafCorpus() / "golden";
  if (!std::filesystem::is_directory(folder)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".json")
      names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

// One pair: its clips and what libvmaf says of each frame, by metric.
struct VmafPair {
  std::string reference, distorted;  // paths
  int bit_depth = 8;
  std::vector<base::Json> frames;
};

inline base::Result<VmafPair> LoadVmafPair(const std::string& name) {
  const auto path = VmafCorpus() / "golden" / (name + ".json");
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  REEL_ASSIGN(const base::Json json, base::ParseJson(text));
  VmafPair pair{.reference = (VmafCorpus() / json.value("ref", "")).string(),
                .distorted = (VmafCorpus() / json.value("dist", "")).string(),
                .bit_depth = json.value("bit_depth", 0),
                .frames = {}};
  for (const base::Json& frame : json.at("frames"))
    pair.frames.push_back(frame.at("metrics"));
  return pair;
}

// A clip read from its beginning. Stays where it is: the reader points into it.
class ClipReader {
 public:
  base::Status Open(const std::string& path) {
    REEL_ASSIGN(source_, media::ProbeSource(path));
    REEL_ASSIGN(media::PacketScan scan, media::ScanPackets(path, source_, {}));
    index_ = std::move(scan.video);
    REEL_ASSIGN(media::FrameReader reader,
                media::FrameReader::OpenPiece(
                    path, source_.video, index_, 0, std::nullopt,
                    media::FrameReader::Overlap::kNone));
    reader_ = std::move(reader);
    return {};
  }
  // Errors: also kCorruptInput at the end.
  base::Result<media::Picture> Next() {
    REEL_ASSIGN(auto frame, reader_->Next());
    if (!frame) return base::Fail(base::Code::kCorruptInput, "no more frames");
    return std::move(frame->picture);
  }

 private:
  model::Source source_;
  model::PacketIndex index_;
  std::optional<media::FrameReader> reader_;
};

}  // namespace reel::testing
