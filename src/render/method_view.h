#pragma once

#include <string>
#include <string_view>

#include "render/held_output.h"
#include "render/log_detail.h"
#include "render/output.h"
#include "render/run_view.h"
#include "render/style.h"

namespace swamp::render {

/// One method run for people: a status word on the right of its column, then what it is about;
/// output below.
///
///       Executing   web.execute (command/shell)
///                   <each line that it prints>
///       Completed   in 28ms
class MethodView final : public RunView {
 public:
  MethodView(Output& out, Style style, LogDetail detail)
      : out_(out), style_(style), detail_(detail) {}

  void on_event(const engine::RunEvent& event) override;

  /// A line with its status word.
  void status(std::string_view word, Ink ink, std::string_view text);

  /// The method has failed: in quiet mode what it printed is shown after all.
  void replay();

 private:
  void tell(const engine::MethodResolved& event);
  void tell(const engine::MethodOutput& event);
  void tell(const engine::StepNotice& event);
  void tell(const engine::ReportEnded& event);
  template <class Other>
  void tell(const Other&) {}

  void below(std::string_view line);

  Output& out_;
  Style style_;
  LogDetail detail_;
  HeldOutput held_;
};

}  // namespace swamp::render
