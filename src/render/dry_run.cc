#include "render/dry_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "render/error_text.h"
#include "render/text.h"
#include "value/json.h"

namespace swamp::render {
namespace {

using engine::DryField;
using engine::DryRun;
using engine::DryStep;
using engine::Foreseen;
using Course = DryStep::Course;

const Foreseen* find_field(const DryStep& step, std::string_view key) {
  for (const DryField& field : step.fields) {
    if (field.key == key) return &field.seen;
  }
  return nullptr;
}

std::string plain_text(const Value& value) {
  return value.is_string() ? value.as_string() : write_json(value);
}

std::string text_in(const DryStep& step, std::string_view key) {
  const Foreseen* seen = find_field(step, key);
  return seen == nullptr ? std::string() : plain_text(seen->value);
}

/// A step of which nothing was evaluated, such as one that is skipped, tells only what it is.
std::string what_of(std::string_view kind, std::string_view gap, const std::string& which) {
  return which.empty() ? std::string(kind) : fmt::format("{}{}{}", kind, gap, which);
}

/// `command/shell execute`, `workflow deploy`, `approval: ship it?`, …
std::string what_of(const DryStep& step) {
  if (step.task == "workflow") return what_of("workflow", " ", text_in(step, "workflowIdOrName"));
  if (step.task == "manual_approval") return what_of("approval", ": ", text_in(step, "prompt"));
  if (step.task == "assert") return what_of("assert", ": ", text_in(step, "message"));
  std::string whose = text_in(step, "modelIdOrName") + text_in(step, "modelType");
  if (const std::string name = text_in(step, "modelName"); !name.empty()) whose += " as " + name;
  if (step.instance && step.instance->ephemeral) whose += " (" + step.instance->name + ")";
  return whose.empty() ? "method" : whose + " " + text_in(step, "methodName");
}

std::string needs_text(const std::vector<DryStep::Need>& needs, std::string_view before) {
  std::string text;
  for (const DryStep::Need& need : needs) {
    text += (text.empty() ? std::string(before) : ", ") + need.step;
    if (need.condition->kind == spec::Condition::Kind::succeeded) continue;
    const std::string condition = spec::to_string(*need.condition);
    text += condition.starts_with('(') ? " " + condition : " (" + condition + ")";
  }
  return text;
}

class DryRunText {
 public:
  DryRunText(std::size_t width, Style style) : width_(width), style_(style) {}

  std::string write(const DryRun& run) {
    paint(0, Ink::bold, fmt::format("Dry run of {}", run.workflow->name));
    paint(0, Ink::dim,
          "Nothing was run and nothing was written. Steps with one number may run side "
          "by side.");
    line("");
    write_inputs(run, 0);
    write_steps(run, 0);
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_ += std::string(text) + "\n"; }

  void paint(std::size_t indent, Ink ink, std::string_view text) {
    const std::size_t room = width_ > indent + 8 ? width_ - indent : 8;
    line(std::string(indent, ' ') + style_.paint(ink, fit(printable(text), room)));
  }

  void write_inputs(const DryRun& run, std::size_t indent) {
    const Value& inputs = run.inputs.value;
    if (inputs.is_map() && inputs.as_map().empty() && run.inputs.unknown.empty()) return;
    paint(indent, Ink::bold, "Inputs");
    write_value("", run.inputs, indent + 2);
    line("");
  }

  void write_steps(const DryRun& run, std::size_t indent) {
    bool others = false;
    for (const DryStep& step : run.steps) {
      if (step.wave == 0 && !others) {
        others = true;
        line("");
        paint(indent, Ink::bold, "Would not start when all of this succeeds");
      }
      write_step(run, step, indent);
    }
  }

  void write_step(const DryRun& run, const DryStep& step, std::size_t indent) {
    const std::string number = step.wave == 0 ? "" : std::to_string(step.wave);
    const std::string name = printable(step.job + "/" + step.name);
    std::string head = fmt::format("{}{}  ", std::string(indent, ' '), pad_left(number, 3));
    const std::size_t used = display_width(head);
    head = style_.paint(Ink::cyan, head);
    std::string rest = what_of(step);
    for (const std::string& remark : remarks_of(run, step))
      rest += " · " + remark;
    const std::size_t room = width_ > used + 8 ? width_ - used : 8;
    const std::string shown = fit(name, room);
    head += style_.paint(step.course == Course::runs ? Ink::bold : Ink::plain, shown);
    if (display_width(shown) + 6 < room) {
      head += "  " + style_.paint(Ink::dim, fit(printable(rest), room - display_width(shown) - 2));
    }
    line(head);
    write_fields(step, used + 4);
    if (step.course == Course::fails) write_failure(step, used + 4);
    if (step.nested) {
      write_inputs(*step.nested, used + 4);
      write_steps(*step.nested, used + 4);
    }
  }

  static std::vector<std::string> remarks_of(const DryRun& run, const DryStep& step) {
    std::vector<std::string> remarks;
    if (step.course == Course::skipped && step.reason == "guarded")
      remarks.emplace_back("skipped: its guard is true");
    std::string needs = needs_text(step.needs, step.wave == 0 ? "only after " : "after ");
    if (step.needs.empty()) {
      for (const engine::DryJob& job : run.jobs) {
        if (job.name == step.job) needs = needs_text(job.needs, "after job ");
      }
    }
    if (!needs.empty()) remarks.push_back(std::move(needs));
    if (!step.for_each_template.empty()) remarks.push_back("of " + step.for_each_template);
    return remarks;
  }

