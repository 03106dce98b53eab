# Sourced by the last start-up file that this shell reads.
unset -f __hp_judge
unset __hp_file __hp_zdotdir
[[ -z $__hp_bare ]] || unsetopt rcs
[[ -o login ]] || unset __hp_bare
[[ -o login ]] || unset __hp_moved # .zlogout comes last
if (( ${+functions[__hp_line]} )); then
  __hp_ready
  unset -f __hp_ready
elif [[ ! -o interactive && -z ${ZSH_EXECUTION_STRING+x} && -z ${ZSH_SCRIPT-} ]]; then
  unset -f __hp_front
  # Commands from standard input: each is held before it runs, and a refusal ends the shell.
  readonly __hp_dir
  trap '"$__hp_dir/bin/holdpoint-ask" command zsh "$ZSH_DEBUG_CMD" || exit 126' DEBUG
else
  unset -f __hp_front
  unset __hp_dir
fi
