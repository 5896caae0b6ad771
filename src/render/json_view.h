#pragma once

#include <string>
#include <vector>

#include "render/run_document.h"
#include "render/run_view.h"

namespace swamp::render {

/// Listens to a run for the sake of the one document that `--json` prints at its end. What the
/// record will say is not kept, so memory grows only with failed reports and warnings (and bodies,
/// when they are asked for).
class JsonView final : public RunView {
 public:
  explicit JsonView(bool bodies) { extras_.bodies = bodies; }

  void on_event(const engine::RunEvent& event) override;

  /// `path` is that of the record's file.
  Value document(const store::RunRecord& record, std::string path) const;

 private:
  RunDocumentExtras extras_;
};

}  // namespace swamp::render
