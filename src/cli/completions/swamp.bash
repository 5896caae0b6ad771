# swamp completion for bash: eval "$(@COMMAND@ completions bash)"
_@COMMAND@_complete() {
  local IFS=$'\n'
  COMPREPLY=($(@COMMAND@ completions complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _@COMMAND@_complete @COMMAND@
