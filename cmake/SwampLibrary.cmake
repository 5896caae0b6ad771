# swamp_library(<room> SOURCES … TESTS … ALONE … DEPS … EXTERNAL …)
#
# Makes the library swamp_<room> (alias swamp::<room>) and, when TESTS are given, the program <room>_test with one CTest
# entry labelled `unit`, built by the target unit_tests. DEPS are the only rooms it may include: tools/check_layers.py
# reads them. EXTERNAL are libraries from outside that this room lets in; PUBLIC_EXTERNAL those that its headers show.
#
# With SWAMP_UNITY the files of a room are compiled eight at a time, which takes some 40 % of the work: most of a small file's
# time goes into headers. Files named under ALONE stay by themselves, because what is local to them has a name twice.
#
# Two precompiled headers serve the whole tree: one for the floors without waiting, one with Asio; each a second time with
# GoogleTest. They hold what costs (the standard library, fmt, Asio), and none of our own headers. One a floor would be
# sixteen of them at 10 to 15 s each, more than a floor of a dozen sources gains from its own headers.
function(swamp_pch name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LINK" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/pch/${name}.cc CONTENT "// carries the precompiled header\n")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/pch/${name}.cc)
  target_link_libraries(${name} PRIVATE swamp_flags swamp_fmt tl::expected ${ARG_LINK})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

set(_std <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set> <span>
  <string> <string_view> <unordered_map> <utility> <variant> <vector> <fmt/core.h> <fmt/format.h> <tl/expected.hpp>)
swamp_pch(swamp_pch_plain HEADERS ${_std})
swamp_pch(swamp_pch_async HEADERS ${_std} <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
  <boost/asio/post.hpp> <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp> <boost/asio/use_awaitable.hpp>)
swamp_pch(swamp_pch_plain_test LINK GTest::gmock HEADERS ${_std} <gmock/gmock.h> <gtest/gtest.h>)
swamp_pch(swamp_pch_async_test LINK GTest::gmock HEADERS ${_std} <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp>
  <gmock/gmock.h> <gtest/gtest.h>)

function(swamp_library room)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;ALONE;DEPS;EXTERNAL;PUBLIC_EXTERNAL" ${ARGN})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  list(TRANSFORM ARG_DEPS PREPEND swamp_)
  add_library(swamp_${room} STATIC ${ARG_SOURCES})
  add_library(swamp::${room} ALIAS swamp_${room})
  target_link_libraries(swamp_${room} PUBLIC swamp_flags swamp_fmt tl::expected Threads::Threads
    ${ARG_DEPS} ${ARG_PUBLIC_EXTERNAL} PRIVATE ${ARG_EXTERNAL})
  set(pch swamp_pch_plain)
  if(swamp_async IN_LIST ARG_DEPS OR room STREQUAL "async")
    set(pch swamp_pch_async)
  endif()
  target_precompile_headers(swamp_${room} REUSE_FROM ${pch})
  if(ARG_TESTS)
    add_executable(${room}_test ${ARG_TESTS})
    set_target_properties(${room}_test PROPERTIES UNITY_BUILD OFF)  # every test has its own `World`
    target_link_libraries(${room}_test PRIVATE swamp_${room} swamp_test_support GTest::gmock GTest::gtest_main)
    target_precompile_headers(${room}_test REUSE_FROM ${pch}_test)
    add_test(NAME ${room} COMMAND ${room}_test --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${room} PROPERTIES LABELS unit)
    add_dependencies(unit_tests ${room}_test)
  endif()
endfunction()
