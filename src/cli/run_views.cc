#include "cli/run_views.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "os/file.h"
#include "render/json_stream.h"
#include "render/line_log.h"
#include "render/live_view.h"

namespace swamp::cli {

render::LogDetail log_detail(const Invocation& invocation, const Io& io) {
  const Globals globals = invocation.globals();
  return {.quiet = globals.quiet,
          .verbose = globals.verbose,
          .properties = globals.show_properties,
          .terminal = io.is_terminal(Io::Stream::out)};
}

RunViews::RunViews(const Invocation& invocation, Io& io, const Clock& clock)
    : invocation_(invocation), io_(io) {
  const Globals globals = invocation.globals();
  const bool junit = invocation.has("junit");
  const bool xml_on_stdout = junit && !invocation.has("out");
  if (invocation.json()) {
    json_.emplace(globals.verbose);
    fan_.views.push_back(&*json_);
    if (invocation.has("stream")) shown_ = std::make_unique<render::JsonStream>(io.out(), clock);
  } else if (!xml_on_stdout) {
    const auto detail = log_detail(invocation, io);
    const auto style = style_of(invocation, io, Io::Stream::out);
    const bool moves_cursor = detail.terminal && io.env("TERM").value_or("dumb") != "dumb";
    if (moves_cursor && !globals.log && !globals.quiet) {
      shown_ = std::make_unique<render::LiveView>(io.out(), clock, style, detail,
                                                  [&io] { return io.terminal_size(); });
    } else {
      shown_ = std::make_unique<render::LineLog>(io.out(), clock, style, detail);
    }
  }
  if (shown_ != nullptr) fan_.views.push_back(shown_.get());
  if (junit) fan_.views.push_back(&junit_.emplace());
}

std::function<void()> RunViews::tick() {
  if (shown_ == nullptr || invocation_.json()) return {};
  return [view = shown_.get()] { view->tick(); };
}

void RunViews::finish() {
  for (render::RunView* view : fan_.views) {
    view->finish();
  }
}

Value RunViews::document(const app::WorkflowRun& run) const {
  return json_ ? json_->document(run.outcome.record, run.record_path) : Value();
}

Result<> RunViews::write_junit() {
  if (!junit_) return {};
  if (junit_->case_count() == 0) {
    warn(invocation_, io_,
         {.code = ErrorCode::invalid_input,
          .message = "the run has no assert steps; the JUnit document is empty"});
  }
  auto file = invocation_.text("out");
  if (!file) {
    io_.out().write(junit_->xml());
    return {};
  }
  SWAMP_CHECK(os::write_file_atomically(io_.directory() / std::string(*file), junit_->xml()));
  io_.err().write(fmt::format("JUnit XML written to {}\n", *file));
  return {};
}

}  // namespace swamp::cli
