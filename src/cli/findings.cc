#include "cli/findings.h"

#include <algorithm>

#include <fmt/format.h>

namespace swamp::cli {
namespace {

std::string place_of(const Error& error) {
  return error.where ? error.where->to_string() : std::string();
}

Value where_of(const SourceSpan& where) {
  return Map{{"file", where.source ? Value(where.source->name) : Value()},
             {"line", std::int64_t{where.line}},
             {"column", std::int64_t{where.column}}};
}

/// One of the things that a row tells, each with a place of its own.
Value problem_document(const Error& error) {
  Map problem{{"error", error.message}};
  if (error.where) problem.set("where", where_of(*error.where));
  if (!error.hint.empty()) problem.set("hint", error.hint);
  return problem;
}

std::string all_messages(const Error& error) {
  std::string text = error.message;
  for (const Error& more : error.also) {
    text += "\n" + more.message;
  }
  return text;
}

std::string cause_text(const Error& error, render::Style style) {
  const std::string place = place_of(error);
  std::string text = fmt::format("    → {}{}{}\n", error.message, place.empty() ? "" : " at ",
                                 style.paint(render::Ink::dim, place));
  if (!error.hint.empty()) text += fmt::format("      help: {}\n", error.hint);
  return text;
}

}  // namespace

Value findings_document(const std::vector<spec::Finding>& findings) {
  List rows;
  for (const spec::Finding& finding : findings) {
    Map row{{"name", finding.check}, {"passed", finding.passed}};
    if (finding.warning) row.set("warning", true);
    if (finding.error) {
      row.set("error", all_messages(*finding.error));
      if (finding.error->where) row.set("where", where_of(*finding.error->where));
      if (!finding.error->hint.empty()) row.set("hint", finding.error->hint);
      List problems{problem_document(*finding.error)};
      for (const Error& more : finding.error->also)
        problems.push_back(problem_document(more));
      row.set("problems", std::move(problems));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string findings_text(const std::vector<spec::Finding>& findings, render::Style style) {
  std::string text;
  for (const spec::Finding& finding : findings) {
    const bool failed = !finding.passed && !finding.warning;
    const std::string mark = failed            ? style.paint(render::Ink::red, "✗")
                             : finding.warning ? style.paint(render::Ink::yellow, "⚠")
                                               : style.paint(render::Ink::green, "✓");
    text += fmt::format("  {} {}\n", mark, finding.check);
    if (!finding.error) continue;
    text += cause_text(*finding.error, style);
    for (const Error& more : finding.error->also) {
      text += cause_text(more, style);
    }
  }
  return text;
}

std::int64_t count_failed(const std::vector<spec::Finding>& findings) {
  return std::count_if(findings.begin(), findings.end(),
                       [](const auto& f) { return !f.passed && !f.warning; });
}

std::int64_t count_warnings(const std::vector<spec::Finding>& findings) {
  return std::count_if(findings.begin(), findings.end(), [](const auto& f) { return f.warning; });
}

}  // namespace swamp::cli
