#include "quality/support_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace reel::quality {
namespace {

using base::Code;
using base::Fail;
using base::Result;

// Takes what precedes the next `separator` (or all) off the front of `text`.
std::string_view TakeUntil(char separator, std::string_view& text) {
  const size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

// The next word of a line, empty at its end.
std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  const size_t end = std::min(line.find_first_of(" \t\r"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

template <typename T>
std::optional<T> Number(std::string_view word) {
  T value{};
  const char* end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  if (!std::isfinite(static_cast<double>(value))) return std::nullopt;
  return value;
}

}  // namespace

Result<SupportVectors> SupportVectors::Parse(std::string_view text) {
  SupportVectors model;
  std::string_view type, kernel;
  std::optional<double> gamma, rho;
  std::optional<size_t> count;
  int line_number = 0;
  bool in_vectors = false;
  const auto corrupt = [&line_number](std::string_view what) {
    return Fail(Code::kCorruptInput,
                fmt::format("line {}: {}", line_number, what));
  };
  while (!text.empty()) {
    ++line_number;
    std::string_view line = TakeUntil('\n', text);
    const std::string_view first = TakeWord(line);
    if (first.empty()) continue;
    if (!in_vectors) {
      const std::string_view value = TakeWord(line);
      if (first == "SV") {
        in_vectors = true;
      } else if (first == "svm_type") {
        type = value;
      } else if (first == "kernel_type") {
        kernel = value;
      } else if (first == "gamma") {
        gamma = Number<double>(value);
      } else if (first == "rho") {
        rho = Number<double>(value);
      } else if (first == "total_sv") {
        count = Number<size_t>(value);
      } else if (first != "nr_class") {  // which means nothing in a regression
        return Fail(Code::kUnsupported,
                    fmt::format("line {}: \"{}\" is not known here",
                                line_number, first.substr(0, 40)));
      }
      continue;
    }
    const auto weight = Number<double>(first);
    if (!weight) return corrupt("the weight is no number");
    Vector vector{*weight, {}};
    while (true) {
      std::string_view word = TakeWord(line);
      if (word.empty()) break;
      const auto index = Number<size_t>(TakeUntil(':', word));
      const auto value = Number<double>(word);
      if (!index || !value || *index < 1 || *index > vector.at.size())
        return corrupt(fmt::format(
            "a vector is of INDEX:VALUE with indices 1 to {}", kInputs));
      vector.at[*index - 1] = *value;
    }
    model.vectors_.push_back(vector);
  }
  if (type != "nu_svr" || kernel != "rbf")
    return Fail(Code::kUnsupported,
                fmt::format("svm_type \"{}\" with kernel_type \"{}\"; only "
                            "nu_svr with rbf can be evaluated",
                            type.substr(0, 40), kernel.substr(0, 40)));
  if (!gamma || *gamma < 0.0) return corrupt("no gamma of at least 0");
  if (!rho) return corrupt("no rho");
  if (!count || *count != model.vectors_.size())
    return corrupt(fmt::format("total_sv is not the number of vectors, {}",
                               model.vectors_.size()));
  model.gamma_ = *gamma;
  model.rho_ = *rho;
  return model;
}

double SupportVectors::operator()(const Point& x) const {
  double sum = 0.0;
  for (const Vector& vector : vectors_) {
    double square = 0.0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double difference = x[i] - vector.at[i];
      square += difference * difference;
    }
    sum += vector.weight * std::exp(-gamma_ * square);
  }
  return sum - rho_;
}

}  // namespace reel::quality
