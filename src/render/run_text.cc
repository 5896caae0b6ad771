#include "render/run_text.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace swamp::render {

std::string time_of_day(Timestamp time) {
  return to_iso8601(time).substr(11, 8) + " UTC";
}

std::string shell_word(std::string_view word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("@%_+=:,./-").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string approve_command(std::string_view workflow, std::string_view step,
                            std::string_view run_id) {
  return fmt::format("swamp workflow approve {} {} --run {}", shell_word(workflow),
                     shell_word(step), run_id);
}

std::string reject_command(std::string_view workflow, std::string_view step,
                           std::string_view run_id) {
  return fmt::format("swamp workflow reject {} {} --run {}", shell_word(workflow), shell_word(step),
                     run_id);
}

std::string resume_command(std::string_view workflow, std::string_view run_id) {
  return fmt::format("swamp workflow resume {} --run {}", shell_word(workflow), run_id);
}

std::vector<std::string> error_lines(const Error& error, std::size_t limit) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view text, std::string_view prefix) {
    for (const std::string_view line : lines_of(text)) {
      if (lines.size() < limit) lines.push_back(fmt::format("{}{}", prefix, line));
    }
  };
  add(error.message, "");
  if (error.where) add(error.where->to_string(), "--> ");
  for (const std::string& note : error.notes)
    add(note, "while ");
  if (!error.hint.empty()) add(error.hint, "help: ");
  return lines;
}

std::string_view ending_of(engine::RunStatus status) {
  switch (status) {
    case engine::RunStatus::succeeded:
      return "succeeded";
    case engine::RunStatus::failed:
      return "failed";
    case engine::RunStatus::cancelled:
      return "was cancelled";
    case engine::RunStatus::suspended:
      return "is suspended";
    case engine::RunStatus::pending:
    case engine::RunStatus::running:
      return "is not over";
  }
  return "is not over";
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace swamp::render
