#include "imf/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <utility>

namespace reel::imf {
namespace {

pugi::xml_node NodeOf(const void* node) {
  // pugixml's own way to keep a node as a plain pointer (internal_object).
  return pugi::xml_node(
      static_cast<pugi::xml_node_struct*>(const_cast<void*>(node)));
}

std::string_view Local(std::string_view name) {
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  const size_t first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

bool IsElement(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}

std::vector<int64_t> LineStarts(std::string_view text) {
  // Other encodings than UTF-8 are converted first: their offsets mean nothing.
  if (text.find('\0') != std::string_view::npos) return {};
  std::vector<int64_t> starts{0};
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(static_cast<int64_t>(i) + 1);
  }
  return starts;
}

int64_t LineAt(const std::vector<int64_t>& starts, int64_t offset) {
  if (offset < 0) return 0;
  return std::upper_bound(starts.begin(), starts.end(), offset) -
         starts.begin();
}

base::Status CheckSize(std::string_view text) {
  const auto count = [&](char c) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), c));
  };
  if (std::ssize(text) > kMaxXmlBytes)
    return base::Fail(base::Code::kResourceExhausted,
                      fmt::format("longer than {} bytes", kMaxXmlBytes));
  // An upper bound of elements (each has a "<", most have two) and attributes.
  if (count('<') > 2 * kMaxXmlElements || count('=') > kMaxXmlAttributes)
    return base::Fail(base::Code::kResourceExhausted,
                      fmt::format("more than {} elements or {} attributes",
                                  kMaxXmlElements, kMaxXmlAttributes));
  return {};
}

// Stops at the first element that is too deep.
class DepthCheck : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node&) override {
    too_deep_ = depth() >= kMaxXmlDepth;
    return !too_deep_;
  }
  bool too_deep() const { return too_deep_; }

 private:
  bool too_deep_ = false;
};

base::Status CheckTree(pugi::xml_document& document) {
  for (const pugi::xml_node node : document.children()) {
    if (node.type() == pugi::node_doctype)
      return base::Fail(base::Code::kCorruptInput,
                        "a DOCTYPE is not allowed here");
  }
  DepthCheck depth;
  document.traverse(depth);
  if (depth.too_deep())
    return base::Fail(
        base::Code::kCorruptInput,
        fmt::format("elements nested deeper than {}", kMaxXmlDepth));
  return {};
}

}  // namespace

struct XmlDocument::State {
  pugi::xml_document document;
  std::vector<int64_t> line_starts;
};

XmlDocument::XmlDocument(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

base::Result<XmlDocument> XmlDocument::Parse(std::string_view text) {
  REEL_TRY(CheckSize(text));
  auto state = std::make_unique<State>();
  state->line_starts = LineStarts(text);
  const pugi::xml_parse_result result = state->document.load_buffer(
      text.data(), text.size(), pugi::parse_default | pugi::parse_doctype);
  if (!result)
    return base::Fail(
        base::Code::kCorruptInput,
        fmt::format("not well formed: {} at line {}", result.description(),
                    LineAt(state->line_starts, result.offset)));
  REEL_TRY(CheckTree(state->document));
  return XmlDocument(std::move(state));
}

XmlElement XmlDocument::root() const {
  return {*this, state_->document.document_element().internal_object()};
}

std::string_view XmlElement::name() const {
  return Local(NodeOf(node_).name());
}

std::string_view XmlElement::name_space() const {
  const std::string_view full = NodeOf(node_).name();
  const size_t colon = full.find(':');
  const std::string declaration =
      colon == std::string_view::npos
          ? "xmlns"
          : "xmlns:" + std::string(full.substr(0, colon));
  for (pugi::xml_node node = NodeOf(node_); node; node = node.parent()) {
    if (const pugi::xml_attribute found = node.attribute(declaration.c_str()))
      return found.value();
  }
  return {};
}

std::string_view XmlElement::text() const {
  return Trim(NodeOf(node_).child_value());
}

std::string_view XmlElement::attribute(std::string_view wanted) const {
  for (const pugi::xml_attribute attribute : NodeOf(node_).attributes()) {
    if (Local(attribute.name()) == wanted) return Trim(attribute.value());
  }
  return {};
}

int64_t XmlElement::line() const {
  return LineAt(document_->state_->line_starts, NodeOf(node_).offset_debug());
}

std::optional<XmlElement> XmlElement::Child(std::string_view wanted) const {
  for (const pugi::xml_node child : NodeOf(node_).children()) {
    if (IsElement(child) && Local(child.name()) == wanted)
      return XmlElement(*document_, child.internal_object());
  }
  return std::nullopt;
}

std::vector<XmlElement> XmlElement::Children(std::string_view wanted) const {
  std::vector<XmlElement> found;
  for (const pugi::xml_node child : NodeOf(node_).children()) {
    if (IsElement(child) && (wanted.empty() || Local(child.name()) == wanted))
      found.push_back(XmlElement(*document_, child.internal_object()));
  }
  return found;
}

}  // namespace reel::imf
