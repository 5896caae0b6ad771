#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "render/run_view.h"

namespace swamp::render {

/// The assertions of a run as JUnit XML: a suite for each job, a case for each assert step, one for
/// each step that was skipped, and an error for each other step that failed and may not. Holds one
/// entry for each of them, nothing else.
class Junit final : public RunView {
 public:
  void on_event(const engine::RunEvent& event) override;

  std::size_t case_count() const;

  /// The document, once the run has ended.
  std::string xml() const;

 private:
  struct Case {
    engine::StepPath path;
    std::chrono::milliseconds duration{0};
    std::string element = {};  // `failure`, `error`, `skipped`; empty: it passed
    std::string type = {};     // of a failure or error
    std::string message = {};
    std::string body = {};
  };
  struct Suite {
    std::string job;
    std::vector<Case> cases;
  };

  Suite& suite_of(const std::string& job);
  void add(const engine::AssertChecked& check);
  void add(const engine::StepEnded& step);
  std::string case_xml(const std::string& job, const Case& one) const;

  std::string workflow_;
  std::chrono::milliseconds duration_{0};
  std::vector<Suite> suites_;  // in the order of their first case
  std::map<std::string, std::pair<std::size_t, std::size_t>>
      unended_;  // suite and case, by step_key()
};

}  // namespace swamp::render
