# swamp completion for fish: @COMMAND@ completions fish | source
function __@COMMAND@_complete
    set -l words (commandline -opc) (commandline -ct)
    @COMMAND@ completions complete -- $words[2..-1] 2>/dev/null
end
complete -c @COMMAND@ -a '(__@COMMAND@_complete)'
