#pragma once

namespace swamp::render {

/// How much the views of runs tell.
struct LogDetail {
  bool quiet = false;       // the output of a step only when it fails
  bool verbose = false;     // skipped steps and the bodies of built-in reports too
  bool properties = false;  // the ids behind each line
  bool terminal = false;    // what is printed goes to a terminal, which it must not upset
};

}  // namespace swamp::render
