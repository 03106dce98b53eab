# Reads the user's own $__hp_file; sourced, not called, for a function would make what it declares local.
__hp_zdotdir=$ZDOTDIR
if [[ -n ${HOLDPOINT_ZDOTDIR-} ]]; then ZDOTDIR=$HOLDPOINT_ZDOTDIR; else unset ZDOTDIR; fi
[[ $__hp_file != .zshrc || ${HISTFILE-} != $__hp_zdotdir/* ]] || HISTFILE=${ZDOTDIR:-$HOME}/.zsh_history # set by a system's zshrc
if [[ -r ${ZDOTDIR:-$HOME}/$__hp_file ]]; then . "${ZDOTDIR:-$HOME}/$__hp_file"; fi
[[ -z ${ZDOTDIR-} ]] || export HOLDPOINT_ZDOTDIR=$ZDOTDIR # a .zshenv may move the others
export ZDOTDIR=$__hp_zdotdir
__hp_front
