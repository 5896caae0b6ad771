#include "yaml/complaint.h"

#include <fmt/format.h>

namespace swamp::yaml {
namespace {

struct Row {
  std::string_view context;  // part of it; empty: any
  std::string_view problem;  // part of it
  std::string_view message;
  std::string_view hint = {};
  bool at_context = false;
};

constexpr std::string_view kCheckIndent =
    "check the indentation of this line and of the lines above it";
constexpr std::string_view kQuoteText = "if this is part of a text, put the whole text in quotes";

// The first row that fits counts.
constexpr Row kRows[] = {
    {"quoted scalar", "end of stream", "quote is never closed", "add the closing quote", true},
    {"quoted scalar", "document indicator", "quote is never closed", "add the closing quote", true},
    {"quoted scalar", "unknown escape", "unknown escape in a text in double quotes",
     "write a backslash as \\\\, or use single quotes"},
    {"quoted scalar", "hexdecimal", "escape has too few hexadecimal digits"},
    {"quoted scalar", "invalid Unicode", "escape is not a Unicode character",
     "write a character beyond U+FFFF as it is, or with eight digits as in \\U0001F600"},
    {"block scalar", "tab character", "tab used for indentation", "indent with blanks"},
    {"block scalar", "indentation indicator",
     "indentation indicator of a block text must be 1 to 9"},
    {"block scalar", "comment or line break", "text on the line that opens a block text",
     "start the text on the next line"},
    {"plain scalar", "tab character", "tab used for indentation", "indent with blanks"},
    {"simple key", "could not find expected ':'", "':' is missing after this key", kCheckIndent,
     true},
    {"", "mapping values are not allowed", "':' does not fit here",
     "put a text that holds ': ' in quotes, or check the indentation"},
    {"", "block sequence entries are not allowed", "'-' does not fit here", kCheckIndent},
    {"", "mapping keys are not allowed", "'?' does not fit here", kQuoteText},
    {"block mapping", "did not find expected key", "no key where one is expected", kCheckIndent},
    {"block collection", "did not find expected '-'",
     "no '-' where the next item of a list is expected", kCheckIndent},
    {"flow sequence", "expected ',' or ']'", "',' or ']' is missing in a list",
     "close the list that begins above"},
    {"flow mapping", "expected ',' or '}'", "',' or '}' is missing in a map",
     "close the map that begins above"},
    {"", "did not find expected node content", "no value where one is expected"},
    {"", "did not find expected <document start>", "text after the end of the document",
     kCheckIndent},
    {"anchor", "alphabetic or numeric", "'&' without the name of an anchor", kQuoteText},
    {"alias", "alphabetic or numeric", "'*' without the name of an anchor", kQuoteText},
    {"", "undefined tag handle", "unknown tag handle", kQuoteText},
    {"tag", "", "tag is not written as YAML wants it", kQuoteText},
    {"directive", "", "directive is not one of YAML 1.2"},
    {"", "duplicate %", "directive is given twice"},
    {"", "incompatible YAML document", "document is of another version of YAML",
     "remove the %YAML directive"},
    {"", "UTF-8", "text is not valid UTF-8", "save the file as UTF-8"},
    {"", "control characters", "control character in the text",
     "remove it, or write it as an escape in double quotes"},
    {"", "invalid Unicode character", "character that YAML does not allow"},
};

Explanation forbidden_start(char found) {
  if (found == '\t') return {"tab used for indentation", "indent with blanks"};
  return {fmt::format("a text without quotes cannot begin with '{}'", found),
          "put the text in quotes"};
}

}  // namespace

Explanation explain(const Complaint& complaint) {
  if (complaint.problem.find("cannot start any token") != std::string_view::npos) {
    return forbidden_start(complaint.found);
  }
  // A tab before a key or an item makes libyaml stumble over whatever comes next.
  if (complaint.found == '\t') return forbidden_start('\t');
  for (const Row& row : kRows) {
    if (complaint.context.find(row.context) == std::string_view::npos) continue;
    if (complaint.problem.find(row.problem) == std::string_view::npos) continue;
    return {std::string(row.message), std::string(row.hint), row.at_context};
  }
  return {std::string(complaint.problem), {}};
}

}  // namespace swamp::yaml
