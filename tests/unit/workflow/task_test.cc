#include "workflow/task.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "testing/fake_tasks.h"

namespace reel::workflow {
namespace {

TaskSpec Sample() {
  return MakeSpec(kMake, {1, 2, "", ""},
                  {{"b", Input(platform::Object{"digest-b", 5})},
                   {"a", Input("digest-a", {"/films/master.mov", 7, 8})}});
}

// The format's fixture: docs/formats/task-identity.md has the same example.
// Should this fail, every state directory in the world forgets its tasks.
TEST(IdentityTest, IsTheDigestOfCanonicalJson) {
  EXPECT_EQ(
      Identity(Sample()),
      base::Sha256(R"({"inputs":{"a":"digest-a","b":"digest-b"},"kind":"make",)"
                   R"("params":{"bytes":2,"fault":"","once":"","seed":1},)"
                   R"("service":"making","version":1})"));
}

TEST(IdentityTest, DependsOnWhatTheFunctionSeesAndNothingElse) {
  const std::string identity = Identity(Sample());
  const auto with = [](auto change) {
    TaskSpec spec = Sample();
    change(spec);
    return Identity(spec);
  };
  EXPECT_NE(with([](auto& s) { s.version = 2; }), identity);
  EXPECT_NE(with([](auto& s) { s.params["seed"] = 2; }), identity);
  EXPECT_NE(with([](auto& s) { s.inputs["a"].digest = "x"; }), identity);
  EXPECT_NE(with([](auto& s) { s.inputs.erase("a"); }), identity);
  EXPECT_EQ(with([](auto& s) {
              s.label = "chunk 7";
              s.cost = 100;
              s.priority = 3;
              s.parts = {{"part", {"out"}}};
              s.retry.max_attempts = 9;
              s.inputs["a"].external->path = "/elsewhere/master.mov";
            }),
            identity);
}

TEST(TaskSpecTest, SurvivesJson) {
  TaskSpec spec = Sample();
  spec.label = "chunk 7";
  spec.cost = 2.5;
  spec.timeout = std::chrono::seconds(3);
  spec.parts = {{"part", {"out", "facts"}}};
  const base::Json json = spec;
  EXPECT_EQ(base::Json(json.get<TaskSpec>()), json);
}

TEST(TaskRegistryTest, FindsAKindInItsVersionOnly) {
  const TaskRegistry registry = FakeTasks();
  EXPECT_NE(registry.Find("make", 1), nullptr);
  EXPECT_EQ(registry.Find("make", 2), nullptr);
  EXPECT_EQ(registry.Find("mak", 1), nullptr);
}

}  // namespace
}  // namespace reel::workflow
