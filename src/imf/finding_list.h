// Findings on a package, as they come up.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/finding.h"

namespace reel::imf {

// What a finding is about.
struct Subject {
  std::string file{};     // of the package, by its path in it
  std::string element{};  // "Resource"; or ""
  std::string id{};       // a UUID; or ""
  int64_t line = 0;       // in the file; 0: not known
};

// Bounded: of one code at most kMaxFindings, however much is wrong; the rest is
// counted.
class FindingList {
 public:
  static constexpr size_t kMaxFindings = 50;

  // The message gets the subject's file, line and id put before and after it.
  void Add(const std::string& code, model::Severity severity,
           const Subject& subject, const std::string& what,
           const std::string& remedy);
  void Append(const FindingList& other);
  bool Rejects() const;
  const std::vector<model::Finding>& findings() const { return findings_; }
  // Rejects become warnings: for what the title does not need.
  void Soften();

 private:
  void Add(model::Finding finding);
  std::vector<model::Finding> findings_;
  std::map<std::string, size_t> count_;  // by code
};

}  // namespace reel::imf
