#include "report/selection.h"

#include <algorithm>
#include <array>

namespace swamp::report {

namespace {

constexpr std::array<std::string_view, 3> kScopes = {"method", "model", "workflow"};

template <class Names>
bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_any(const std::vector<std::string>& wanted, const std::vector<std::string>& labels) {
  return std::any_of(labels.begin(), labels.end(),
                     [&](const std::string& label) { return has(wanted, label); });
}

const Requirement* find_requirement(const ReportRules& rules, std::string_view name) {
  const auto found =
      std::find_if(rules.require.begin(), rules.require.end(),
                   [&](const Requirement& required) { return required.name == name; });
  return found == rules.require.end() ? nullptr : &*found;
}

bool is_for(const Requirement& requirement, std::string_view method) {
  return requirement.methods.empty() || has(requirement.methods, method);
}

bool is_builtin(std::string_view name) {
  const std::vector<ReportType> builtin = builtin_reports();
  return std::any_of(builtin.begin(), builtin.end(),
                     [&](const ReportType& type) { return type.name == name; });
}

bool flags_allow(const ReportType& type, const ReportFlags& flags) {
  if (flags.skip_all || has(flags.skip_names, type.name) || has_any(flags.skip_labels, type.labels))
    return false;
  if (!flags.names.empty() && !has(flags.names, type.name)) return false;
  return flags.labels.empty() || has_any(flags.labels, type.labels);
}

}  // namespace

std::string_view to_string(Scope scope) {
  return kScopes[static_cast<std::size_t>(scope)];
}

std::optional<Scope> parse_scope(std::string_view text) {
  const auto* const found = std::find(kScopes.begin(), kScopes.end(), text);
  if (found == kScopes.end()) return std::nullopt;
  return static_cast<Scope>(found - kScopes.begin());
}

std::vector<ReportType> builtin_reports() {
  return {{.name = "@swamp/method-summary",
           .scope = Scope::method,
           .labels = {"summary"},
           .description = "what a method was given, how it ended and what it wrote"},
          {.name = "@swamp/workflow-summary",
           .scope = Scope::workflow,
           .labels = {"summary"},
           .description = "how the model steps of a run ended, by job"},
          {.name = "@swamp/verification-attestation",
           .scope = Scope::workflow,
           .labels = {"verification", "attestation"},
           .description = "every step of a run as a checklist for a commit"}};
}

Selection select_reports(std::span<const ReportType> known, std::span<const std::string> of_type,
                         Scope scope, std::string_view method, const ReportRules& rules,
                         const ReportFlags& flags) {
  Selection selection;
  for (const ReportType& type : known) {
    const Requirement* required = find_requirement(rules, type.name);
    if (required == nullptr && !is_builtin(type.name) && !has(of_type, type.name)) continue;
    if (type.scope != scope || has(rules.skip, type.name)) continue;
    if (required != nullptr && !is_for(*required, method)) continue;
    if (required == nullptr && !flags_allow(type, flags)) continue;
    selection.run.push_back({.name = type.name, .is_required = required != nullptr});
  }
  if (scope == Scope::model) return selection;
  for (const Requirement& required : rules.require) {
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const ReportType& type) {
      return type.name == required.name;
    });
    if (is_known || has(rules.skip, required.name) || !is_for(required, method)) continue;
    if (!has(selection.missing, required.name)) selection.missing.push_back(required.name);
  }
  return selection;
}

}  // namespace swamp::report
