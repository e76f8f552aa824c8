// Whether a short piece of sound is one pure tone.
#pragma once

#include <optional>
#include <span>

namespace reel::inspect {

// The frequency of the tone that `samples` are, in Hz; nullopt when they are
// anything else. Method: linear prediction of order 2 (covariance method) is
// exact for a sinusoid, x[n] = 2 cos(w) x[n-1] - x[n-2]; the error must be 20
// dB below the signal. From 200 Hz, as slow signals are always well predicted,
// to 45 % of the rate. Pure.
//   samples  5 ms and more
std::optional<double> ToneHz(std::span<const float> samples, int rate_hz);

// Whether they are a tone, also one below 200 Hz: there the error must be 50 dB
// below the signal. Pure.
bool IsTone(std::span<const float> samples, int rate_hz);

}  // namespace reel::inspect
