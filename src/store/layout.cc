#include "store/layout.h"

#include <fmt/format.h>

namespace swamp::store {

namespace fs = std::filesystem;

Layout Layout::in(const fs::path& repository) {
  const fs::path root = repository / ".swamp";
  return {.repository = repository,
          .data = root / "data",
          .outputs = root / "outputs",
          .workflow_runs = root / "workflow-runs",
          .logs = root / "workflow-runs",
          .journals = root / "workflow-runs" / ".journals"};
}

fs::path Layout::instance(std::string_view type, std::string_view model_id) const {
  return data / type / model_id;
}

fs::path Layout::catalog() const {
  return data / "_swamp.db";
}

fs::path Layout::original_catalog() const {
  return data / "_catalog.db";
}

fs::path Layout::method_outputs(std::string_view type, std::string_view method) const {
  return outputs / type / method;
}

fs::path Layout::runs_of(std::string_view workflow_id) const {
  return workflow_runs / workflow_id;
}

fs::path Layout::run_record(std::string_view workflow_id, std::string_view run_id) const {
  return runs_of(workflow_id) / fmt::format("workflow-run-{}.yaml", run_id);
}

fs::path Layout::run_log(std::string_view workflow_id, std::string_view run_id) const {
  return logs / workflow_id / fmt::format("workflow-run-{}.log", run_id);
}

fs::path Layout::runs_index(std::string_view workflow_id) const {
  return runs_of(workflow_id) / ".runs-index.json";
}

fs::path Layout::journal(std::string_view run_id) const {
  return journals / fmt::format("{}.journal", run_id);
}

fs::path Layout::run_private(std::string_view run_id) const {
  return journals / fmt::format("{}.private", run_id);
}

std::string Layout::relative(const fs::path& path) const {
  const auto below = path.lexically_relative(repository);
  return below.empty() || *below.begin() == ".." ? path.string() : below.string();
}

}  // namespace swamp::store
