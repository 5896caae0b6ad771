#pragma once

#include <yaml.h>

#include "base/result.h"
#include "yaml/tree.h"

namespace swamp::yaml {

/// libyaml's events over one source, with their places, and its complaints in our words.
class EventReader {
 public:
  explicit EventReader(Source source);
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  /// Moves to the next event. Must not be called after the end of the stream or an error.
  Result<void> next();
  const yaml_event_t& event() const { return event_; }
  yaml_event_type_t type() const { return event_.type; }

  /// Marks are asked for mostly in the order of the source; going back costs as many steps.
  Position position(const yaml_mark_t& mark);

  SourceSpan span(const Position& at, std::uint32_t length = 1) const;

 private:
  Error explain();
  Position position_of_byte(std::size_t byte);
  Position in_source() const;
  void step_forward();
  void step_back();

  Source source_;
  std::string_view text_;    // without a byte order mark
  std::size_t skipped_ = 0;  // bytes of that mark
  yaml_parser_t parser_ = {};
  yaml_event_t event_ = {};
  Position at_ = {};
  std::size_t characters_ = 0;  // before at_
};

}  // namespace swamp::yaml
