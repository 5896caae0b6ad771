#pragma once

#include <string_view>

#include "app/engine_room.h"
#include "app/session.h"

namespace swamp::app {

/// What every command does before it changes what runs leave: puts right what processes left that
/// died (engine/mending.h), tells of it as warnings, and has journals retired when many have ended.
/// One listing of a folder when there is nothing to do. Returns how many runs it looked after.
///
/// `at_hand` is the run that the command is about, if it is about one: that its process had died is
/// why the command was given, and no news. To be awaited at once.
Task<std::size_t> mend_left_runs(Session& session, EngineRoom& room, std::string_view at_hand = {});

/// The same for a command that runs nothing itself.
Result<std::size_t> mend_left_runs(Session& session);

}  // namespace swamp::app
