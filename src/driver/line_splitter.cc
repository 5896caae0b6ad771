#include "driver/line_splitter.h"

namespace swamp::driver {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// How many of the first `most` bytes to cut off so that the rest begins with a whole character.
/// Bytes that are not UTF-8 are cut anywhere.
std::size_t cut_at(std::string_view text, std::size_t most) {
  std::size_t at = most;
  while (at > 0 && most - at < 3 && is_continuation(text[at]))
    --at;
  return at == 0 || is_continuation(text[at]) ? most : at;
}

}  // namespace

void LineSplitter::feed(const Chunk& chunk, const Sink& sink) {
  std::string& rest = rest_of(chunk.stream);
  std::string_view bytes = chunk.bytes;
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    const bool has_end = newline != std::string_view::npos;
    rest.append(bytes.substr(0, newline));
    bytes.remove_prefix(has_end ? newline + 1 : bytes.size());

    std::string_view line = rest;
    while (line.size() > longest_) {
      const std::size_t cut = cut_at(line, longest_);
      sink({.stream = chunk.stream, .text = line.substr(0, cut), .is_whole = false});
      line.remove_prefix(cut);
    }
    if (has_end) {
      sink({.stream = chunk.stream, .text = line});
      rest.clear();
    } else if (line.size() != rest.size()) {
      rest.erase(0, rest.size() - line.size());
    }
  }
}

void LineSplitter::finish(const Sink& sink) {
  for (const auto stream : {Chunk::Stream::out, Chunk::Stream::err}) {
    std::string& rest = rest_of(stream);
    if (!rest.empty()) sink({.stream = stream, .text = rest});
    rest.clear();
  }
}

}  // namespace swamp::driver
