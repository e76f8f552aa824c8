// ADM (Li, Zhang, Ma and Ngan 2011) as integers, one scale at a time: what
// depends on the reference, then what depends on both pictures. scalar/adm.cc
// says what is computed; here it runs over rows with the best vectors that the
// machine has. Results do not depend on them.
//
// Wavelets are sums of products of 16-bit pairs, exact modulo 2^32; wider
// numbers are filtered by words. What is divided goes through double, in which
// all numbers here are whole and exact.
#pragma once

#include <array>
#include <cstdint>

#include "quality/adm_sums.h"
#include "quality/buffers.h"

namespace reel::quality {

// The approximation that the next scale starts from: 16 bit from scale 0.
struct AdmPicture {
  OwnPlane<int16_t> narrow;
  OwnPlane<int32_t> wide;
  // Of scale `scale`, `width` x `height` values, as OwnPlane::Borrow.
  void Borrow(Lender& lender, int scale, int width, int height);
};

// A scale of the reference, as far as it counts.
struct AdmReferenceScale {
  int width = 0;  // of the bands
  int height = 0;
  std::array<OwnPlane<int16_t>, kAdmBands> narrow;  // scale 0
  std::array<OwnPlane<int32_t>, kAdmBands> wide;    // others
  AdmSums den{};

  base::Status Allocate(int scale, int band_width, int band_height);
};

// Rows in work, for one thread.
class AdmScratch {
 public:
  // For pictures `width` wide.
  base::Status Allocate(int width);

  // Rows after the pass along columns, as words.
  static constexpr int kWordRows = 4;
  int16_t* words(int index) { return words_.row(index); }
  // Rows of bands, and narrow ones of scale 0.
  static constexpr int kBandRows = 18;
  int32_t* row(int index) { return rows_.row(index); }
  static constexpr int kNarrowRows = 12;
  int16_t* narrow_row(int index) { return narrow_rows_.row(index); }

 private:
  PaddedRows<int16_t> words_;
  PaddedRows<int16_t> narrow_rows_;
  PaddedRows<int32_t> rows_;
};

// `source` is what scale 0 starts from, `from` what the others do. `next` is
// null at the last scale.
void AdmReference(int scale, const PictureView& source, const AdmPicture* from,
                  AdmScratch& scratch, AdmReferenceScale& out,
                  AdmPicture* next);
// Numerator sums.
AdmSums AdmScore(int scale, const AdmReferenceScale& reference,
                 const PictureView& source, const AdmPicture* from,
                 double gain_limit, AdmScratch& scratch, AdmPicture* next);

}  // namespace reel::quality
