#include "workflow/graph.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "platform/directory_store.h"
#include "platform/sql_job_store.h"
#include "testing/fake_tasks.h"
#include "testing/temp_dir.h"

namespace reel::workflow {
namespace {

using base::Code;
using platform::Artifacts;

class FunctionGraph : public Graph {
 public:
  explicit FunctionGraph(std::function<base::Status(Plan&)> expand)
      : expand_(std::move(expand)) {}
  base::Status Expand(Plan& plan) override { return expand_(plan); }

 private:
  std::function<base::Status(Plan&)> expand_;
};

class PlanTest : public ::testing::Test {
 protected:
  Plan::Round Evaluate(Plan& plan, std::function<base::Status(Plan&)> expand) {
    FunctionGraph graph(std::move(expand));
    return plan.Evaluate(graph);
  }
  // As an earlier run left it.
  void MakeDone(const TaskSpec& spec, const Artifacts& artifacts) {
    platform::TaskRecord record;
    record.id = Identity(spec);
    ASSERT_TRUE(jobs_->Want(std::span(&record, 1)));
    ASSERT_TRUE(jobs_->Complete(record.id, jobs_->Start(record.id, "w")->fence,
                                artifacts, {}, {}));
  }
  static Plan::Collated Single(int seed) {
    return {MakeSpec(kMakeMany, {{seed}}), {"made-" + std::to_string(seed)}};
  }
  static std::vector<const Artifacts*> WantThree(Plan& plan) {
    const std::vector<Plan::Collated> singles = {Single(0), Single(1),
                                                 Single(2)};
    return plan.WantCollated(singles, [](const auto& indices) {
      return MakeSpec(kMakeMany, {{indices.begin(), indices.end()}});
    });
  }
  std::vector<int> SeedsOf(const WantedTask& task) {
    return task.spec.params.at("seeds").get<std::vector<int>>();
  }

