#include "engine/method_reports.h"

#include <fmt/format.h>

#include "engine/report_choice.h"
#include "report/report.h"
#include "report/stored_report.h"

namespace swamp::engine {
namespace {

std::vector<report::OutputSpec> specs_of(const model::Type& type) {
  std::vector<report::OutputSpec> specs;
  for (const model::ResourceSpec& spec : type.resources) {
    specs.push_back({.name = spec.name,
                     .kind = "resource",
                     .description = spec.description,
                     .schema = spec.schema});
  }
  for (const model::FileSpec& spec : type.files) {
    specs.push_back({.name = spec.name,
                     .kind = "file",
                     .description = spec.description,
                     .content_type = spec.content_type});
  }
  return specs;
}

report::MethodRun run_of(const MethodCall& call, const MethodOutcome& outcome) {
  report::MethodRun run{
      .ending = outcome.succeeded ? report::Ending::succeeded : report::Ending::failed,
      .error = outcome.error ? outcome.error->message : "",
      .model_id = call.instance.id,
      .model_name = call.instance.name,
      .model_type = call.instance.type,
      .method = call.method,
      .global_args = outcome.global_arguments,
      .method_args = outcome.arguments,
      .specs = specs_of(*call.type)};
  for (const ArtifactInfo& info : outcome.infos) {
    run.products.push_back({.name = info.name,
                            .kind = info.kind,
                            .spec = info.spec_name,
                            .version = static_cast<std::uint32_t>(info.version)});
  }
  return run;
}

/// Stores both halves of a report and tells of it.
Result<> keep(std::string_view name, const MethodCall& call, const report::Report& made,
              CallContext& context, MethodListener& listener, MethodOutcome& outcome) {
  for (report::StoredReport& half :
       report::stored_report(name, report::Scope::method, call.report_suffix, made)) {
    SWAMP_CHECK(context.write_report(half.metadata.name, half.metadata.content_type,
                                     std::move(half.content), half.metadata.tags,
                                     outcome.report_artifacts));
  }
  outcome.reports.push_back({.name = std::string(name),
                             .scope = "method",
                             .success = true,
                             .built_in = true,
                             .markdown = made.markdown,
                             .json = made.json});
  listener.on_report(outcome.reports.back());
  return {};
}

void miss(std::string_view name, MethodListener& listener, MethodOutcome& outcome) {
  const std::string message = fmt::format("required report '{}' is not known", name);
  outcome.reports.push_back({.name = std::string(name), .scope = "method", .error = message});
  listener.on_report(outcome.reports.back());
  if (!outcome.succeeded) return;
  outcome.succeeded = false;
  outcome.error =
      Error{.code = ErrorCode::not_found,
            .message = message,
            .hint = "take it out of 'reports.require', or install the extension that has it",
            .name = "method_execution_failed"};
}

}  // namespace

Result<> make_reports(const MethodCall& call, const model::Method& method, CallContext& context,
                      MethodListener& listener, MethodOutcome& outcome) {
  const auto known = report::builtin_reports();
  const auto rules =
      call.definition == nullptr ? report::ReportRules() : report_rules(call.definition->reports);
  const auto selected = report::select_reports(known, call.type->reports, report::Scope::method,
                                               method.name, rules, report_flags(call.selection));
  for (const std::string& name : selected.missing) {
    miss(name, listener, outcome);
  }
  for (const report::Choice& choice : selected.run) {
    // The one report of this scope that needs no extension.
    if (choice.name != "@swamp/method-summary") continue;
    SWAMP_CHECK(keep(choice.name, call, report::method_summary(run_of(call, outcome)), context,
                     listener, outcome));
  }
  return {};
}

}  // namespace swamp::engine
