# What every target is compiled with, and the libraries that enter the tree (each through one room).
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

set(SWAMP_SANITIZE "" CACHE STRING "sanitizers to build with: empty, address, or thread")
option(SWAMP_UNITY "compile the files of a room together (see SwampLibrary.cmake)" OFF)
set(CMAKE_UNITY_BUILD ${SWAMP_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
if(SWAMP_UNITY)
  # What is local to a file that another one includes looks to g++ as if a header had it.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
option(SWAMP_STATIC "link into the programs what Debian ships as archives" OFF)
option(SWAMP_FUZZ "build the libFuzzer targets (clang only)" OFF)

add_library(swamp_flags INTERFACE)
target_include_directories(swamp_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(swamp_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror
  -Wno-missing-field-initializers)  # designated initialisers leave members at their defaults
target_compile_definitions(swamp_flags INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_HAS_CO_AWAIT BOOST_ASIO_HAS_STD_COROUTINE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside its own <string> and <variant> at -O2 (GCC bugs 105329, 105562), and
  # mismatched-new-delete where it inlines the frame allocator of an Asio coroutine on one side only.
  target_compile_options(swamp_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-mismatched-new-delete
    $<$<CONFIG:Release>:-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-dangling-pointer>)
endif()
if(SWAMP_SANITIZE STREQUAL "address")
  target_compile_options(swamp_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(swamp_flags INTERFACE -fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # clang 14 cannot represent UBSan's function checks across the sections of a coroutine.
    target_compile_options(swamp_flags INTERFACE -fno-sanitize=function)
  endif()
elseif(SWAMP_SANITIZE STREQUAL "thread")
  target_compile_options(swamp_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(swamp_flags INTERFACE -fsanitize=thread)
endif()

find_program(SWAMP_CCACHE ccache)
if(SWAMP_CCACHE)
  # A precompiled header is fine for ccache once it may ignore time stamps and defines.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${SWAMP_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()
find_program(SWAMP_MOLD mold)
if(SWAMP_MOLD)
  # What runs once at the start lies together, not beside the rest of each file: 60 page faults less.
  add_link_options(-fuse-ld=mold -Wl,-z,keep-text-section-prefix)
endif()

# A start costs page faults before it costs anything else: a dozen shared libraries to load and addresses to correct make
# 180 of 440 (docs/performance.md). So a release carries what Debian ships as archives and stands at a fixed address.
if(SWAMP_STATIC)
  list(PREPEND CMAKE_FIND_LIBRARY_SUFFIXES .a)
  set(OPENSSL_USE_STATIC_LIBS ON)
  add_link_options(-no-pie)
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
if(SWAMP_STATIC)
  add_library(swamp_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt_library.cc)  # Debian ships no archive of it
  target_compile_definitions(swamp_fmt PUBLIC FMT_SHARED)  # as everywhere: its symbols may be seen
else()
  add_library(swamp_fmt INTERFACE)
  target_link_libraries(swamp_fmt INTERFACE fmt::fmt)
endif()
find_package(tl-expected REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBYAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET libidn2)
if(SWAMP_STATIC)
  find_library(UNISTRING unistring REQUIRED)  # the archive of libidn2 needs it, and its .pc says so under Libs.private only
  target_link_libraries(PkgConfig::IDN2 INTERFACE ${UNISTRING})
endif()
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
