#include "model/builtin/shell_call.h"

#include <chrono>

#include <fmt/format.h>

#include "async/cancellation.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "model/builtin/shell_output.h"
#include "model/builtin/shell_quoting.h"
#include "model/builtin/spool.h"
#include "value/json.h"

namespace swamp::model {
namespace {

using Stream = driver::Chunk::Stream;

constexpr std::size_t kResultLimit =
    16U << 20;  // of each stream, in the result; the log has everything
constexpr std::size_t kLineLimit = 1U << 20;  // a longer line is told in pieces
constexpr std::chrono::seconds kDrain(
    5);  // for pipes that background children keep open after a time limit

/// What one stream of the command goes through: redacted, kept within bounds, told line by line.
class StreamTap {
 public:
  StreamTap(MethodContext& context, Stream stream)
      : context_(context), stream_(stream), filter_(context.redactor()) {}

  /// The redacted bytes that came out, for the log.
  std::string feed(std::string_view bytes) { return take(filter_->feed(bytes)); }

  std::string finish() {
    std::string text = take(filter_->finish());
    if (!line_.empty()) tell_line();
    return text;
  }

  const BoundedText& kept() const { return kept_; }

 private:
  std::string take(std::string text) {
    kept_.append(text);
    for (std::string_view rest = text; !rest.empty();) {
      const auto end = rest.find('\n');
      line_ += rest.substr(0, end);
      if (end == std::string_view::npos) {
        if (line_.size() >= kLineLimit) tell_line();
        break;
      }
      tell_line();
      rest.remove_prefix(end + 1);
    }
    return text;
  }

  void tell_line() {
    context_.output(stream_, line_);
    line_.clear();
  }

  MethodContext& context_;
  Stream stream_;
  std::unique_ptr<StreamFilter> filter_;
  BoundedText kept_{kResultLimit};
  std::string line_;
};

/// The data item `log`: `[stdout]`, what came there, `[stderr]`, what came there; each without its
/// final newline, an absent part left out. Output goes straight to the file; error output waits in
/// a spool until the rest is known.
class LogWriter {
 public:
  explicit LogWriter(MethodContext& context) : context_(context) {}

  Result<> add(Stream stream, std::string_view text) {
    if (text.empty()) return {};
    return stream == Stream::out ? write_body("[stdout]\n", text) : errors_.append(text);
  }

  Result<> finalize() {
    held_newline_ = false;
    SWAMP_CHECK(open());
    if (!errors_.empty()) {
      const std::string title = started_ ? "\n[stderr]\n" : "[stderr]\n";
      SWAMP_CHECK(file_->append(title));
      started_ = true;
      SWAMP_CHECK(errors_.replay([&](std::string_view piece) { return write_body("", piece); }));
    }
    auto handle = file_->finalize();
    if (!handle) return fail(handle.error());
    return {};
  }

 private:
  Result<> open() {
    if (file_ != nullptr) return {};
    SWAMP_TRY(file_, context_.open_file("log", "log", {}));
    return {};
  }

  /// Writes all but a newline at the very end, which is held back until more comes.
  Result<> write_body(std::string_view title, std::string_view text) {
    SWAMP_CHECK(open());
    if (!started_ && !title.empty()) SWAMP_CHECK(file_->append(title));
    started_ = true;
    if (held_newline_) SWAMP_CHECK(file_->append("\n"));
    held_newline_ = text.back() == '\n';
    if (held_newline_) text.remove_suffix(1);
    return text.empty() ? Result<>{} : file_->append(text);
  }

  MethodContext& context_;
  std::unique_ptr<FileWriter> file_;
  Spool errors_;
  bool started_ = false;
  bool held_newline_ = false;
};

class ShellCall {
 public:
  explicit ShellCall(MethodContext& context)
      : context_(context), out_(context, Stream::out), err_(context, Stream::err), log_(context) {}

  Task<> run() {
    SWAMP_CO_TRY(auto spec, process_spec());
    started_at_ = context_.now();
    const auto begin = std::chrono::steady_clock::now();
    SWAMP_CO_TRY(process_, co_await context_.environment().start(std::move(spec)));

    auto ended = co_await drive();
    duration_ = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    if (!ended) {
      // Asked to stop, or out of time: the group goes first, whatever is asked of us meanwhile.
      co_await acknowledge_cancellation();
      const driver::EndOptions options;
      (void)co_await process_->end(options);
      if (ended.error().code != ErrorCode::timed_out || !timeout()) co_return fail(ended.error());
      timed_out_ = true;
    }
    if (ended && !exit_.is_success()) {
      // What a failed command started must not go on behind its back.
      const driver::EndOptions options;
      SWAMP_CO_CHECK(co_await process_->end(options));
    }
    SWAMP_CO_CHECK(log_.add(Stream::out, out_.finish()));
    SWAMP_CO_CHECK(log_.add(Stream::err, err_.finish()));
    co_return co_await conclude();
  }

 private:
  const Value& argument(std::string_view name) const { return context_.arguments()[name]; }

