#include "report/stored_report.h"

#include <fmt/format.h>

#include "value/json.h"

namespace swamp::report {

namespace {

constexpr std::string_view kLifetime = "30d";
constexpr std::int64_t kVersionsKept = 5;

std::string clean_name(std::string_view name) {
  std::string clean;
  for (const char c : name) {
    if (c == '@' || (c == '.' && clean.ends_with('.'))) continue;
    clean += c == '/' || c == '\\' ? '-' : c;
  }
  return clean;
}

store::Tags tags_of(std::string_view name, Scope scope, std::string_view vary) {
  store::Tags tags{{"type", "report"},
                   {"reportName", std::string(name)},
                   {"reportScope", std::string(to_string(scope))}};
  if (!vary.empty()) tags.set("varySuffix", std::string(vary));
  return tags;
}

}  // namespace

std::string data_name(std::string_view report, std::string_view vary) {
  std::string name = "report-" + clean_name(report);
  if (!vary.empty()) name += fmt::format("-{}", vary);
  return name;
}

std::vector<StoredReport> stored_report(std::string_view name, Scope scope, std::string_view vary,
                                        const Report& report) {
  if (report.markdown.find_first_not_of(" \t\r\n") == std::string::npos) return {};
  store::Metadata metadata;
  metadata.name = data_name(name, vary);
  metadata.content_type = "text/markdown";
  metadata.lifetime = kLifetime;
  metadata.retention = kVersionsKept;
  metadata.tags = tags_of(name, scope, vary);
  store::Metadata for_machines = metadata;
  for_machines.name += "-json";
  for_machines.content_type = "application/json";
  return {{.metadata = std::move(metadata), .content = report.markdown},
          {.metadata = std::move(for_machines), .content = write_json(report.json, {.indent = 2})}};
}

}  // namespace swamp::report
