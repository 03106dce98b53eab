# Sourced by the last start-up file that this shell reads.
unset -f __hp_front __hp_judge
unset __hp_file __hp_zdotdir
[[ -o login ]] || unset __hp_moved # .zlogout comes last
if [[ ! -o interactive && -z ${ZSH_EXECUTION_STRING+x} && -z ${ZSH_SCRIPT-} ]]; then
  # Commands from standard input: each is held before it runs, and a refusal ends the shell.
  readonly __hp_dir
  trap '"$__hp_dir/bin/holdpoint-ask" command zsh "$ZSH_DEBUG_CMD" || exit 126' DEBUG
else
  unset __hp_dir
fi
