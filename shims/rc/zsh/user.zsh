# Reads the user's own $__hp_file; sourced, not called, for a function would make what it declares local.
__hp_zdotdir=$ZDOTDIR
__hp_rc=${${(%):-%x}:h}
# Never from the environment: the agent could name files of its own there, which nobody judged.
if [[ $__hp_file != .zshenv ]]; then
  if [[ -n ${__hp_moved-} ]]; then ZDOTDIR=$__hp_moved; else unset ZDOTDIR; fi
elif [[ -r $__hp_rc/folder.zsh ]]; then . "$__hp_rc/folder.zsh"; else unset ZDOTDIR; fi
unset __hp_rc
[[ $__hp_file != .zshrc || ${HISTFILE-} != $__hp_zdotdir/* ]] || HISTFILE=${ZDOTDIR:-$HOME}/.zsh_history # set by a system's zshrc
if [[ -z $__hp_bare && -r ${ZDOTDIR:-$HOME}/$__hp_file ]]; then . "${ZDOTDIR:-$HOME}/$__hp_file"; fi
typeset -g +x __hp_moved=${ZDOTDIR-} # a .zshenv may move the others
export ZDOTDIR=$__hp_zdotdir
__hp_front
