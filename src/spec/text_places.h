#pragma once

#include <string_view>

#include "base/result.h"

// Not for other rooms, but for those that evaluate an Expression themselves.
namespace swamp::spec {

/// Puts the place of an error inside a text where that is really written. An expression counts from
/// `where`, the beginning of its text, as if the text stood in the file as it is; but a YAML scalar
/// may be indented, go over several lines and hold escapes. An error elsewhere is left alone.
Error placed_in(Error error, std::string_view text, const SourceSpan& where);

/// The same for a place that was counted so.
SourceSpan placed_in(SourceSpan place, std::string_view text, const SourceSpan& where);

}  // namespace swamp::spec
