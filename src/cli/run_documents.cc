#include "cli/run_documents.h"

#include "render/error_text.h"
#include "render/json_document.h"

namespace swamp::cli {

ExitCode code_of(const engine::RunOutcome& outcome, const app::Session& session) {
  const bool is_good = outcome.status == engine::RunStatus::succeeded ||
                       outcome.status == engine::RunStatus::suspended;
  if (is_good && outcome.failed_asserts) {
    session.warn({.code = ErrorCode::invalid_input,
                  .message = "an assert failed that is not below '--fail-on'",
                  .hint = "its step allows it to fail: leave '--fail-on' out to let that decide"});
  }
  return is_good && !outcome.failed_asserts ? ExitCode::success : ExitCode::failure;
}

void RunDocuments::add(Value document) {
  if (!invocation_.json()) return;
  if (invocation_.has("stream")) {
    io_.out().write(render::json_line(document));
    io_.out().flush();
  } else {
    documents_.push_back(std::move(document));
  }
}

Result<ExitCode> RunDocuments::finish(ExitCode code, std::optional<Error> error) {
  if (documents_.empty() || (error && !several_)) {
    if (error) return fail(*std::move(error));
    return code;
  }
  if (!several_) {
    io_.out().write(render::json_document(documents_.front()));
    return code;
  }
  Map document{{"runs", std::move(documents_)}};
  if (error) document.set("error", render::error_document(*error));
  io_.out().write(render::json_document(document));
  return error ? exit_code_of(*error) : code;
}

}  // namespace swamp::cli
