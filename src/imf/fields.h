// Values of a package's XML: identifiers, numbers, rates.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/rational.h"
#include "imf/finding_list.h"
#include "imf/xml.h"

namespace reel::imf {

// "urn:uuid:…" in any case as 36 lower-case characters (RFC 4122, section 3).
std::optional<std::string> ParseUuid(std::string_view text);
// A SMPTE universal label, "urn:smpte:ul:060e2b34.…" (SMPTE ST 2029) or written
// as a UUID, as 32 lower-case hexadecimal digits.
std::optional<std::string> ParseUl(std::string_view text);
// Decimal digits, perhaps signed, within ±2^53; nothing else.
std::optional<int64_t> ParseInteger(std::string_view text);
// "24000 1001", "24000/1001" or "24": at least one per second, both parts at
// most 10^9.
std::optional<base::Rational> ParseRate(std::string_view text);

// Reads the fields of elements of one file, and notes what is missing or
// malformed as imf-schema, a reject. Not for use from several threads.
class FieldReader {
 public:
  // Both outlive it.
  FieldReader(const std::string& file, FindingList& findings)
      : file_(&file), findings_(&findings) {}

  Subject SubjectOf(const XmlElement& element, std::string id = {}) const;
  // `what` completes "FILE, line N: ELEMENT: …".
  void Complain(const XmlElement& element, const std::string& what,
                model::Severity severity = model::Severity::kReject);

  // Required children. Nullopt after a complaint.
  std::optional<XmlElement> Need(const XmlElement& parent,
                                 std::string_view name);
  std::optional<std::string> NeedUuid(const XmlElement& parent,
                                      std::string_view name);
  std::optional<int64_t> NeedInteger(const XmlElement& parent,
                                     std::string_view name);
  // Children that may be absent: `otherwise` then. Nullopt after a complaint.
  std::optional<int64_t> Integer(const XmlElement& parent,
                                 std::string_view name, int64_t otherwise);
  std::optional<base::Rational> Rate(const XmlElement& parent,
                                     std::string_view name,
                                     base::Rational otherwise);

  // Whether the root is `name` in one of SMPTE's namespaces that contain
  // `family` ("2067-3"). Otherwise complains.
  bool CheckRoot(const XmlElement& root, std::string_view name,
                 std::initializer_list<std::string_view> families);

 private:
  std::optional<int64_t> IntegerOf(const XmlElement& element);
  const std::string* file_;
  FindingList* findings_;
};

// Notes as imf-schema that `file` is no XML that can be read.
void AddUnreadable(const std::string& file, const std::string& why,
                   FindingList& findings);

// A child's text; "" if there is none.
std::string TextOf(const XmlElement& parent, std::string_view name);

}  // namespace reel::imf
