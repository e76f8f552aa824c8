#include "quality/frame_scorer.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "quality/adm_kernels.h"
#include "quality/checks.h"
#include "quality/motion_kernels.h"
#include "quality/motion_sum.h"
#include "quality/vif_kernels.h"

namespace reel::quality {

using base::Code;
using base::Fail;

namespace {

PictureView ViewOf(const media::Plane& plane, int bit_depth) {
  return {plane.data, plane.stride_bytes, plane.width, plane.height, bit_depth};
}

PictureView ViewOf(const OwnPlane<uint16_t>& plane) {
  return {plane.row(0), static_cast<ptrdiff_t>(plane.stride * sizeof(uint16_t)),
          plane.width, plane.height, 16};
}

// A picture's luma at VIF's scales below the source.
struct VifPyramid {
  std::array<OwnPlane<uint16_t>, kVifScales - 1> planes;

  base::Status Allocate(const Format& format) {
    for (int scale = 1; scale < kVifScales; ++scale) {
      REEL_TRY(planes[static_cast<size_t>(scale - 1)].Allocate(
          format.width >> scale, format.height >> scale));
    }
    return {};
  }
  // As OwnPlane::Borrow.
  void Borrow(Lender& lender, const Format& format) {
    for (int scale = 1; scale < kVifScales; ++scale) {
      planes[static_cast<size_t>(scale - 1)].Borrow(
          lender, format.width >> scale, format.height >> scale);
    }
  }
  // What a scale starts from, and what it leaves to the next.
  PictureView from(int scale, const PictureView& source) const {
    return scale == 0 ? source : ViewOf(planes[static_cast<size_t>(scale - 1)]);
  }
  OwnPlane<uint16_t>* next(int scale) {
    return scale + 1 < kVifScales ? &planes[static_cast<size_t>(scale)]
                                  : nullptr;
  }
};

// The approximations that ADM's scales 1 to 3 start from.
struct AdmPyramid {
  std::array<AdmPicture, kAdmScales - 1> pictures;

  // As OwnPlane::Borrow.
  void Borrow(Lender& lender, const Format& format) {
    int width = format.width;
    int height = format.height;
    for (int scale = 0; scale + 1 < kAdmScales; ++scale) {
      width = (width + 1) / 2;
      height = (height + 1) / 2;
      pictures[static_cast<size_t>(scale)].Borrow(lender, scale, width, height);
    }
  }
  const AdmPicture* from(int scale) const {
    return scale == 0 ? nullptr : &pictures[static_cast<size_t>(scale - 1)];
  }
  AdmPicture* next(int scale) {
    return scale + 1 < kAdmScales ? &pictures[static_cast<size_t>(scale)]
                                  : nullptr;
  }
};

// How much memory a pyramid borrows.
template <typename Pyramid>
size_t BytesOf(const Format& format) {
  Lender counter;
  Pyramid().Borrow(counter, format);
  return counter.lent();
}
template <typename Pyramid>
void BorrowAll(Pyramid& pyramid, std::byte* memory, const Format& format) {
  Lender lender(memory);
  pyramid.Borrow(lender, format);
}

struct Scratch {
  VifScratch vif;
  AdmScratch adm;

  base::Status Allocate(const Format& format) {
    REEL_TRY(vif.Allocate(format.width));
    return adm.Allocate(format.width);
  }
};

}  // namespace

struct ReferenceFrame::State {
  Format format;
  bool set = false;
  double motion = 0;
  PictureView luma;
  VifPyramid vif_pyramid;
  AdmPyramid adm_pyramid;  // where the means of VIF go afterwards
  std::array<VifReferenceScale, kVifScales> vif;
  std::array<AdmReferenceScale, kAdmScales> adm;
  Scratch scratch;
  MotionScratch motion_scratch;

