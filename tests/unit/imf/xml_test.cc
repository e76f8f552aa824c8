#include "imf/xml.h"

#include <gtest/gtest.h>

#include <string>

namespace reel::imf {
namespace {

base::Code FailureOf(const std::string& text) {
  const auto document = XmlDocument::Parse(text);
  return document ? base::Code::kInternal : document.error().code;
}

TEST(XmlTest, FindsElementsByLocalNameAndKnowsNamespaces) {
  const auto document = XmlDocument::Parse(
      "<a:Root xmlns:a='urn:a' xmlns='urn:b'>\n<One> text\n</One>"
      "<a:Two x:kind='k' xmlns:x='urn:x'/><One>2</One></a:Root>");
  ASSERT_TRUE(document) << document.error().message;
  const XmlElement root = document->root();
  EXPECT_EQ(root.name(), "Root");
  EXPECT_EQ(root.name_space(), "urn:a");
  ASSERT_TRUE(root.Child("One"));
  EXPECT_EQ(root.Child("One")->text(), "text");
  EXPECT_EQ(root.Child("One")->name_space(), "urn:b");
  EXPECT_EQ(root.Child("One")->line(), 2);
  EXPECT_EQ(root.Child("Two")->attribute("kind"), "k");
  EXPECT_EQ(root.Child("Two")->attribute("other"), "");
  EXPECT_EQ(root.Children("One").size(), 2U);
  EXPECT_EQ(root.Children().size(), 3U);
  EXPECT_FALSE(root.Child("Three"));
}

TEST(XmlTest, NamesTheLineOfWhatIsNotWellFormed) {
  const auto document = XmlDocument::Parse("<a>\n<b>\n</a>");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code, base::Code::kCorruptInput);
  EXPECT_NE(document.error().message.find("line 3"), std::string::npos)
      << document.error().message;
  EXPECT_EQ(FailureOf(""), base::Code::kCorruptInput);
  EXPECT_EQ(FailureOf("no XML"), base::Code::kCorruptInput);
}

TEST(XmlTest, RefusesEveryDoctype) {
  EXPECT_EQ(FailureOf("<!DOCTYPE a><a/>"), base::Code::kCorruptInput);
  EXPECT_EQ(FailureOf("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
                      "<a>&x;</a>"),
            base::Code::kCorruptInput);
  EXPECT_EQ(FailureOf("<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'>"
                      "<!ENTITY y '&x;&x;&x;&x;&x;'>]><a>&y;</a>"),
            base::Code::kCorruptInput);
}

TEST(XmlTest, DoesNotExpandUnknownEntities) {
  const auto document = XmlDocument::Parse("<a>&x; &amp;</a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().text(), "&x; &");
}

TEST(XmlTest, BoundsDepth) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "<a>";
    for (int i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  EXPECT_TRUE(XmlDocument::Parse(nested(kMaxXmlDepth)));
  EXPECT_EQ(FailureOf(nested(kMaxXmlDepth + 1)), base::Code::kCorruptInput);
  EXPECT_EQ(FailureOf(nested(500'000)), base::Code::kCorruptInput);
}

TEST(XmlTest, BoundsElementsAttributesAndSize) {
  std::string elements = "<a>";
  for (size_t i = 0; i <= 2 * kMaxXmlElements; ++i) elements += "<b/>";
  EXPECT_EQ(FailureOf(elements + "</a>"), base::Code::kResourceExhausted);
  EXPECT_EQ(FailureOf("<a>" + std::string(kMaxXmlAttributes + 1, '=') + "</a>"),
            base::Code::kResourceExhausted);
  EXPECT_EQ(FailureOf("<a>" + std::string(kMaxXmlBytes, ' ') + "</a>"),
            base::Code::kResourceExhausted);
}

}  // namespace
}  // namespace reel::imf
