#include <algorithm>

#include <fmt/format.h>

#include "report/markdown.h"
#include "report/report.h"
#include "value/json.h"

namespace swamp::report {

namespace {

std::string retrieval_command(const MethodRun& run, const Product& product) {
  return fmt::format("swamp data get {} {} --version {}", run.model_name, product.name,
                     product.version);
}

std::string subject_of(const MethodRun& run) {
  return fmt::format("{} ({})", run.model_name, run.model_type);
}

/// `2 files (log, trace)`: how many of a kind, and of which specs; empty when there are none.
std::string count_of(const std::vector<Product>& products, std::string_view kind) {
  std::size_t count = 0;
  std::vector<std::string> specs;
  for (const Product& product : products) {
    if (product.kind != kind) continue;
    ++count;
    if (std::find(specs.begin(), specs.end(), product.spec) == specs.end())
      specs.push_back(product.spec);
  }
  if (count == 0) return {};
  return fmt::format("{} {}{} ({})", count, kind, count == 1 ? "" : "s", fmt::join(specs, ", "));
}

std::string narrative_of(const MethodRun& run) {
  const std::string start = fmt::format("{} on {}", run.method, subject_of(run));
  if (run.ending == Ending::failed) return fmt::format("{} failed: {}", start, run.error);
  std::vector<std::string> counts;
  for (const std::string_view kind : {"resource", "file"}) {
    if (std::string count = count_of(run.products, kind); !count.empty())
      counts.push_back(std::move(count));
  }
  if (counts.empty()) return fmt::format("{} succeeded with no data output.", start);
  return fmt::format("{} succeeded, producing {}.", start, fmt::join(counts, ", "));
}

bool has_entries(const Value& arguments) {
  return arguments.is_map() && !arguments.as_map().empty();
}

void add_arguments(Markdown& text, const MethodRun& run) {
  text.add("## Arguments");
  if (!has_entries(run.global_args) && !has_entries(run.method_args)) text.add("No arguments.");
  if (has_entries(run.global_args)) {
    text.add("**Global Arguments**");
    text.add_json(write_json(run.global_args, {.indent = 2}));
  }
  if (has_entries(run.method_args)) {
    text.add("**Method Arguments**");
    text.add_json(write_json(run.method_args, {.indent = 2}));
  }
}

void add_products(Markdown& text, const MethodRun& run) {
  if (run.products.empty()) return;
  text.add("## Data Output");
  std::vector<std::vector<std::string>> rows = {{"Name", "Kind", "Retrieval Command"}};
  for (const Product& product : run.products) {
    rows.push_back({bold(product.name), product.kind, code(retrieval_command(run, product))});
  }
  text.add_table(rows);
}

std::string markdown_of(const MethodRun& run, const std::string& narrative) {
  Markdown text;
  std::string title =
      fmt::format("# {} → {}: {}", subject_of(run), run.method, to_string(run.ending));
  if (!run.program_sha.empty()) title += fmt::format(" | git sha: {}", run.program_sha);
  text.add(title);
  text.add(narrative);
  if (!run.error.empty()) {
    text.add("## Error");
    text.add(run.error);
  }
  add_arguments(text, run);
  add_products(text, run);
  // The arguments end with a line end of their own, the table does not; other tools compare the
  // bytes.
  return std::move(text).take() + (run.products.empty() ? "\n" : "");
}

Value specs_of(const MethodRun& run) {
  List specs;
  for (const OutputSpec& spec : run.specs) {
    Map entry{{"specName", spec.name}, {"kind", spec.kind}};
    if (!spec.description.empty()) entry.set("description", spec.description);
    if (!spec.schema.is_null()) entry.set("schema", spec.schema);
    if (!spec.content_type.empty()) entry.set("contentType", spec.content_type);
    specs.push_back(std::move(entry));
  }
  return specs;
}

Value products_of(const MethodRun& run) {
  List products;
  for (const Product& product : run.products) {
    products.push_back(Map{{"name", product.name},
                           {"kind", product.kind},
                           {"specName", product.spec},
                           {"version", std::int64_t{product.version}},
                           {"retrievalCommand", retrieval_command(run, product)}});
  }
  return products;
}

}  // namespace

Report method_summary(const MethodRun& run) {
  const std::string narrative = narrative_of(run);
  Map json{{"status", to_string(run.ending)}};
  if (!run.error.empty()) json.set("error", run.error);
  json.set("modelId", run.model_id);
  json.set("modelName", run.model_name);
  json.set("modelType", run.model_type);
  json.set("methodName", run.method);
  if (!run.program_sha.empty()) json.set("swampSha", run.program_sha);
  json.set("narrative", narrative);
  json.set("globalArgs", run.global_args);
  json.set("methodArgs", run.method_args);
  if (!run.specs.empty()) json.set("outputSpecs", specs_of(run));
  json.set("dataProduced", products_of(run));
  return {.markdown = markdown_of(run, narrative), .json = std::move(json)};
}

Report error_report(std::string_view name, std::string_view scope, std::string_view message,
                    std::string_view trace) {
  Markdown text;
  text.add(fmt::format("# Report Error: {}", name));
  text.add(fmt::format("This report of scope {} could not be made.", scope));
  text.add("## Error");
  text.add(message);
  Map json{{"error", true}, {"reportName", name}, {"scope", scope}, {"message", message}};
  if (!trace.empty()) {
    text.add("## Stack Trace");
    text.add(fmt::format("```\n{}\n```", trace));
    json.set("stack", trace);
  }
  return {.markdown = std::move(text).take(), .json = std::move(json)};
}

}  // namespace swamp::report
