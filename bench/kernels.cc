// What a frame costs in each step of the one decode, beside the decode itself:
// ./run bench kernels [FILE]. Look at the CPU time, and at its ratio to Decode.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "media/fingerprinter.h"
#include "media/frame_reader.h"
#include "media/packet_scan.h"
#include "media/scaler.h"
#include "media/source_probe.h"
#include "model/fingerprint_match.h"
#include "shots/shots.h"

namespace reel {
namespace {

constexpr size_t kFrames = 96;

// The first frames of a clip, once decoded.
struct Excerpt {
  std::string path;
  model::Source source;
  model::PacketIndex index;
  std::vector<media::DecodedFrame> frames;
};

base::Result<media::FrameReader> Open(const Excerpt& excerpt) {
  return media::FrameReader::OpenPiece(excerpt.path, excerpt.source.video,
                                       excerpt.index, 0, std::nullopt,
                                       media::FrameReader::Overlap::kNone);
}

base::Result<Excerpt> Load(const std::string& path) {
  Excerpt excerpt;
  excerpt.path = path;
  REEL_ASSIGN(excerpt.source, media::ProbeSource(path));
  REEL_ASSIGN(auto scan, media::ScanPackets(path, excerpt.source, {}));
  excerpt.index = std::move(scan.video);
  REEL_ASSIGN(auto reader, Open(excerpt));
  while (excerpt.frames.size() < kFrames) {
    REEL_ASSIGN(auto frame, reader.Next());
    if (!frame) break;
    excerpt.frames.push_back(*std::move(frame));
  }
  if (excerpt.frames.size() < 2)
    return base::Fail(base::Code::kUnsupported, path + ": too short");
  return excerpt;
}

// One call of `look` a frame, over and over.
template <typename Look>
void EveryFrame(benchmark::State& state, const Excerpt& excerpt, Look look) {
  size_t k = 0;
  for (auto _ : state) look(excerpt.frames[k++ % excerpt.frames.size()]);
  state.SetItemsProcessed(state.iterations());
}

void Decode(benchmark::State& state, const Excerpt& excerpt) {
  auto reader = Open(excerpt);
  for (auto _ : state) {
    auto frame = reader->Next();
    if (!frame || !*frame) {
      state.PauseTiming();
      reader = Open(excerpt);
      state.ResumeTiming();
    }
    benchmark::DoNotOptimize(frame);
  }
  state.SetItemsProcessed(state.iterations());
}

void Scale(benchmark::State& state, const Excerpt& excerpt) {
  const media::Picture& picture = excerpt.frames.front().picture;
  const auto lines = static_cast<int>(state.range(0));
  auto scaler = media::Scaler::Create(
      {picture.width() * lines / picture.height() / 2 * 2, lines, 8});
  EveryFrame(state, excerpt, [&](const media::DecodedFrame& frame) {
    benchmark::DoNotOptimize(scaler->Scale(frame.picture));
  });
}

void Fingerprint(benchmark::State& state, const Excerpt& excerpt) {
  media::Fingerprinter fingerprinter;
  EveryFrame(state, excerpt, [&](const media::DecodedFrame& frame) {
    benchmark::DoNotOptimize(fingerprinter.Next(frame.picture));
  });
}

void ShotFeatures(benchmark::State& state, const Excerpt& excerpt) {
  shots::FeatureObserver observer;
  EveryFrame(state, excerpt, [&](const media::DecodedFrame& frame) {
    benchmark::DoNotOptimize(observer.See(frame));
  });
}

void Complexity(benchmark::State& state, const Excerpt& excerpt) {
  shots::ComplexityObserver observer(excerpt.index,
                                     excerpt.source.video.frame_rate);
  EveryFrame(state, excerpt, [&](const media::DecodedFrame& frame) {
    benchmark::DoNotOptimize(observer.See(frame));
  });
}

void MatchFingerprints(benchmark::State& state, const Excerpt& excerpt) {
  media::Fingerprinter fingerprinter;
  model::Fingerprints source;
  for (const media::DecodedFrame& frame : excerpt.frames)
    source.push_back(fingerprinter.Next(frame.picture));
  for (auto _ : state)
    benchmark::DoNotOptimize(model::MatchFingerprints(source, source));
  state.SetItemsProcessed(state.iterations() * std::ssize(source));
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    fmt::print(stderr, "usage: ./run bench kernels FILE\n");
    return 2;
  }
  const auto excerpt = Load(argv[1]);
  if (!excerpt) {
    fmt::print(stderr, "{}\n", excerpt.error().message);
    return 1;
  }
  using Kernel = void (*)(benchmark::State&, const Excerpt&);
  const auto add = [&](const char* name, Kernel kernel) {
    return benchmark::RegisterBenchmark(
        name, [kernel, &excerpt](benchmark::State& state) {
          kernel(state, *excerpt);
        });
  };
  add("Decode", Decode);
  add("Scale", Scale)->Arg(480)->Arg(240);
  add("Fingerprint", Fingerprint);
  add("ShotFeatures", ShotFeatures);
  add("Complexity", Complexity);
  add("MatchFingerprints", MatchFingerprints);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace reel

int main(int argc, char** argv) { return reel::Main(argc, argv); }
