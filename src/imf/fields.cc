#include "imf/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace reel::imf {
namespace {

constexpr char kSchema[] = "imf-schema";
constexpr char kRemedy[] =
    "Ask the sender for a package written to the standard, or mend the file "
    "and its entry in the packing list.";

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

// What stands in a message, however long it is.
std::string Quote(std::string_view text) {
  constexpr size_t kMost = 80;
  return fmt::format("\"{}{}\"", text.substr(0, kMost),
                     text.size() > kMost ? "…" : "");
}

}  // namespace

std::optional<std::string> ParseUuid(std::string_view text) {
  constexpr std::string_view kPrefix = "urn:uuid:";
  const std::string lower = Lower(text);
  if (!lower.starts_with(kPrefix)) return std::nullopt;
  std::string uuid = lower.substr(kPrefix.size());
  if (uuid.size() != 36) return std::nullopt;
  std::string digits;
  for (size_t i = 0; i < uuid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (uuid[i] == '-')) return std::nullopt;
    if (!dash) digits += uuid[i];
  }
  if (!IsHex(digits)) return std::nullopt;
  return uuid;
}

std::optional<std::string> ParseUl(std::string_view text) {
  const std::string lower = Lower(text);
  std::string digits;
  for (const std::string_view prefix : {"urn:smpte:ul:", "urn:uuid:"}) {
    if (lower.starts_with(prefix)) digits = lower.substr(prefix.size());
  }
  std::erase_if(digits, [](char c) { return c == '.' || c == '-'; });
  if (digits.size() != 32 || !IsHex(digits)) return std::nullopt;
  return digits;
}

std::optional<int64_t> ParseInteger(std::string_view text) {
  constexpr int64_t kMost = int64_t{1} << 53;
  int64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() ||
      value > kMost || value < -kMost)
    return std::nullopt;
  return value;
}

std::optional<base::Rational> ParseRate(std::string_view text) {
  constexpr int64_t kMost = 1'000'000'000;
  const size_t split = text.find_first_of(" /");
  const auto num = ParseInteger(text.substr(0, split));
  const auto den = split == std::string_view::npos
                       ? std::optional<int64_t>(1)
                       : ParseInteger(text.substr(split + 1));
  if (!num || !den || *den < 1 || *num < *den || *num > kMost)
    return std::nullopt;
  return base::Reduce({*num, *den});
}

Subject FieldReader::SubjectOf(const XmlElement& element,
                               std::string id) const {
  return {*file_, std::string(element.name()), std::move(id), element.line()};
}

void FieldReader::Complain(const XmlElement& element, const std::string& what,
                           model::Severity severity) {
  findings_->Add(kSchema, severity, SubjectOf(element), what, kRemedy);
}

std::optional<XmlElement> FieldReader::Need(const XmlElement& parent,
                                            std::string_view name) {
  auto child = parent.Child(name);
  if (!child) Complain(parent, fmt::format("has no {}", name));
  return child;
}

std::optional<std::string> FieldReader::NeedUuid(const XmlElement& parent,
                                                 std::string_view name) {
  const auto child = Need(parent, name);
  if (!child) return std::nullopt;
  auto uuid = ParseUuid(child->text());
  if (!uuid) {
    Complain(*child,
             fmt::format("{} is no urn:uuid identifier", Quote(child->text())));
  }
  return uuid;
}

std::optional<int64_t> FieldReader::IntegerOf(const XmlElement& element) {
  const auto value = ParseInteger(element.text());
  if (!value) {
    Complain(element,
             fmt::format("{} is no whole number", Quote(element.text())));
  }
  return value;
}

std::optional<int64_t> FieldReader::NeedInteger(const XmlElement& parent,
                                                std::string_view name) {
  const auto child = Need(parent, name);
  return child ? IntegerOf(*child) : std::nullopt;
}

std::optional<int64_t> FieldReader::Integer(const XmlElement& parent,
                                            std::string_view name,
                                            int64_t otherwise) {
  const auto child = parent.Child(name);
  return child ? IntegerOf(*child) : otherwise;
}

std::optional<base::Rational> FieldReader::Rate(const XmlElement& parent,
                                                std::string_view name,
                                                base::Rational otherwise) {
  const auto child = parent.Child(name);
  if (!child) return otherwise;
  const auto rate = ParseRate(child->text());
  if (!rate)
    Complain(*child, fmt::format("{} is no rate", Quote(child->text())));
  return rate;
}

bool FieldReader::CheckRoot(const XmlElement& root, std::string_view name,
                            std::initializer_list<std::string_view> families) {
  if (root.name() != name) {
    Complain(root, fmt::format("the root element should be {}", name));
    return false;
  }
  const std::string_view name_space = root.name_space();
  const bool known =
      name_space.starts_with("http://www.smpte-ra.org/") &&
      std::any_of(families.begin(), families.end(), [&](auto family) {
        return name_space.find(family) != std::string_view::npos;
      });
  if (!known) {
    Complain(root, fmt::format("{} is no namespace of a {}", Quote(name_space),
                               name));
  }
  return known;
}

void AddUnreadable(const std::string& file, const std::string& why,
                   FindingList& findings) {
  findings.Add(kSchema, model::Severity::kReject, {.file = file},
               "cannot be read as XML: " + why, kRemedy);
}

std::string TextOf(const XmlElement& parent, std::string_view name) {
  const auto child = parent.Child(name);
  return child ? std::string(child->text()) : std::string();
}

}  // namespace reel::imf
