#include "render/method_view.h"

#include <variant>

#include <fmt/format.h>

#include "render/run_text.h"
#include "render/text.h"

namespace swamp::render {
namespace {

constexpr std::size_t kWord = 11;    // columns of the status word
constexpr std::size_t kIndent = 14;  // where text begins

}  // namespace

void MethodView::on_event(const engine::RunEvent& event) {
  std::visit([this](const auto& one) { tell(one); }, event);
}

void MethodView::status(std::string_view word, Ink ink, std::string_view text) {
  out_.write(fmt::format("{}   {}\n", style_.paint(ink, pad_left(word, kWord)), text));
  out_.flush();
}

void MethodView::below(std::string_view line) {
  out_.write(fmt::format("{:{}}{}\n", "", kIndent,
                         shown_line(line, detail_.terminal, style_.has_colour())));
  out_.flush();
}

void MethodView::tell(const engine::MethodResolved& event) {
  const std::string kind = event.ephemeral ? ", ephemeral" : "";
  const std::string id =
      detail_.properties ? " " + style_.paint(Ink::dim, "model=" + event.model_id) : "";
  status("Executing", Ink::cyan,
         fmt::format("{}.{} ({}{}){}", printable(event.model_name), printable(event.method),
                     event.model_type, kind, id));
}

void MethodView::tell(const engine::MethodOutput& event) {
  if (detail_.quiet) {
    held_.add(event.line);
  } else {
    below(event.line);
  }
}

void MethodView::replay() {
  if (held_.dropped() > 0)
    below(fmt::format("({} before these left out)", count_of(held_.dropped(), "line")));
  for (const std::string& line : held_.lines())
    below(line);
  held_ = {};
}

void MethodView::tell(const engine::StepNotice& event) {
  if (event.kind == "schema_validation_warning")
    return status("Warning", Ink::yellow, event.message);
  if (!detail_.quiet)
    status(event.kind == "lock_wait" ? "Waiting" : "Note", Ink::yellow, event.message);
}

void MethodView::tell(const engine::ReportEnded& event) {
  if (!event.success)
    return status("Report", Ink::yellow, fmt::format("{} failed: {}", event.name, event.error));
  if (event.built_in && !detail_.verbose) return;
  status("Report", Ink::cyan, event.name);
  for (const std::string_view line : lines_of(event.markdown))
    below(line);
}

}  // namespace swamp::render
