#include "render/junit.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "render/run_progress.h"
#include "render/xml.h"

namespace swamp::render {
namespace {

/// Text for an attribute, in which a reader would take line ends and tabs for blanks.
std::string attribute(std::string_view text) {
  std::string out;
  for (const char c : escape_xml(text)) {
    if (c == '\n' || c == '\t') {
      out += c == '\n' ? "&#10;" : "&#9;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.1f}", static_cast<double>(time.count()) / 1000);
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void add(std::string_view element) {
    ++tests;
    if (element == "failure") ++failures;
    if (element == "error") ++errors;
    if (element == "skipped") ++skipped;
  }
  std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}")", tests, failures,
                       errors, skipped);
  }
};

}  // namespace

Junit::Suite& Junit::suite_of(const std::string& job) {
  const auto found = std::find_if(suites_.begin(), suites_.end(),
                                  [&](const Suite& suite) { return suite.job == job; });
  if (found != suites_.end()) return *found;
  return suites_.emplace_back(Suite{.job = job});
}

void Junit::on_event(const engine::RunEvent& event) {
  if (const auto* started = std::get_if<engine::RunStarted>(&event);
      started != nullptr && started->parents.empty()) {
    workflow_ = started->workflow_name;
  } else if (const auto* check = std::get_if<engine::AssertChecked>(&event)) {
    add(*check);
  } else if (const auto* ended = std::get_if<engine::StepEnded>(&event)) {
    add(*ended);
  } else if (const auto* run = std::get_if<engine::RunEnded>(&event);
             run != nullptr && run->parents.empty()) {
    duration_ = run->duration;
  }
}

void Junit::add(const engine::AssertChecked& check) {
  Case one{.path = check.path,
           .body = fmt::format("severity: {}\nexpr: {}", check.severity, check.expression)};
  if (check.error) {
    one.element = "error";
    one.type = "ExpressionEvaluationError";
    one.message = check.error->message;
  } else if (!check.passed) {
    one.element = "failure";
    one.type = "AssertionFailure";
    one.message = check.message;
  }
  Suite& suite = suite_of(outermost_job(check.path));
  suite.cases.push_back(std::move(one));
  unended_[step_key(check.path)] = {static_cast<std::size_t>(&suite - suites_.data()),
                                    suite.cases.size() - 1};
}

/// An assertion that was checked has its case already. Of other steps those get one that were
/// skipped (an assertion among them was never checked) and those that made the run fail: a reader
/// that sees no failure would take the run for a good one.
void Junit::add(const engine::StepEnded& step) {
  const auto found = unended_.find(step_key(step.path));
  if (found != unended_.end()) {
    suites_[found->second.first].cases[found->second.second].duration = step.duration;
    unended_.erase(found);
    return;
  }
  if (step.status == engine::NodeStatus::skipped) {
    suite_of(outermost_job(step.path))
        .cases.push_back({.path = step.path, .element = "skipped", .message = step.reason});
  }
  if (step.status != engine::NodeStatus::failed || step.allowed_failure) return;
  suite_of(outermost_job(step.path))
      .cases.push_back({.path = step.path,
                        .duration = step.duration,
                        .element = "error",
                        .type = "StepFailure",
                        .message = step.error ? step.error->message : "failed",
                        .body = step.method.empty()
                                    ? std::string()
                                    : fmt::format("{}.{}", step.model_name, step.method)});
}

std::size_t Junit::case_count() const {
  std::size_t count = 0;
  for (const Suite& suite : suites_)
    count += suite.cases.size();
  return count;
}

std::string Junit::case_xml(const std::string& job, const Case& one) const {
  const std::string opening = fmt::format(R"(    <testcase name="{}" classname="{}.{}" time="{}")",
                                          attribute(step_label(one.path)), attribute(workflow_),
                                          attribute(job), seconds(one.duration));
  if (one.element.empty()) return opening + "/>\n";
  const std::string message = fmt::format("{} message=\"{}\"", one.element, attribute(one.message));
  if (one.type.empty()) return fmt::format("{}>\n      <{}/>\n    </testcase>\n", opening, message);
  return fmt::format("{}>\n      <{} type=\"{}\">{}</{}>\n    </testcase>\n", opening, message,
                     one.type, escape_xml(one.body), one.element);
}

std::string Junit::xml() const {
  Counts all;
  std::string inner;
  for (const Suite& suite : suites_) {
    Counts counts;
    std::chrono::milliseconds time{0};
    std::string cases;
    for (const Case& each : suite.cases) {
      counts.add(each.element);
      all.add(each.element);
      time += each.duration;
      cases += case_xml(suite.job, each);
    }
    inner += fmt::format("  <testsuite name=\"{}\" {} time=\"{}\">\n{}  </testsuite>\n",
                         attribute(suite.job), counts.attributes(), seconds(time), cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" {} "
      "time=\"{}\">\n{}</testsuites>\n",
      attribute(workflow_), all.attributes(), seconds(duration_), inner);
}

}  // namespace swamp::render
