#pragma once

#include <span>
#include <string_view>

namespace swamp {

/// A file that was compiled into the program (see cmake/EmbedFiles.cmake).
struct EmbeddedFile {
  std::string_view name;  // without folders
  std::string_view text;
};

}  // namespace swamp