  std::optional<std::chrono::milliseconds> timeout() const {
    const Value& limit = argument("timeout");
    if (!limit.is_number()) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(limit.to_double()));
  }

  Result<driver::ProcessSpec> process_spec() const {
    SWAMP_TRY(auto script, take_out_secrets(argument("run")));
    driver::ProcessSpec spec{.argv = {"sh", "-c", std::move(script.text)},
                             .env = context_.process_variables(),
                             .directory = context_.working_directory(),
                             .input = context_.process_input()};
    if (argument("env").is_map()) {
      for (const auto& [name, value] : argument("env").as_map()) {
        spec.env[name] = value.as_string();
      }
    }
    spec.env.merge(script.variables);
    if (argument("workingDir").is_string()) spec.directory = argument("workingDir").as_string();
    return spec;
  }

  Task<> drive() {
    const auto limit = timeout();
    if (!limit) co_return co_await run_to_end();
    SWAMP_CO_CHECK(co_await within(*limit, run_to_exit()));
    // With a time limit, a background child that keeps the pipes open is not waited for any longer
    // than this.
    auto drained = co_await within(kDrain, pump());
    if (drained) co_return Result<>{};
    if (drained.error().code != ErrorCode::timed_out) co_return fail(drained.error());
    // It would write to nobody.
    const driver::EndOptions options;
    co_return co_await process_->end(options);
  }

  Task<> run_to_end() {
    SWAMP_CO_CHECK(co_await pump());
    SWAMP_CO_TRY(exit_, co_await process_->wait());
    co_return Result<>{};
  }

  /// Reads while the main process runs; what is still in the pipes afterwards is for the caller.
  Task<> run_to_exit() {
    TaskGroup reading(co_await asio::this_coro::executor);
    reading.spawn(pump());
    auto exit = co_await process_->wait();
    reading.cancel();
    auto read = co_await reading.join();
    if (!exit) co_return fail(exit.error());
    exit_ = *exit;
    if (!read && read.error().code != ErrorCode::cancelled) co_return fail(read.error());
    co_return Result<>{};
  }

  Task<> pump() {
    while (true) {
      SWAMP_CO_TRY(auto chunk, co_await process_->read());
      if (!chunk) co_return Result<>{};
      StreamTap& tap = chunk->stream == Stream::out ? out_ : err_;
      SWAMP_CO_CHECK(log_.add(chunk->stream, tap.feed(chunk->bytes)));
    }
  }

  Task<> conclude() {
    const bool ignore =
        argument("ignoreExitCode").is_bool() && argument("ignoreExitCode").as_bool();
    if (!ignore && timed_out_) {
      co_return fail(Error{
          .code = ErrorCode::timed_out,
          .message = fmt::format("the command took longer than its argument 'timeout' of {}ms",
                                 timeout()->count()),
          .hint = "raise its 'timeout' (milliseconds), or find out what it waits for",
          .name = "method_execution_failed"});
    }
    if (!ignore && !exit_.is_success()) co_return fail(exit_error());
    WriteOptions options;
    auto handle =
        co_await context_.write_resource("result", "result", result(), std::move(options));
    if (!handle) co_return fail(handle.error());
    co_return log_.finalize();
  }

  Error exit_error() const {
    Error error{.code = ErrorCode::unavailable,
                .message = exit_.signal != 0
                               ? fmt::format("command was ended by signal {}", exit_.signal)
                               : fmt::format("Command exited with code {}", exit_.code),
                .name = "method_execution_failed"};
    // The last thing it complained of is most often the cause.
    const std::string complaint = err_.kept().text();
    const auto line = complaint.substr(complaint.rfind('\n') + 1);
    if (!line.empty())
      error.notes.push_back("its last error line was: " + to_valid_utf8(line.substr(0, 500)));
    return error;
  }

  Value result() const {
    const auto text = [](const BoundedText& kept) { return to_valid_utf8(kept.text()); };
    std::string errors = text(err_.kept());
    if (timed_out_) {
      if (!errors.empty()) errors += '\n';
      errors += fmt::format("Command timed out after {}ms", timeout()->count());
    }
    Map result{{"exitCode", timed_out_ ? -1 : exit_.code},
               {"executedAt", to_iso8601(started_at_)},
               {"command", argument("run")},
               {"durationMs", std::int64_t{duration_.count()}},
               {"stdout", text(out_.kept())},
               {"stderr", std::move(errors)}};
    if (out_.kept().is_truncated() || err_.kept().is_truncated()) result.set("truncated", true);
    return result;
  }

  MethodContext& context_;
  StreamTap out_;
  StreamTap err_;
  LogWriter log_;
  std::unique_ptr<driver::Process> process_;
  Timestamp started_at_;
  std::chrono::milliseconds duration_{0};
  driver::Exit exit_;
  bool timed_out_ = false;
};

}  // namespace

Task<> run_shell_call(MethodContext& context) {
  ShellCall call(context);
  co_return co_await call.run();
}

}  // namespace swamp::model
