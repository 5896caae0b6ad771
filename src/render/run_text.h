#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/run_event.h"

// Words that the views of a run share.
namespace swamp::render {

/// `20:56:26 UTC`
std::string time_of_day(Timestamp time);

/// A word as the shell takes it: quoted when it has to be.
std::string shell_word(std::string_view word);

/// The commands that decide a gate of a workflow and go on afterwards.
std::string approve_command(std::string_view workflow, std::string_view step,
                            std::string_view run_id);
std::string reject_command(std::string_view workflow, std::string_view step,
                           std::string_view run_id);
std::string resume_command(std::string_view workflow, std::string_view run_id);

/// The error of a step on lines of its own: message, place, hint; at most `limit` lines.
std::vector<std::string> error_lines(const Error& error, std::size_t limit);

/// How a run ended, for the end of a line: `succeeded`, `failed`, `was cancelled`, `is suspended`.
std::string_view ending_of(engine::RunStatus status);

/// `text` split at its line ends, without them; a last line end adds no line.
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace swamp::render
