// Exact time. Media time is integer ticks of a rational base; nothing inside
// Reelwright keeps time as a float.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace reel::base {

// num/den, den > 0 for a valid value; {0, 1} is zero. Values are kept reduced
// by Reduce only: two equal numbers may differ in their parts, so compare with
// ==, which compares values.
struct Rational {
  int64_t num = 0;
  int64_t den = 1;
};

Rational Reduce(Rational value);
Rational Inverse(Rational value);
bool operator==(Rational a, Rational b);
bool operator<(Rational a, Rational b);

// value * from / to, rounded to nearest, halves away from zero; 128-bit inside.
// Aborts if the result does not fit in 64 bits.
int64_t Rescale(int64_t value, Rational from, Rational to);
// As Rescale, rounded towards minus infinity.
int64_t RescaleFloor(int64_t value, Rational from, Rational to);
// Whether value * from is a whole number of `to`.
bool RescalesExactly(int64_t value, Rational from, Rational to);

// For display and reports only.
double ToDouble(Rational value);
double Seconds(int64_t ticks, Rational base);
// "24000/1001", or "24" when the denominator is 1.
std::string ToString(Rational value);

void to_json(nlohmann::json& json, const Rational& value);
void from_json(const nlohmann::json& json, Rational& value);

}  // namespace reel::base