  testing::TempDir dir_;
  std::unique_ptr<platform::JobStore> jobs_ =
      platform::OpenSqliteJobStore(dir_.path() + "/state.db").value();
  std::unique_ptr<platform::ObjectStore> objects_ =
      platform::DirectoryStore::Open(dir_.path() + "/objects",
                                     dir_.path() + "/tmp")
          .value();
  Plan plan_{*jobs_, *objects_};
  const Artifacts made_ = {{"out", {"digest", 1}}};
  const TaskSpec spec_ = MakeSpec(kMake, {1, 1, "", ""});
};

TEST_F(PlanTest, UnfinishedTaskIsWantedOnce) {
  const auto round = Evaluate(plan_, [&](Plan& plan) {
    EXPECT_EQ(plan.Want(spec_), nullptr);
    EXPECT_EQ(plan.Want(spec_), nullptr);
    return base::Status();
  });
  ASSERT_EQ(round.wanted.size(), 1u);
  EXPECT_EQ(round.wanted[0].id, Identity(spec_));
}

TEST_F(PlanTest, FinishedTaskIsFoundWhoeverRanIt) {
  MakeDone(spec_, made_);
  const auto round = Evaluate(plan_, [&](Plan& plan) {
    const Artifacts* artifacts = plan.Want(spec_);
    EXPECT_TRUE(artifacts && artifacts->at("out").digest == "digest");
    return base::Status();
  });
  EXPECT_TRUE(round.wanted.empty());
  EXPECT_EQ(plan_.reused(), 1);
}

TEST_F(PlanTest, UpdateChangesTheAnswer) {
  const auto done = [&] {
    bool answer = false;
    Evaluate(plan_, [&](Plan& plan) {
      answer = plan.Want(spec_) != nullptr;
      return base::Status();
    });
    return answer;
  };
  EXPECT_FALSE(done());
  plan_.Update(Identity(spec_), &made_, true);
  EXPECT_TRUE(done());
  plan_.Update(Identity(spec_), nullptr, true);
  EXPECT_FALSE(done());
  EXPECT_EQ(plan_.reused(), 0);
}

TEST_F(PlanTest, SinglesThatAreNotDoneAreMadeTogether) {
  MakeDone(Single(1).spec, made_);
  const auto round = Evaluate(plan_, [&](Plan& plan) {
    const auto found = WantThree(plan);
    EXPECT_EQ(found[0], nullptr);
    EXPECT_NE(found[1], nullptr);
    return base::Status();
  });
  ASSERT_EQ(round.wanted.size(), 1u);
  EXPECT_EQ(SeedsOf(round.wanted[0]), (std::vector<int>{0, 2}));
  ASSERT_EQ(round.wanted[0].spec.parts.size(), 2u);
  EXPECT_EQ(round.wanted[0].spec.parts[1].identity, Identity(Single(2).spec));
  EXPECT_EQ(round.wanted[0].spec.parts[1].outputs[0], "made-2");
}

TEST_F(PlanTest, LastMissingSingleIsItself) {
  MakeDone(Single(0).spec, made_);
  MakeDone(Single(1).spec, made_);
  const auto round = Evaluate(plan_, [&](Plan& plan) {
    WantThree(plan);
    return base::Status();
  });
  ASSERT_EQ(round.wanted.size(), 1u);
  EXPECT_EQ(round.wanted[0].id, Identity(Single(2).spec));
  EXPECT_TRUE(round.wanted[0].spec.parts.empty());
}

TEST_F(PlanTest, CollationStaysAsDecidedWhileItsTaskRuns) {
  const auto want = [&] {
    return Evaluate(plan_, [&](Plan& plan) {
      WantThree(plan);
      return base::Status();
    });
  };
  const auto before = want();
  plan_.Update(Identity(Single(1).spec), &made_, true);
  const auto after = want();
  ASSERT_EQ(after.wanted.size(), 1u);
  EXPECT_EQ(after.wanted[0].id, before.wanted[0].id);
  // Lost again: now nothing runs that would make it.
  plan_.Update(Identity(Single(0).spec), &made_, true);
  plan_.Update(Identity(Single(2).spec), &made_, true);
  plan_.Update(Identity(Single(1).spec), nullptr, false);
  EXPECT_EQ(want().wanted[0].id, Identity(Single(1).spec));
}

TEST_F(PlanTest, ErrorOfTheGraphIsTheRoundsError) {
  const auto round = Evaluate(plan_, [&](Plan&) -> base::Status {
    return base::Fail(Code::kRejected, "black picture");
  });
  ASSERT_FALSE(round.status);
  EXPECT_EQ(round.status.error().code, Code::kRejected);
}

TEST_F(PlanTest, ReadsAnArtifactAndKeepsIt) {
  const auto object = objects_->PutBytes(base::AsBytes("[1,2,3]"));
  Evaluate(plan_, [&](Plan& plan) {
    const auto first = plan.Read<std::vector<int>>(*object);
    EXPECT_EQ((*first)->size(), 3u);
    EXPECT_TRUE(objects_->Delete(object->digest));
    EXPECT_EQ(*plan.Read<std::vector<int>>(*object), *first);
    return base::Status();
  });
}

TEST_F(PlanTest, LostArtifactIsForgottenAndTheRoundIsVoid) {
  const auto object = objects_->PutBytes(base::AsBytes("[1]"));
  MakeDone(spec_, {{"out", *object}});
  ASSERT_TRUE(objects_->Delete(object->digest));
  const auto read = [&](Plan& plan) -> base::Status {
    REEL_TRY(plan.ReadJson(plan.Want(spec_)->at("out")));
    return {};
  };
  const auto round = Evaluate(plan_, read);
  EXPECT_TRUE(round.again);
  EXPECT_TRUE(round.status);
  EXPECT_EQ((*jobs_->FindTask(Identity(spec_)))->state,
            platform::TaskState::kIdle);
}

TEST_F(PlanTest, LostArtifactThatNobodyMakesIsAnError) {
  const auto round = Evaluate(plan_, [&](Plan& plan) -> base::Status {
    REEL_TRY(plan.ReadJson({std::string(64, '0'), 1}));
    return {};
  });
  EXPECT_FALSE(round.again);
  ASSERT_FALSE(round.status);
  EXPECT_EQ(round.status.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace reel::workflow
