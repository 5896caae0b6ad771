#include "app/cancel_requests.h"

#include <csignal>

#include <fmt/format.h>

#include "base/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "value/json.h"
#include "value/text_of.h"

namespace swamp::app {
namespace {

constexpr std::string_view kEnding = ".cancel";

/// Whether a process has a file open.
bool has_open(std::int64_t pid, const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::directory_iterator descriptors(fmt::format("/proc/{}/fd", pid), ignored);
  for (const auto& descriptor : descriptors) {
    if (std::filesystem::equivalent(descriptor.path(), file, ignored)) return true;
  }
  return false;
}

}  // namespace

Result<> ask_to_cancel(const store::Layout& layout, std::int64_t pid, const CancelRequest& request,
                       std::filesystem::path& path) {
  if (!has_open(pid, layout.journal(request.run_id))) {
    return fail(ErrorCode::conflict,
                fmt::format("process {} does not work on run '{}' any more", pid, request.run_id));
  }
  path = layout.journals / fmt::format("{}.{}{}", request.run_id, random_ids().uuid(), kEnding);
  const Map document{{"run", request.run_id}, {"step", request.step}, {"reason", request.reason}};
  SWAMP_CHECK(os::write_new_file(path, write_json(document)));
  ::kill(static_cast<pid_t>(pid), SIGUSR1);
  return {};
}

void take_cancel_requests(const store::Layout& layout,
                          const std::function<bool(const CancelRequest&)>& take) {
  const auto entries = os::list_directory(layout.journals);
  if (!entries) return;
  for (const os::DirectoryEntry& entry : *entries) {
    if (!entry.name.ends_with(kEnding)) continue;
    const auto path = layout.journals / entry.name;
    const auto text = os::read_file(path, 64 * 1024);
    const auto document = text ? parse_json(*text, entry.name) : Value();
    if (!document) continue;
    const CancelRequest request{.run_id = text_of((*document)["run"]),
                                .step = text_of((*document)["step"]),
                                .reason = text_of((*document)["reason"])};
    if (take(request)) (void)os::remove_file(path);
  }
}

}  // namespace swamp::app
