#include "driver/line_splitter.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace swamp::driver {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum Chunk::Stream;

/// What a splitter hands over: `1|text` for standard output, `2|text` for errors, with `…` when the
/// line goes on.
class Splitting {
 public:
  explicit Splitting(std::size_t longest = LineSplitter::kLongestLine) : splitter_(longest) {}

  std::vector<std::string> feed(Chunk::Stream stream, std::string bytes) {
    return collect([&](const LineSplitter::Sink& sink) {
      splitter_.feed({stream, std::move(bytes)}, sink);
    });
  }
  std::vector<std::string> finish() {
    return collect([&](const LineSplitter::Sink& sink) { splitter_.finish(sink); });
  }

 private:
  template <class Act>
  static std::vector<std::string> collect(Act act) {
    std::vector<std::string> lines;
    const LineSplitter::Sink sink = [&](const Line& line) {
      lines.push_back((line.stream == out ? "1|" : "2|") + std::string(line.text) +
                      (line.is_whole ? "" : "…"));
    };
    act(sink);
    return lines;
  }

  LineSplitter splitter_;
};

TEST(LineSplitterTest, LinesAreWholeHoweverTheChunksFall) {
  Splitting lines;
  EXPECT_THAT(lines.feed(out, "on"), IsEmpty());
  EXPECT_THAT(lines.feed(out, "e\ntwo\n\nthr"), ElementsAre("1|one", "1|two", "1|"));
  EXPECT_THAT(lines.finish(), ElementsAre("1|thr"));
  EXPECT_THAT(lines.finish(), IsEmpty());
}

TEST(LineSplitterTest, TheTwoStreamsDoNotMix) {
  Splitting lines;
  EXPECT_THAT(lines.feed(out, "a"), IsEmpty());
  EXPECT_THAT(lines.feed(err, "b\nc"), ElementsAre("2|b"));
  EXPECT_THAT(lines.feed(out, "d\n"), ElementsAre("1|ad"));
  EXPECT_THAT(lines.finish(), ElementsAre("2|c"));
}

TEST(LineSplitterTest, CarriageReturnsAndBytesThatAreNotTextStay) {
  Splitting lines;
  EXPECT_THAT(lines.feed(out, std::string("a\r\n\0\xff\n", 6)),
              ElementsAre("1|a\r", std::string("1|\0\xff", 4)));
}

TEST(LineSplitterTest, ALineThatIsTooLongComesInPieces) {
  Splitting lines(4);
  EXPECT_THAT(lines.feed(out, "abcd"), IsEmpty());
  EXPECT_THAT(lines.feed(out, "efghij"), ElementsAre("1|abcd…", "1|efgh…"));
  EXPECT_THAT(lines.feed(out, "\nxy\n"), ElementsAre("1|ij", "1|xy"));
}

TEST(LineSplitterTest, NoPieceEndsWithinACharacter) {
  Splitting lines(4);
  EXPECT_THAT(lines.feed(out, "abcé\n"), ElementsAre("1|abc…", "1|é"));
  EXPECT_THAT(lines.feed(out, "a😀b\n"), ElementsAre("1|a…", "1|😀…", "1|b"));
  EXPECT_THAT(lines.feed(out, "\x80\x80\x80\x80\x80\n"),
              ElementsAre("1|\x80\x80\x80\x80…", "1|\x80"));
}

}  // namespace
}  // namespace swamp::driver
