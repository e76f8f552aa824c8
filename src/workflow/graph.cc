#include "workflow/graph.h"

#include <utility>

#include "base/file.h"

namespace reel::workflow {

using base::Code;
using base::Error;
using base::Result;
using platform::Artifacts;
using platform::Object;

Plan::Plan(platform::JobStore& jobs, platform::ObjectStore& objects)
    : jobs_(&jobs), objects_(&objects) {}

const Artifacts* Plan::Lookup(const std::string& id) {
  const auto [slot, is_new] = known_.try_emplace(id);
  Known& known = slot->second;
  if (is_new) {
    auto task = jobs_->FindTask(id);
    if (!task) {
      status_ = tl::unexpected(task.error());
      known_.erase(slot);
      return nullptr;
    }
    if (*task && (*task)->state == platform::TaskState::kDone) {
      known.artifacts =
          std::make_unique<Artifacts>(std::move((*task)->artifacts));
      ++reused_;
    }
  }
  if (known.artifacts && !std::exchange(known.is_ours, true))
    uses_.push_back(id);
  return known.artifacts.get();
}

const Artifacts* Plan::WantAs(const std::string& id, const TaskSpec& spec) {
  if (const Artifacts* artifacts = Lookup(id)) return artifacts;
  if (wanted_ids_.insert(id).second) wanted_.push_back({id, spec});
  return nullptr;
}

const Artifacts* Plan::Want(const TaskSpec& spec) {
  return WantAs(Identity(spec), spec);
}

bool Plan::HasFailed(const TaskSpec& spec) const {
  return failed_.contains(Identity(spec));
}

std::vector<const Artifacts*> Plan::WantCollated(
    std::span<const Collated> singles, const Combine& combine) {
  std::vector<const Artifacts*> found;
  std::vector<std::string> ids;
  std::vector<size_t> undecided;
  for (size_t i = 0; i < singles.size(); ++i) {
    ids.push_back(Identity(singles[i].spec));
    found.push_back(Lookup(ids[i]));
    if (found[i]) continue;
    const auto decided = collated_.find(ids[i]);
    if (decided == collated_.end()) {
      undecided.push_back(i);
    } else {
      WantAs(decided->second.id, decided->second.spec);
    }
  }
  if (undecided.empty()) return found;
  if (undecided.size() == 1) {
    const size_t only = undecided.front();
    WantAs(ids[only], singles[only].spec);
    return found;
  }
  WantedTask whole{"", combine(undecided)};
  whole.id = Identity(whole.spec);
  for (const size_t i : undecided) {
    whole.spec.parts.push_back({ids[i], singles[i].outputs});
  }
  for (const size_t i : undecided) collated_[ids[i]] = whole;
  WantAs(whole.id, whole.spec);
  return found;
}

tl::unexpected<Error> Plan::Lose(const Object& object, const Error& error) {
  if (error.code != Code::kNotFound && error.code != Code::kCorruptInput) {
    return tl::unexpected(error);
  }
  const auto makers = jobs_->Forget(object.digest);
  if (!makers) return tl::unexpected(makers.error());
  lost_ = lost_ || *makers > 0;
  return tl::unexpected(error);
}

Result<base::Json> Plan::ReadJson(const Object& object) {
  const auto bytes = objects_->Get(object.digest);
  if (!bytes) return Lose(object, bytes.error());
  return base::ParseJson(
      {reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

Plan::Round Plan::Evaluate(Graph& graph) {
  wanted_.clear();
  wanted_ids_.clear();
  status_ = {};
  lost_ = false;
  base::Status status = graph.Expand(*this);
  if (!status_) status = std::move(status_);
  if (lost_) return {{}, {}, true};
  return {std::move(status), std::exchange(wanted_, {}), false};
}

void Plan::Update(const std::string& id, const Artifacts* artifacts,
                  bool wanted) {
  known_[id] = {artifacts ? std::make_unique<Artifacts>(*artifacts) : nullptr,
                wanted};
  if (!artifacts) collated_.erase(id);
}

}  // namespace reel::workflow
