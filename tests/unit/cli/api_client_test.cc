#include "cli/api_client.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace reel::cli {
namespace {

TEST(EventReaderTest, EventsComeInPiecesOfAnySize) {
  const std::string stream =
      ": events\n\nid: 7\nevent: stage\ndata: {\"a\":1}\n\n:\n\n"
      "event: progress\ndata: {}\n\n";
  for (size_t size = 1; size <= stream.size(); ++size) {
    std::string seen;
    EventReader reader([&](const ApiEvent& event) {
      seen += event.id + "/" + event.kind + "/" + event.data.dump() + " ";
      return AfterEvent::kGoOn;
    });
    for (size_t at = 0; at < stream.size(); at += size)
      reader.Read(base::AsBytes(stream.substr(at, size)));
    EXPECT_EQ(seen, "7/stage/{\"a\":1} /progress/{} ") << size;
  }
}

TEST(EventReaderTest, EndsWhenTheSinkHasEnough) {
  int seen = 0;
  EventReader reader([&](const ApiEvent&) {
    ++seen;
    return AfterEvent::kEnd;
  });
  EXPECT_EQ(reader.Read(base::AsBytes("data: {}\n\ndata: {}\n\n")),
            AfterEvent::kEnd);
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace reel::cli
