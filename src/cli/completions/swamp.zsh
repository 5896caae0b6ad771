#compdef @COMMAND@
# swamp completion for zsh: source <(@COMMAND@ completions zsh)
_@COMMAND@() {
  local -a candidates
  local line
  while IFS= read -r line; do
    candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done < <(@COMMAND@ completions complete -- "${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)
  if (( ${#candidates} )); then
    _describe '@COMMAND@' candidates
  else
    _files
  fi
}
compdef _@COMMAND@ @COMMAND@
