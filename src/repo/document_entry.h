#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/file.h"

namespace swamp::repo {

enum class DocumentKind : std::uint8_t {
  definition,       // below models/: a person's
  auto_definition,  // below .swamp/auto-definitions: made by a run
  workflow,
};

/// What is known of a definition or workflow without opening its file.
struct DocumentEntry {
  DocumentKind kind = DocumentKind::definition;
  std::string path;                // relative to the repository
  os::FileIdentity identity = {};  // the state of the file that the rest was read from
  bool broken = false;  // cannot be read as what it should be; the members below are then empty
  std::string id = {};
  std::string name = {};
  std::string type = {};  // normalized; empty for workflows
  std::vector<std::pair<std::string, std::string>> tags = {};
  std::string description = {};  // of a workflow
  std::string schedule = {};     // of a workflow; empty when it has none
  bool has_trigger = false;
  bool has_inputs = false;
  std::uint32_t job_count = 0;

  bool is_workflow() const { return kind == DocumentKind::workflow; }

  friend bool operator==(const DocumentEntry&, const DocumentEntry&) = default;
};

/// Whether name, type, id, description or a tag (`key=value`) holds `query`, without regard to the
/// case of ASCII letters. An empty query matches everything.
bool matches(const DocumentEntry& entry, std::string_view query);

}  // namespace swamp::repo
