// Encoders fed the wrong pictures: receipts are consistent, and only what is
// seen can tell. With fixed seeds, on real clips.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "assemble/validate_checks.h"
#include "faults/clips.h"
#include "model/fingerprint_match.h"

namespace reel::faults {
namespace {

// Largest change to any picture, root mean square in levels of 8 bits, below
// which a fault is none to any viewer; and from which on it is plain.
constexpr double kAlikeLevels = 0.5;
constexpr double kPlainLevels = 1.5;

// Which picture the encoder is fed for each frame of the middle chunk.
using Order = std::vector<int64_t>;

struct ContentFault {
  const char* name;
  int seeds;
  std::function<void(Order&, std::mt19937&)> inject;
};

int64_t Pick(std::mt19937& rng, int64_t from, int64_t to) {
  return from + static_cast<int64_t>(rng() % static_cast<uint32_t>(to - from));
}
size_t At(int64_t k) { return static_cast<size_t>(k); }

void ShiftFrom(int64_t from, int64_t by, Order& order) {
  for (int64_t k = from; k < kChunk; ++k) order[At(k)] += by;
}

const ContentFault kFaults[] = {
    {"frame dropped, rest early", 5,
     [](Order& order, std::mt19937& rng) {
       ShiftFrom(Pick(rng, 1, kChunk), 1, order);
     }},
    {"frame doubled, rest late", 5,
     [](Order& order, std::mt19937& rng) {
       ShiftFrom(Pick(rng, 1, kChunk), -1, order);
     }},
    {"frame in place of the next", 8,
     [](Order& order, std::mt19937& rng) {
       const int64_t k = Pick(rng, 1, kChunk);
       order[At(k)] = order[At(k - 1)];
     }},
    {"frames swapped", 8,
     [](Order& order, std::mt19937& rng) {
       const int64_t k = Pick(rng, 0, kChunk - 1);
       std::swap(order[At(k)], order[At(k + 1)]);
     }},
    {"chunk one frame early", 1,
     [](Order& order, std::mt19937&) { ShiftFrom(0, 1, order); }},
    {"chunk one frame late", 1,
     [](Order& order, std::mt19937&) { ShiftFrom(0, -1, order); }},
    {"the next chunk's pictures", 1,
     [](Order& order, std::mt19937&) { ShiftFrom(0, kChunk, order); }},
    {"the last chunk's pictures", 1,
     [](Order& order, std::mt19937&) { ShiftFrom(0, -kChunk, order); }},
    {"frozen", 3,
     [](Order& order, std::mt19937& rng) {
       const int64_t from = Pick(rng, 0, kChunk / 2);
       for (int64_t k = from; k < kChunk; ++k) order[At(k)] = order[At(from)];
     }},
};

class ContentFaultsTest : public LabTest,
                          public ::testing::WithParamInterface<ClipCase> {
 protected:
  void SetUp() override {
    REEL_SKIP_WITHOUT_CORPUS();
    Load(GetParam(), kFrames);
    ASSERT_EQ(source_.frames(), kFrames);
  }

  // The largest difference that the fault makes to a picture, in levels.
  double Levels(const Order& order) const {
    double largest = 0;
    for (size_t k = 0; k < order.size(); ++k) {
      largest = std::max(
          largest, model::DistanceLevels(source_.fingerprints[At(kChunk) + k],
                                         source_.fingerprints[At(order[k])]));
    }
    return largest;
  }

  // Catches of each fault, by how much it changes the picture.
  enum class Missing { kFails, kIsCounted };
  void InjectAll(Missing missing) {
    const auto clean = Judge(title_);
    EXPECT_TRUE(clean.faults.empty()) << Words(clean);
    for (const ContentFault& fault : kFaults) Inject(fault, missing);
  }

  void Inject(const ContentFault& fault, Missing missing) {
    struct Count {
      int injected = 0, caught = 0;
    } plain, slight;
    int alike = 0;
    for (int seed = 0; seed < fault.seeds; ++seed) {
      std::mt19937 rng(static_cast<uint32_t>(1000 * seed + 17));
      Order order(At(kChunk));
      std::iota(order.begin(), order.end(), kChunk);
      fault.inject(order, rng);
      const double levels = Levels(order);
      if (levels < kAlikeLevels) {
        ++alike;
        continue;
      }
      Title title = title_;
      title.chunks[1] = EncodeMiddle(title.rung, order);
      const auto verdict = Judge(title);
      EXPECT_FALSE(Has(verdict, assemble::checks::kReceipts)) << Words(verdict);
      const bool seen = Has(verdict, assemble::checks::kOrder);
      Count& count = levels < kPlainLevels ? slight : plain;
      ++count.injected;
      count.caught += seen ? 1 : 0;
      if (missing == Missing::kFails && levels >= kPlainLevels) {
        EXPECT_TRUE(seen) << fault.name << ", seed " << seed << ", pictures "
                          << ::testing::PrintToString(order);
      }
    }
    fmt::print(
        "{:<15} {:<10} {:<27} plain: {:2} of {:2} caught   slight: {:2} of "
        "{:2}   alike: {:2}\n",
        GetParam().label, title_.rung.id, fault.name, plain.caught,
        plain.injected, slight.caught, slight.injected, alike);
  }
};

// A coder repeats pictures that differ little by itself, so slight faults are
// counted only: the encode holds what it is fed against the source's
// fingerprints for those (encode_test.cc).
TEST_P(ContentFaultsTest, AreSeenAtTheLowestRung) {
  Encode(LowestRung(source_, "medium"));
  InjectAll(Missing::kFails);
}

// At CRF 45 a coder leaves out small changes by itself, and what it never coded
// cannot be seen. The table says how much still is.
TEST_P(ContentFaultsTest, AreMostlySeenAtCrf45) {
  Encode(WorstRung(source_, "ultrafast"));
  InjectAll(Missing::kIsCounted);
}

INSTANTIATE_TEST_SUITE_P(Clips, ContentFaultsTest,
                         ::testing::ValuesIn(FaultClips()),
                         [](const auto& test) {
                           return TestName(test.param.label);
                         });

}  // namespace
}  // namespace reel::faults
