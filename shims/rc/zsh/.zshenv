# Read through ZDOTDIR by every zsh of a session. Puts the session's programs in front of PATH, has the broker judge what
# this shell is about to run, and reads the user's own files, which find ZDOTDIR as it would be without holdpoint.
[[ ${__hp_dir-} == ${${(%):-%x}%/rc/zsh/*} ]] || __hp_dir=${${(%):-%x}%/rc/zsh/*}

__hp_front() {
  emulate -L zsh
  [[ $path[1] == $__hp_dir/bin ]] || path=("$__hp_dir/bin" "${(@)path:#$__hp_dir/bin}")
}

__hp_judge() {
  emulate -L zsh
  local ask=$__hp_dir/bin/holdpoint-ask
  if (( ${+ZSH_EXECUTION_STRING} )); then
    "$ask" line zsh "$ZSH_EXECUTION_STRING" || exit 126
  elif [[ -n ${ZSH_SCRIPT-} ]]; then
    local file=$ZSH_SCRIPT
    [[ -e $file || $file == */* ]] || file=${commands[$file]:-$file}
    "$ask" script zsh "$file" "$@" || exit 126
  fi
}

typeset -g __hp_bare=${HOLDPOINT_BARE-} # started with -f: none of the user's files
unset HOLDPOINT_BARE
__hp_front
__hp_judge "$@" || exit 126
if [[ -o interactive && -z ${ZSH_EXECUTION_STRING+x} && -z ${ZSH_SCRIPT-} ]]; then . "$__hp_dir/rc/zsh/lines.zsh"; fi
__hp_file=.zshenv
. "$__hp_dir/rc/zsh/user.zsh"
[[ -o login || -o interactive ]] || . "$__hp_dir/rc/zsh/last.zsh"
