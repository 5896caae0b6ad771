#include <algorithm>

#include <fmt/format.h>

#include "os/directory.h"
#include "os/file.h"
#include "store/output_record.h"
#include "store/record_file.h"
#include "yaml/write.h"

namespace swamp::store {

namespace fs = std::filesystem;

namespace {

constexpr int kDeepestType = 32;

struct OutputFile {
  std::string type;
  fs::path path;
};

/// Every record below a folder of `<type…>/<method>/<file>.yaml`.
void find_files(const fs::path& folder, const std::vector<std::string>& levels,
                std::vector<OutputFile>& found) {
  for (const os::DirectoryEntry& entry : os::find_entries(folder)) {
    if (entry.kind == os::EntryKind::directory && levels.size() < kDeepestType) {
      auto below = levels;
      below.push_back(entry.name);
      find_files(folder / entry.name, below, found);
    } else if (entry.kind == os::EntryKind::file && entry.name.ends_with(".yaml") &&
               levels.size() >= 2) {
      const auto type = fmt::format("{}", fmt::join(levels.begin(), levels.end() - 1, "/"));
      found.push_back({type, folder / entry.name});
    }
  }
}

std::vector<OutputFile> output_files(const Layout& layout) {
  std::vector<OutputFile> found;
  find_files(layout.outputs, {}, found);
  return found;
}

bool is_newer(const FoundOutput& a, const FoundOutput& b) {
  if (a.record.started_at != b.record.started_at) return a.record.started_at > b.record.started_at;
  return a.path > b.path;
}

std::string stem(std::string_view definition_id, Timestamp started_at) {
  return fmt::format("{}-{}", definition_id, file_stamp(to_iso8601(started_at)));
}

}  // namespace

OutputStore::OutputStore(Layout layout) : layout_(std::move(layout)) {}

Result<fs::path> OutputStore::write(std::string_view type, const OutputRecord& record) {
  const auto folder = layout_.method_outputs(type, record.method);
  const auto name = stem(record.definition_id, record.started_at);
  const auto text = yaml::write(record.to_value());
  constexpr int kMostOfOneMillisecond = 1000;
  for (int copy = 1; copy <= kMostOfOneMillisecond; ++copy) {
    const auto path = folder / (copy == 1 ? name + ".yaml" : fmt::format("{}-{}.yaml", name, copy));
    auto written = os::write_new_file(path, text);
    if (!written &&
        written.error().code == ErrorCode::not_found) {  // the first record of its method
      SWAMP_CHECK(os::make_directories(folder));
      written = os::write_new_file(path, text);
    }
    if (written) return path;
    if (written.error().code != ErrorCode::conflict) return fail(std::move(written).error());
  }
  return fail(ErrorCode::conflict, fmt::format("no name for output '{}' is free", record.id));
}

Result<FoundOutput> OutputStore::find(std::string_view id_or_prefix) const {
  const auto prefix = normalized_prefix(id_or_prefix);
  std::vector<FoundOutput> matches;
  if (!prefix.empty()) {
    for (FoundOutput& output : list().outputs) {
      if (has_prefix(output.record.id, prefix)) matches.push_back(std::move(output));
    }
  }
  if (matches.empty())
    return fail(ErrorCode::not_found, fmt::format("output '{}' does not exist", id_or_prefix));
  if (matches.size() == 1) return std::move(matches.front());
  std::vector<std::string> ids;
  for (const FoundOutput& output : matches)
    ids.push_back(output.record.id);
  return fail(ambiguous_prefix(id_or_prefix, ids));
}

Result<std::optional<FoundOutput>> OutputStore::latest(std::string_view type,
                                                       std::string_view definition_id) const {
  // The names tell definition and time, so only the newest need be read.
  std::vector<OutputFile> files;
  for (const os::DirectoryEntry& method : os::find_entries(layout_.outputs / type)) {
    if (method.kind != os::EntryKind::directory) continue;
    const auto folder = layout_.outputs / type / method.name;
    for (const os::DirectoryEntry& entry : os::find_entries(folder)) {
      const bool is_record =
          entry.name.starts_with(std::string(definition_id) + "-") && entry.name.ends_with(".yaml");
      if (entry.kind == os::EntryKind::file && is_record)
        files.push_back({std::string(type), folder / entry.name});
    }
  }
  std::sort(files.begin(), files.end(), [](const OutputFile& a, const OutputFile& b) {
    return a.path.filename() > b.path.filename();
  });
  for (const OutputFile& file : files) {
    auto record = read_record<OutputRecord>(file.path);
    if (record)
      return FoundOutput{.type = file.type, .record = *std::move(record), .path = file.path};
  }
  return std::nullopt;
}

OutputStore::Listing OutputStore::list(std::string_view definition_id) const {
  Listing listing;
  for (const OutputFile& file : output_files(layout_)) {
    const auto name = file.path.filename().string();
    if (!definition_id.empty() && !name.starts_with(std::string(definition_id) + "-")) continue;
    auto record = read_record<OutputRecord>(file.path);
    if (record) {
      listing.outputs.push_back(
          {.type = file.type, .record = *std::move(record), .path = file.path});
    } else if (record.error().code !=
               ErrorCode::not_found) {  // gone since the listing: nothing to tell
      listing.warnings.push_back(std::move(record).error());
    }
  }
  std::sort(listing.outputs.begin(), listing.outputs.end(), is_newer);
  return listing;
}

Result<> OutputStore::remove(const FoundOutput& output) {
  SWAMP_TRY(const bool was_there, os::remove_file(output.path));
  if (!was_there) {
    return fail(ErrorCode::not_found, fmt::format("output '{}' does not exist", output.record.id));
  }
  if (output.record.log_file.empty()) return {};
  const auto log = (layout_.repository / output.record.log_file).lexically_normal();
  const auto below = log.lexically_relative(layout_.outputs.lexically_normal());
  const bool is_ours = !below.empty() && *below.begin() != ".." && log.extension() == ".log";
  if (is_ours) SWAMP_CHECK(os::remove_file(log));
  return {};
}

fs::path OutputStore::log_path(std::string_view type, std::string_view method,
                               std::string_view definition_id, Timestamp started_at) const {
  return layout_.method_outputs(type, method) / (stem(definition_id, started_at) + ".log");
}

}  // namespace swamp::store