  void write_fields(const DryStep& step, std::size_t indent) {
    for (const DryField& field : step.fields) {
      const bool in_head = field.key != "inputs" && field.key != "globalArgs" &&
                           field.key != "guard" && field.key != "forEach" && field.key != "expr";
      if (!in_head) {
        const bool is_inputs = field.key == "inputs";
        write_value(is_inputs ? "" : field.key, field.seen, indent);
      } else {
        write_unknown(field.seen, "", indent, field.key);
      }
    }
  }

  /// The parts of a map one a line, each with what is not known of it.
  void write_value(const std::string& name, const Foreseen& seen, std::size_t indent) {
    if (seen.value.is_map() && name.empty()) {
      for (const auto& [key, value] : seen.value.as_map()) {
        paint(indent, Ink::plain, fmt::format("{}: {}", key, plain_text(value)));
        write_unknown(seen, spec::pointer_to("", key), indent + 2, "");
      }
      for (const engine::Unknown& unknown : seen.unknown) {
        if (spec::find_at(seen.value, unknown.place) != nullptr) continue;
        paint(indent, Ink::plain,
              fmt::format("{}: {}", unknown.place.substr(1), unknown.expression));
        paint(indent + 2, Ink::yellow, "known only " + unknown.why.when);
      }
      return;
    }
    const std::string text = plain_text(seen.value);
    paint(indent, Ink::plain, name.empty() ? text : fmt::format("{}: {}", name, text));
    write_unknown(seen, "", indent + 2, "");
  }

  void write_unknown(const Foreseen& seen, const std::string& below, std::size_t indent,
                     const std::string& of) {
    std::vector<std::string> told;
    for (const engine::Unknown& unknown : seen.unknown) {
      const bool is_below =
          unknown.place == below || unknown.place.starts_with(below + "/") || below.empty();
      if (!is_below || std::find(told.begin(), told.end(), unknown.why.when) != told.end())
        continue;
      told.push_back(unknown.why.when);
      const std::string subject = of.empty() ? "" : of + " is ";
      paint(indent, Ink::yellow, fmt::format("{}known only {}", subject, unknown.why.when));
    }
  }

  void write_failure(const DryStep& step, std::size_t indent) {
    std::string text = "would fail";
    if (step.allowed_failure) text += ", which is allowed";
    if (step.error) text += ": " + step.error->message;
    paint(indent, step.allowed_failure ? Ink::yellow : Ink::red, text);
    if (step.error && step.error->where)
      paint(indent + 2, Ink::dim, "--> " + step.error->where->to_string());
  }

  std::size_t width_;
  Style style_;
  std::string out_;
};

// The document.

List needs_document(const std::vector<DryStep::Need>& needs, const char* key) {
  List document;
  for (const DryStep::Need& need : needs)
    document.push_back(Map{{key, need.step}, {"condition", spec::to_value(*need.condition)}});
  return document;
}

void add_unknown(List& list, const std::string& field, const Foreseen& seen) {
  for (const engine::Unknown& unknown : seen.unknown) {
    Map one{{"field", field},
            {"path", unknown.place},
            {"expression", unknown.expression},
            {"knownWhen", unknown.why.when}};
    if (unknown.why.secret) one.set("secret", true);
    list.push_back(std::move(one));
  }
}

Map step_document(const DryStep& step, std::size_t order) {
  Map document;
  if (step.wave > 0) {
    document.set("order", static_cast<std::int64_t>(order));
    document.set("wave", static_cast<std::int64_t>(step.wave));
  }
  document.set("job", step.job);
  document.set("name", step.name);
  if (!step.for_each_template.empty()) document.set("iterationOf", step.for_each_template);
  document.set("taskType", step.task);
  document.set("dependsOn", needs_document(step.needs, "step"));
  constexpr const char* kCourses[] = {"runs", "skipped", "fails"};
  document.set("course", kCourses[static_cast<std::size_t>(step.course)]);
  if (!step.reason.empty()) document.set("reason", step.reason);
  if (step.error) document.set("error", error_document(*step.error));
  if (step.allowed_failure) document.set("allowFailure", true);
  if (step.instance) {
    document.set("model", Map{{"id", step.instance->id},
                              {"name", step.instance->name},
                              {"type", step.instance->type},
                              {"ephemeral", step.instance->ephemeral}});
  }
  Map fields;
  List unknown;
  for (const DryField& field : step.fields) {
    fields.set(field.key, field.seen.value);
    add_unknown(unknown, field.key, field.seen);
  }
  document.set("fields", std::move(fields));
  document.set("unknown", std::move(unknown));
  if (step.nested) document.set("nested", dry_run_document(*step.nested));
  return document;
}

}  // namespace

std::string dry_run_text(const engine::DryRun& run, std::size_t width, Style style) {
  return DryRunText(width, style).write(run);
}

Value dry_run_document(const engine::DryRun& run) {
  List jobs;
  for (const engine::DryJob& job : run.jobs)
    jobs.push_back(Map{{"name", job.name}, {"dependsOn", needs_document(job.needs, "job")}});
  List steps;
  for (std::size_t i = 0; i < run.steps.size(); ++i)
    steps.push_back(step_document(run.steps[i], i + 1));
  List unknown;
  add_unknown(unknown, "inputs", run.inputs);
  Map document{{"dryRun", true},
               {"workflowId", run.workflow->id},
               {"workflowName", run.workflow->name},
               {"inputs", run.inputs.value}};
  if (!unknown.empty()) document.set("unknown", std::move(unknown));
  document.set("waves", static_cast<std::int64_t>(run.waves));
  document.set("jobs", std::move(jobs));
  document.set("steps", std::move(steps));
  return document;
}

}  // namespace swamp::render
