# swamp_embed_files(<target> <symbol> FILES …)
#
# Compiles files into <target>, as a table that `extern const std::span<const swamp::EmbeddedFile> <symbol>;` declares
# (see base/embedded_file.h): names without folders, in the order given. Also runs as a script (-P) to write the source.
if(CMAKE_SCRIPT_MODE_FILE)
  set(text "#include <iterator>\n\n#include \"base/embedded_file.h\"\n\nnamespace {\n\n")
  string(APPEND text "constexpr swamp::EmbeddedFile kFiles[] = {\n")
  foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    file(READ ${file} content)
    if(content MATCHES "\\)embedded\"")
      message(FATAL_ERROR "${file} holds the delimiter )embedded\"")
    endif()
    string(APPEND text "    {\"${name}\", R\"embedded(${content})embedded\"},\n")
  endforeach()
  string(APPEND text "};\n\n}  // namespace\n\n")
  string(APPEND text "extern const std::span<const swamp::EmbeddedFile> ${SYMBOL};\n")
  string(APPEND text "const std::span<const swamp::EmbeddedFile> ${SYMBOL} = kFiles;\n")
  file(WRITE ${OUTPUT} "${text}")
  return()
endif()

set(SWAMP_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(swamp_embed_files target symbol)
  cmake_parse_arguments(ARG "" "" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cc)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${ARG_FILES}" -DSYMBOL=${symbol} -DOUTPUT=${output} -P ${SWAMP_EMBED_SCRIPT}
    DEPENDS ${ARG_FILES} ${SWAMP_EMBED_SCRIPT}
    COMMENT "Embedding ${symbol}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
  # Each has names of its own without a namespace.
  set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
