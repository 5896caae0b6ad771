#include "cli/evaluated_documents.h"

#include <fmt/format.h>

#include "cli/answer.h"

namespace swamp::cli {
namespace {

void warn_of(const app::Session& session, std::string_view kind, const EvaluatedDocument& one) {
  for (Error warning : one.warnings) {
    session.warn(std::move(warning).while_doing(fmt::format("evaluating {} '{}'", kind, one.name)));
  }
}

std::string text_of(const EvaluatedDocument& one) {
  return fmt::format("Evaluated {}: {}\n", one.name, one.path);
}

}  // namespace

Result<ExitCode> answer_evaluated(const Invocation& invocation, Io& io, const app::Session& session,
                                  std::string_view kind, const EvaluatedDocument& one) {
  warn_of(session, kind, one);
  return answer(invocation, io, one.document, text_of(one));
}

Result<ExitCode> answer_evaluated(const Invocation& invocation, Io& io, const app::Session& session,
                                  std::string_view kind, std::vector<EvaluatedDocument> all) {
  List items;
  std::string text;
  for (EvaluatedDocument& one : all) {
    warn_of(session, kind, one);
    items.push_back(std::move(one.document));
    text += text_of(one);
  }
  const auto count = static_cast<std::int64_t>(all.size());
  return answer(invocation, io,
                Map{{"items", std::move(items)}, {"total", count}, {"evaluated", count}},
                text.empty() ? fmt::format("No {}s.\n", kind) : text);
}

}  // namespace swamp::cli