  base::Status Allocate() {
    REEL_TRY(vif_pyramid.Allocate(format));
    for (int scale = 0; scale < kVifScales; ++scale) {
      REEL_TRY(vif[static_cast<size_t>(scale)].Allocate(
          format.width >> scale, format.height >> scale));
    }
    REEL_CHECK(BytesOf<AdmPyramid>(format) <=
               vif[0].stride * static_cast<size_t>(format.height) *
                   sizeof(uint32_t));
    BorrowAll(adm_pyramid, reinterpret_cast<std::byte*>(vif[0].mean.data()),
              format);
    int width = format.width;
    int height = format.height;
    for (int scale = 0; scale < kAdmScales; ++scale) {
      width = (width + 1) / 2;
      height = (height + 1) / 2;
      REEL_TRY(adm[static_cast<size_t>(scale)].Allocate(scale, width, height));
    }
    REEL_TRY(motion_scratch.Allocate(format.width));
    return scratch.Allocate(format);
  }
};

ReferenceFrame::ReferenceFrame(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
ReferenceFrame::ReferenceFrame(ReferenceFrame&&) noexcept = default;
ReferenceFrame& ReferenceFrame::operator=(ReferenceFrame&&) noexcept = default;
ReferenceFrame::~ReferenceFrame() = default;

base::Result<ReferenceFrame> ReferenceFrame::Create(const Format& format) {
  REEL_TRY(CheckFormat(format));
  auto state = std::make_unique<State>();
  state->format = format;
  REEL_TRY(state->Allocate());
  return ReferenceFrame(std::move(state));
}

base::Status ReferenceFrame::SetMotion(
    const media::Plane& luma, const std::optional<media::Plane>& previous) {
  State& state = *state_;
  const Format& format = state.format;
  REEL_TRY(CheckPlane(format, luma, "the reference picture"));
  if (previous) {
    REEL_TRY(
        CheckPlane(format, *previous, "the reference picture before this one"));
  }
  state.set = false;
  state.motion = 0;
  if (!previous) return {};
  const uint64_t sum =
      MotionSum(ViewOf(*previous, format.bit_depth),
                ViewOf(luma, format.bit_depth), state.motion_scratch);
  state.motion = MotionOfSum(sum, format.width, format.height);
  return {};
}

base::Status ReferenceFrame::Set(const media::Plane& luma,
                                 const std::optional<media::Plane>& previous) {
  REEL_TRY(SetMotion(luma, previous));
  State& state = *state_;
  state.luma = ViewOf(luma, state.format.bit_depth);
  AdmPyramid& pyramid = state.adm_pyramid;
  for (int scale = 0; scale < kAdmScales; ++scale) {
    AdmReference(scale, state.luma, pyramid.from(scale), state.scratch.adm,
                 state.adm[static_cast<size_t>(scale)], pyramid.next(scale));
  }
  for (int scale = 0; scale < kVifScales; ++scale) {
    VifReference(scale, state.vif_pyramid.from(scale, state.luma),
                 state.scratch.vif, state.vif[static_cast<size_t>(scale)],
                 state.vif_pyramid.next(scale));
  }
  state.set = true;
  return {};
}

const Format& ReferenceFrame::format() const { return state_->format; }
double ReferenceFrame::motion() const { return state_->motion; }

struct Scorer::State {
  Format format;
  Scratch scratch;
  // In turn.
  Buffer<std::byte> pyramids;
  VifPyramid vif_pyramid;
  AdmPyramid adm_pyramid;

  base::Status Allocate() {
    REEL_TRY(scratch.Allocate(format));
    REEL_TRY(pyramids.Allocate(
        std::max(BytesOf<VifPyramid>(format), BytesOf<AdmPyramid>(format))));
    BorrowAll(vif_pyramid, pyramids.data(), format);
    BorrowAll(adm_pyramid, pyramids.data(), format);
    return {};
  }
};

Scorer::Scorer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Scorer::Scorer(Scorer&&) noexcept = default;
Scorer& Scorer::operator=(Scorer&&) noexcept = default;
Scorer::~Scorer() = default;

base::Result<Scorer> Scorer::Create(const Format& format) {
  REEL_TRY(CheckFormat(format));
  auto state = std::make_unique<State>();
  state->format = format;
  REEL_TRY(state->Allocate());
  return Scorer(std::move(state));
}

base::Result<FrameFeatures> Scorer::Score(const ReferenceFrame& reference,
                                          const media::Plane& distorted,
                                          const GainLimits& limits) {
  State& state = *state_;
  const ReferenceFrame::State& from = *reference.state_;
  if (!(from.format == state.format)) {
    return Fail(Code::kInvalidArgument,
                "the reference frame has another format than the scorer: "
                "create both of one format");
  }
  if (!from.set) {
    return Fail(Code::kInvalidArgument,
                "the reference frame holds no picture: call Set first");
  }
  REEL_TRY(CheckPlane(state.format, distorted, "the distorted picture"));
  REEL_TRY(CheckGainLimits(limits));

  FrameFeatures features;
  const PictureView source = ViewOf(distorted, state.format.bit_depth);
  for (int scale = 0; scale < kVifScales; ++scale) {
    const auto at = static_cast<size_t>(scale);
    const VifScale done = FinishVif(
        VifScore(scale, from.vif_pyramid.from(scale, from.luma), from.vif[at],
                 state.vif_pyramid.from(scale, source), limits.vif,
                 state.scratch.vif, state.vif_pyramid.next(scale)));
    features.vif_num[at] = done.num;
    features.vif_den[at] = done.den;
    features.vif[at] = done.ratio;
  }
  AdmScores adm;
  AdmPyramid& pyramid = state.adm_pyramid;
  for (int scale = 0; scale < kAdmScales; ++scale) {
    const auto at = static_cast<size_t>(scale);
    const AdmReferenceScale& bands = from.adm[at];
    const AdmSums sums =
        AdmScore(scale, bands, source, pyramid.from(scale), limits.adm,
                 state.scratch.adm, pyramid.next(scale));
    adm.num[at] = AdmNumerator(scale, bands.width, bands.height, sums);
    adm.den[at] = AdmDenominator(scale, bands.width, bands.height, bands.den);
  }
  FinishAdm(adm);
  features.adm2 = adm.adm2;
  features.adm_num = adm.num;
  features.adm_den = adm.den;
  return features;
}

}  // namespace reel::quality
