#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace swamp::report {

/// What a report looks at: one call of a method, the model after it, or a run of a workflow.
enum class Scope : std::uint8_t { method, model, workflow };
std::string_view to_string(Scope scope);
std::optional<Scope> parse_scope(std::string_view text);

/// A report that can be made.
struct ReportType {
  std::string name;  // `@swamp/method-summary`
  Scope scope = Scope::method;
  std::vector<std::string> labels = {};
  std::string description = {};
};

/// The three that need no extension.
std::vector<ReportType> builtin_reports();

/// What a definition or workflow says: `reports: {require, skip}`.
struct Requirement {
  std::string name;
  std::vector<std::string> methods = {};  // only for these; empty: for all
};
struct ReportRules {
  std::vector<Requirement> require = {};
  std::vector<std::string> skip = {};
};

/// What the command line says.
struct ReportFlags {
  bool skip_all = false;                     // --skip-reports
  std::vector<std::string> skip_names = {};  // --skip-report
  std::vector<std::string> skip_labels = {};
  std::vector<std::string> names = {};  // --report; empty: all
  std::vector<std::string> labels = {};
};

struct Choice {
  std::string name;
  bool is_required = false;  // when it fails, so does what it reports on

  friend bool operator==(const Choice&, const Choice&) = default;
};

struct Selection {
  std::vector<Choice> run;           // in the order in which they are made
  std::vector<std::string> missing;  // required, and no report of that name is known

  friend bool operator==(const Selection&, const Selection&) = default;
};

/// Which reports are made. `known` are all that there are, in order, those without extension first;
/// `of_type` are the names that the model's type lists (none for workflows). Candidates are the
/// built-in reports, those of the type and the required ones. For each of them decide, in this
/// order: the scope; `skip`; `methods` of the requirement; being required, which no flag can
/// change; then the flags. A required name that is unknown is missing once: in method scope or
/// workflow scope.
Selection select_reports(std::span<const ReportType> known, std::span<const std::string> of_type,
                         Scope scope, std::string_view method, const ReportRules& rules,
                         const ReportFlags& flags);

}  // namespace swamp::report
