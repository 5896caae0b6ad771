#include "cli/open_session.h"

#include "cli/answer.h"
#include "os/file.h"

namespace swamp::cli {

Result<std::unique_ptr<app::Session>> open_session(const Invocation& invocation, Io& io,
                                                   Access access) {
  app::SessionOptions options{.directory = io.directory(),
                              .read_only = access == Access::read_only};
  if (auto given = invocation.text("repo-dir")) options.repository = std::string(*given);
  options.env = [&io](std::string_view name) { return io.env(name); };
  options.warn = [&invocation, &io](const Error& warning) { warn(invocation, io, warning); };
  return app::Session::open(std::move(options));
}

InputContext input_context(Io& io) {
  const std::filesystem::path directory = io.directory();
  return {.read_file =
              [directory](const std::filesystem::path& path) {
                return os::read_file(directory / path);
              },
          .home = io.env("HOME").value_or("")};
}

}  // namespace swamp::cli
