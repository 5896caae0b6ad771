#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::repo {

/// The lines that enclose the part of a user's file that swamp writes; the rest is the user's.
struct SectionMarks {
  std::string_view begin;
  std::string_view end;
};

inline constexpr SectionMarks kGitignoreMarks{"# BEGIN swamp managed section - DO NOT EDIT",
                                              "# END swamp managed section"};
inline constexpr SectionMarks kInstructionMarks{
    "<!-- BEGIN swamp managed section - DO NOT EDIT -->", "<!-- END swamp managed section -->"};

enum class SectionPlace : std::uint8_t { top, bottom };  // of a file that has none yet

/// `file` with its managed section replaced by marks and `body`; added at `place` when there is
/// none. A beginning without an end is dropped. Fails with conflict when there are two beginnings:
/// what lies between is then not ours to guess. `name` is what messages call the file.
Result<std::string> with_section(std::string_view file, const SectionMarks& marks,
                                 std::string_view body, SectionPlace place, std::string_view name);

}  // namespace swamp::repo
