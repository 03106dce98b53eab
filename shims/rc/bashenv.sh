# Read through BASH_ENV by every bash of a session that runs a text (-c), a script, or commands from its standard input.
# Puts the session's programs back in front of PATH (a login shell's /etc/profile has wiped it by now) and has the broker
# judge what this shell is about to run. It leaves $?, $_, IFS, the options and the caller's names as they were.
#
# Functions that came in the environment (BASH_FUNC_return%%=…) would stand in for the builtins used here, but for the special
# ones in POSIX mode: there, those that matter go. That mode leaves inherit_errexit behind.
{ __hp_last=$_ __hp_flags=$- __hp_options=${BASHOPTS-} POSIXLY_CORRECT=1; } 2>/dev/null
{ set +eux; } 2>/dev/null
unset -f return exit set unset shift break continue eval . export readonly trap local builtin declare shopt type false
unset POSIXLY_CORRECT
[[ :$__hp_options: == *:inherit_errexit:* ]] || shopt -u inherit_errexit 2>/dev/null

__hp_dir=${BASH_SOURCE[0]%/rc/*}

__hp_front() {
  case ${PATH-} in "$__hp_dir/bin" | "$__hp_dir/bin:"*) return 0 ;; esac
  local rest=:${PATH-}:
  while [[ $rest == *":$__hp_dir/bin:"* ]]; do rest=${rest/":$__hp_dir/bin:"/:}; done
  rest=${rest#:} rest=${rest%:}
  PATH=$__hp_dir/bin${rest:+:$rest}
}

# 0 stdin, 1 something else. At this point $0 is the script's name, or argv[0] of a shell that has none.
__hp_takes_stdin() {
  [[ $- == *s* ]] && return 0
  case ${1##*/} in bash | -bash | sh | -sh | rbash) return 0 ;; esac
  return 1
}

__hp_judge() {
  local name=$1 file=$1
  shift
  if [[ -n ${BASH_EXECUTION_STRING+x} ]]; then
    if [[ -z ${HOLDPOINT_LINE-} ]]; then
      local now=${EPOCHREALTIME-$SECONDS$RANDOM}
      export HOLDPOINT_LINE=text.$$.${now//[!0-9]/} # no shim has seen this shell: its refusals are to end this text, too
    fi
    "$__hp_dir/bin/holdpoint-ask" line bash "$BASH_EXECUTION_STRING"
  elif __hp_takes_stdin "$name"; then
    . "$__hp_dir/rc/bashtrap.sh"
  else
    [[ -e $file || $file == */* ]] || file=$(type -P "$file") || file=$name # bash looks for a script on PATH, too
    # "bash <(…)", or "exec -a x bash": no file that could be read first, so each command is held.
    if [[ -f $file ]]; then
      "$__hp_dir/bin/holdpoint-ask" script bash "$file" "$@"
    else
      . "$__hp_dir/rc/bashtrap.sh"
    fi
  fi
}

__hp_front
if __hp_judge "$0" "$@"; then
  unset -f __hp_judge __hp_takes_stdin
else
  POSIXLY_CORRECT=1 # in POSIX mode exit is never a function: one named so may stand in the environment
  exit 126
fi

# The user's own BASH_ENV, with the options it would have found; then PATH once more.
case $__hp_flags in *e*) set -e ;; esac
case $__hp_flags in *u*) set -u ;; esac
if [[ -r $__hp_dir/rc/user.bash ]]; then . "$__hp_dir/rc/user.bash"; fi
__hp_front

__hp_end() {
  local flags=$__hp_flags
  unset -f __hp_end
  unset __hp_last __hp_flags __hp_options
  if [[ -n ${__hp_unit-} ]]; then
    __hp_arm "$flags" # nothing may follow, see there
  else
    unset -f __hp_front
    unset __hp_dir
    case $flags in *x*) set -x ;; esac
  fi
}
__hp_end "$__hp_last" # the last argument becomes $_ again
