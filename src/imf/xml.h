// XML of a package, read within bounds: the bytes come from strangers. No
// DOCTYPE is accepted, so there are no entities to expand, external or own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reel::imf {

inline constexpr int64_t kMaxXmlBytes = int64_t{64} << 20;
inline constexpr size_t kMaxXmlElements = 1'000'000;
inline constexpr size_t kMaxXmlAttributes = 2'000'000;
inline constexpr int kMaxXmlDepth = 64;

class XmlDocument;

// An element of a document, which must outlive it. Names are without prefix.
class XmlElement {
 public:
  std::string_view name() const;
  // Its namespace's URI; empty if it has none.
  std::string_view name_space() const;
  // Without white space around it.
  std::string_view text() const;
  std::string_view attribute(std::string_view name) const;  // "" if absent
  int64_t line() const;  // 1 is the first; 0: not known
  // The first child element of that name.
  std::optional<XmlElement> Child(std::string_view name) const;
  // Those of that name; of all names if it is empty.
  std::vector<XmlElement> Children(std::string_view name = {}) const;

 private:
  friend class XmlDocument;
  XmlElement(const XmlDocument& document, const void* node)
      : document_(&document), node_(node) {}
  const XmlDocument* document_;
  const void* node_;  // pugixml's, which stays in xml.cc
};

class XmlDocument {
 public:
  // Errors: kCorruptInput (not well formed, a DOCTYPE, nested too deep), with
  // the line; kResourceExhausted above the bounds.
  static base::Result<XmlDocument> Parse(std::string_view text);
  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;
  ~XmlDocument();

  XmlElement root() const;

 private:
  friend class XmlElement;
  struct State;
  explicit XmlDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::imf
