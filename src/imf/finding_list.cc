#include "imf/finding_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace reel::imf {
namespace {

std::string Place(const Subject& subject) {
  std::string place = subject.file;
  if (subject.line > 0) place += fmt::format(", line {}", subject.line);
  if (!subject.element.empty()) place += ": " + subject.element;
  if (!subject.id.empty()) place += " " + subject.id;
  return place;
}

}  // namespace

void FindingList::Add(const std::string& code, model::Severity severity,
                      const Subject& subject, const std::string& what,
                      const std::string& remedy) {
  model::Finding finding;
  finding.code = code;
  finding.severity = severity;
  finding.message = fmt::format("{}: {}.", Place(subject), what);
  finding.remedy = remedy;
  finding.evidence = base::Json::object();
  if (!subject.file.empty()) finding.evidence["file"] = subject.file;
  if (!subject.element.empty()) finding.evidence["element"] = subject.element;
  if (!subject.id.empty()) finding.evidence["id"] = subject.id;
  if (subject.line > 0) finding.evidence["line"] = subject.line;
  Add(std::move(finding));
}

void FindingList::Add(model::Finding finding) {
  size_t& count = count_[finding.code];
  if (++count <= kMaxFindings) {
    findings_.push_back(std::move(finding));
    return;
  }
  // The last one of the code stands for all that follow.
  const auto last = std::find_if(
      findings_.rbegin(), findings_.rend(),
      [&](const model::Finding& one) { return one.code == finding.code; });
  last->evidence["more"] = count - kMaxFindings;
  last->severity = std::max(last->severity, finding.severity);
}

void FindingList::Append(const FindingList& other) {
  for (const model::Finding& finding : other.findings_) Add(finding);
}

bool FindingList::Rejects() const {
  return std::any_of(findings_.begin(), findings_.end(),
                     [](const model::Finding& finding) {
                       return finding.severity == model::Severity::kReject;
                     });
}

void FindingList::Soften() {
  for (model::Finding& finding : findings_)
    finding.severity = std::min(finding.severity, model::Severity::kWarn);
}

}  // namespace reel::imf
