#include "base/rational.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/result.h"

namespace reel::base {
namespace {

__extension__ using Wide = __int128;

struct Fraction {
  Wide num;
  Wide den;  // > 0
};

Fraction Scale(int64_t value, Rational from, Rational to) {
  REEL_CHECK(from.den > 0 && to.den > 0 && to.num != 0);
  // Reduced first, so that the products below stay within 128 bits.
  from = Reduce(from);
  to = Reduce(to);
  Fraction f{Wide{from.num} * to.den, Wide{from.den} * to.num};
  if (f.den < 0) f = {-f.num, -f.den};
  const auto gcd = [](Wide a, Wide b) {
    while (b != 0) a = std::exchange(b, a % b);
    return a < 0 ? -a : a;
  };
  if (const Wide g = gcd(f.num, f.den); g > 1) f = {f.num / g, f.den / g};
  return {f.num * value, f.den};
}

int64_t Narrow(Wide value) {
  REEL_CHECK(value <= std::numeric_limits<int64_t>::max() &&
             value >= std::numeric_limits<int64_t>::min());
  return static_cast<int64_t>(value);
}

}  // namespace

Rational Reduce(Rational value) {
  const int64_t gcd = std::gcd(value.num, value.den);
  if (gcd > 1) value = {value.num / gcd, value.den / gcd};
  if (value.den < 0) value = {-value.num, -value.den};
  return value;
}

Rational Inverse(Rational value) { return Reduce({value.den, value.num}); }

bool operator==(Rational a, Rational b) {
  return Wide{a.num} * b.den == Wide{b.num} * a.den;
}

bool operator<(Rational a, Rational b) {
  return Wide{a.num} * b.den < Wide{b.num} * a.den;
}

int64_t Rescale(int64_t value, Rational from, Rational to) {
  const Fraction f = Scale(value, from, to);
  const Wide half = f.den / 2;
  return Narrow(f.num >= 0 ? (f.num + half) / f.den
                           : -((-f.num + half) / f.den));
}

int64_t RescaleFloor(int64_t value, Rational from, Rational to) {
  const Fraction f = Scale(value, from, to);
  const Wide quotient = f.num / f.den;
  return Narrow(f.num % f.den < 0 ? quotient - 1 : quotient);
}

bool RescalesExactly(int64_t value, Rational from, Rational to) {
  const Fraction f = Scale(value, from, to);
  return f.num % f.den == 0;
}

double ToDouble(Rational value) {
  return static_cast<double>(value.num) / static_cast<double>(value.den);
}

double Seconds(int64_t ticks, Rational base) {
  return static_cast<double>(ticks) * ToDouble(base);
}

std::string ToString(Rational value) {
  return value.den == 1 ? fmt::format("{}", value.num)
                        : fmt::format("{}/{}", value.num, value.den);
}

void to_json(nlohmann::json& json, const Rational& value) {
  json = {value.num, value.den};
}

void from_json(const nlohmann::json& json, Rational& value) {
  value = {json.at(0).get<int64_t>(), json.at(1).get<int64_t>()};
}

}  // namespace reel::base
