#pragma once

#include <string_view>
#include <vector>

#include "cel/compiled.h"

namespace swamp::cel {

/// The place of the bytes [begin, end) of `text`, which itself lies at `where`; without that, in a
/// source of its own called `<expression>`.
SourceSpan place_of(std::string_view text, const SourceSpan* where, std::uint32_t begin,
                    std::uint32_t end);

/// A failure as the error that people see: with its place, and a suggestion for what is missing.
Error to_error(const Program::Compiled& program, const Scope& scope, const Failure& failure);

/// Whether functions stand behind `name` and a dot: `math`, or in the scope `vault`.
bool is_namespace(const Scope& scope, std::string_view name);

/// What calling a function that does not exist fails with.
Failure no_function(const Scope& scope, const CallSite& site);

/// See Program::check_names.
std::vector<Error> check_names(const Program::Compiled& program, const Scope& scope);

}  // namespace swamp::cel
