#include "render/junit.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "render/run_progress.h"
#include "value/json.h"

namespace swamp::render {
namespace {

/// Text for attributes and content. XML 1.0 has no way to write most control characters: they
/// become U+FFFD.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : to_valid_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.1f}", static_cast<double>(time.count()) / 1000);
}

std::string body(const engine::AssertChecked& check) {
  return fmt::format("severity: {}\nexpr: {}", escaped(check.severity), escaped(check.expression));
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;

  void add(const engine::AssertChecked& check) {
    ++tests;
    if (check.error) {
      ++errors;
    } else if (!check.passed) {
      ++failures;
    }
  }
  std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}")", tests, failures, errors);
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
    Suite& suite = suite_of(outermost_job(check->path));
    suite.cases.push_back({.check = *check});
    unended_[step_key(check->path)] = {static_cast<std::size_t>(&suite - suites_.data()),
                                       suite.cases.size() - 1};
  } else if (const auto* ended = std::get_if<engine::StepEnded>(&event)) {
    const auto found = unended_.find(step_key(ended->path));
    if (found == unended_.end()) return;
    suites_[found->second.first].cases[found->second.second].duration = ended->duration;
    unended_.erase(found);
  } else if (const auto* run = std::get_if<engine::RunEnded>(&event);
             run != nullptr && run->parents.empty()) {
    duration_ = run->duration;
  }
}

std::size_t Junit::case_count() const {
  std::size_t count = 0;
  for (const Suite& suite : suites_)
    count += suite.cases.size();
  return count;
}

std::string Junit::xml() const {
  Counts all;
  std::string inner;
  for (const Suite& suite : suites_) {
    Counts counts;
    std::chrono::milliseconds time{0};
    std::string cases;
    for (const Case& each : suite.cases) {
      counts.add(each.check);
      all.add(each.check);
      time += each.duration;
      cases += fmt::format(R"(    <testcase name="{}" classname="{}.{}" time="{}")",
                           escaped(step_label(each.check.path)), escaped(workflow_),
                           escaped(suite.job), seconds(each.duration));
      if (each.check.error) {
        cases += fmt::format(
            ">\n      <error message=\"{}\" type=\"ExpressionEvaluationError\">{}</error>\n    "
            "</testcase>\n",
            escaped(each.check.error->message), body(each.check));
      } else if (!each.check.passed) {
        cases += fmt::format(
            ">\n      <failure message=\"{}\" type=\"AssertionFailure\">{}</failure>\n    "
            "</testcase>\n",
            escaped(each.check.message), body(each.check));
      } else {
        cases += "/>\n";
      }
    }
    inner += fmt::format("  <testsuite name=\"{}\" {} time=\"{}\">\n{}  </testsuite>\n",
                         escaped(suite.job), counts.attributes(), seconds(time), cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" {} "
      "time=\"{}\">\n{}</testsuites>\n",
      escaped(workflow_), all.attributes(), seconds(duration_), inner);
}

}  // namespace swamp::render
