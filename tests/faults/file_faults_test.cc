// Bytes changed between the encode and the finished file: receipts must tell,
// whatever is seen. With fixed seeds, on real clips.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "assemble/validate_checks.h"
#include "faults/clips.h"

namespace reel::faults {
namespace {

using Packets = std::vector<media::CodedPacket>;
using base::Result;

size_t Pick(std::mt19937& rng, size_t from, size_t to) {
  return from + rng() % (to - from);
}

class FileFaultsTest : public LabTest,
                       public ::testing::WithParamInterface<ClipCase> {
 protected:
  void SetUp() override {
    REEL_SKIP_WITHOUT_CORPUS();
    Load(GetParam(), kFrames);
    ASSERT_EQ(source_.frames(), kFrames);
    Encode(LowestRung(source_, "ultrafast"));
  }

  // The first segment of the middle chunk with its packets changed; its boxes
  // are those of a right file of such packets.
  void ChangePackets(Title& title, int64_t late_ticks,
                     const std::function<void(Packets&)>& change) {
    const auto& all = title_.chunks[1].packets;
    Packets packets(all.begin(), all.begin() + kSegment);
    change(packets);
    std::vector<int64_t> starts;
    for (int64_t k = 0; k <= std::ssize(packets); ++k)
      starts.push_back((kChunk + k) * source_.timeline.frame_ticks +
                       late_ticks);
    auto fragment =
        WriteFragment(scaled_, title.rung, kPerChunk + 1, packets, starts);
    ASSERT_TRUE(fragment) << fragment.error().message;
    title.chunks[1].fragments[0] = *std::move(fragment);
  }

  // The bytes of other pictures, or of another rung, in the middle chunk.
  void Replace(Title& title, const model::Rung& rung,
               const std::function<int64_t(int64_t)>& picture) {
    std::vector<int64_t> order(static_cast<size_t>(kChunk));
    for (int64_t k = 0; k < kChunk; ++k)
      order[static_cast<size_t>(k)] = picture(kChunk + k);
    title.chunks[1].fragments = EncodeMiddle(rung, order).fragments;
  }

  struct FileFault {
    const char* name;
    int seeds;
    std::function<void(Title&, std::mt19937&)> inject;
  };

  std::vector<FileFault> Faults() {
    return {{"sample dropped", 6,
             [this](Title& title, std::mt19937& rng) {
               ChangePackets(title, 0, [&](Packets& p) {
                 p.erase(p.begin() +
                         static_cast<ptrdiff_t>(Pick(rng, 1, p.size())));
               });
             }},
            {"sample doubled", 6,
             [this](Title& title, std::mt19937& rng) {
               ChangePackets(title, 0, [&](Packets& p) {
                 const size_t k = Pick(rng, 1, p.size());
                 p.insert(p.begin() + static_cast<ptrdiff_t>(k), p[k]);
               });
             }},
            {"sample in place of the next", 6,
             [this](Title& title, std::mt19937& rng) {
               ChangePackets(title, 0, [&](Packets& p) {
                 const size_t k = Pick(rng, 2, p.size());
                 p[k].bytes = p[k - 1].bytes;
               });
             }},
            {"samples swapped", 6,
             [this](Title& title, std::mt19937& rng) {
               ChangePackets(title, 0, [&](Packets& p) {
                 const size_t k = Pick(rng, 2, p.size());
                 std::swap(p[k].bytes, p[k - 1].bytes);
               });
             }},
            {"segment one frame late", 1,
             [this](Title& title, std::mt19937&) {
               ChangePackets(title, source_.timeline.frame_ticks,
                             [](Packets&) {});
             }},
            {"chunks swapped", 1,
             [](Title& title, std::mt19937&) {
               std::swap(title.chunks[1].fragments, title.chunks[2].fragments);
             }},
            {"chunk doubled", 1,
             [](Title& title, std::mt19937&) {
               title.chunks[2].fragments = title.chunks[1].fragments;
             }},
            {"chunk lost", 1,
             [](Title& title, std::mt19937&) {
               title.chunks[1].fragments.clear();
             }},
            {"chunk one frame early", 1,
             [this](Title& title, std::mt19937&) {
               Replace(title, title.rung, [](int64_t k) { return k + 1; });
             }},
            {"chunk one frame late", 1,
             [this](Title& title, std::mt19937&) {
               Replace(title, title.rung, [](int64_t k) { return k - 1; });
             }},
            {"chunk frozen", 1,
             [this](Title& title, std::mt19937&) {
               Replace(title, title.rung, [](int64_t) { return kChunk; });
             }},
            {"chunk of another rung", 1,
             [this](Title& title, std::mt19937&) {
               model::Rung rung = title.rung;
               rung.crf = 35;
               rung.profile = "h264-main";
               Replace(title, rung, [](int64_t k) { return k; });
             }},
            {"chunk cut short", 4,
             [](Title& title, std::mt19937& rng) {
               Bytes& last = title.chunks[1].fragments.back();
               last.resize(Pick(rng, 0, last.size()));
             }},
            {"file cut short", 4,
             [](Title& title, std::mt19937& rng) {
               Bytes& last = title.chunks[2].fragments.back();
               last.resize(Pick(rng, 0, last.size()));
             }},
            {"bit flipped", 6, [](Title& title, std::mt19937& rng) {
               Bytes& bytes = title.chunks[1].fragments[0];
               bytes[Pick(rng, 0, bytes.size())] ^=
                   static_cast<uint8_t>(1u << Pick(rng, 0, 8));
             }}};
  }
};

TEST_P(FileFaultsTest, AreAllCaughtByReceipts) {
  const auto clean = Judge(title_);
  ASSERT_TRUE(clean.faults.empty()) << Words(clean);
  for (const FileFault& fault : Faults()) {
    int receipts = 0, others = 0, content = 0;
    for (int seed = 0; seed < fault.seeds; ++seed) {
      std::mt19937 rng(static_cast<uint32_t>(1000 * seed + 5));
      Title title = title_;
      fault.inject(title, rng);
      const auto verdict = Judge(title);
      const bool caught = Has(verdict, assemble::checks::kReceipts);
      EXPECT_TRUE(caught) << fault.name << ", seed " << seed << Words(verdict);
      const bool seen = Has(verdict, assemble::checks::kOrder);
      receipts += caught ? 1 : 0;
      content += seen ? 1 : 0;
      others +=
          verdict.faults_found > (caught ? 1 : 0) + (seen ? 1 : 0) ? 1 : 0;
    }
    fmt::print(
        "{:<15} {:<28} injected {:2}  by receipts {:2}  by content {:2}  by "
        "others {:2}\n",
        GetParam().label, fault.name, fault.seeds, receipts, content, others);
  }
}

INSTANTIATE_TEST_SUITE_P(Clips, FileFaultsTest,
                         ::testing::ValuesIn(FaultClips()),
                         [](const auto& test) {
                           return TestName(test.param.label);
                         });

}  // namespace
}  // namespace reel::faults
