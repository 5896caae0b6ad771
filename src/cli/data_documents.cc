#include "cli/data_documents.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "value/json.h"

namespace swamp::cli {

std::string size_text(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KB", "MB", "GB", "TB"};
  double shown = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; shown >= 1024 && unit + 1 < kUnits.size(); ++unit) {
    shown /= 1024;
  }
  return unit == 0 ? fmt::format("{}B", bytes) : fmt::format("{:.1f}{}", shown, kUnits[unit]);
}

Value owner_document(const store::Owner& owner) {
  Map document{{"ownerType", owner.type}, {"ownerRef", owner.ref}};
  const auto add = [&](std::string key, const std::string& text) {
    if (!text.empty()) document.set(std::move(key), text);
  };
  add("definitionHash", owner.definition_hash);
  add("workflowId", owner.workflow_id);
  add("workflowRunId", owner.workflow_run_id);
  add("workflowName", owner.workflow_name);
  add("jobName", owner.job_name);
  add("stepName", owner.step_name);
  add("source", owner.source);
  return document;
}

Value retention_document(const store::Retention& retention) {
  if (const auto* count = std::get_if<std::int64_t>(&retention)) return *count;
  return std::get<std::string>(retention);
}

std::string retention_text(const store::Retention& retention) {
  if (const auto* count = std::get_if<std::int64_t>(&retention))
    return fmt::format("{} versions", *count);
  return std::get<std::string>(retention);
}

Value content_document(const store::Metadata& metadata, const std::string& content) {
  if (metadata.is_json()) {
    if (auto value = parse_json(content)) return *std::move(value);
  }
  return to_valid_utf8(content);
}

std::string group_of(const store::Metadata& metadata) {
  const auto type = metadata.tags.get("type");
  return type.empty() ? "data" : std::string(type);
}

bool group_before(const std::string& a, const std::string& b) {
  constexpr std::array<std::string_view, 4> kFirst = {"log", "file", "resource", "data"};
  const auto rank = [&](const std::string& group) {
    return std::find(kFirst.begin(), kFirst.end(), group) - kFirst.begin();
  };
  return rank(a) != rank(b) ? rank(a) < rank(b) : a < b;
}

}  // namespace swamp::cli
