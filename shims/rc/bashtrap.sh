# For a bash that takes its commands from standard input, which nobody can read ahead: a DEBUG trap holds each command.
# Plain names meet their shim; the broker is asked about what no shim sees. After a refusal, by the broker here or to a shim
# (it leaves rc/refused.TOKEN), the rest of that input is skipped, but the shell lives on for the next: frameworks keep one
# bash on a pipe, and wait for a marker that an echo on the same line prints.
. "$__hp_dir/rc/bashcommand.sh"
__hp_line=${EPOCHREALTIME-$SECONDS$RANDOM}
__hp_line=${HOLDPOINT_LINE:+$HOLDPOINT_LINE.}stdin.$$.${__hp_line//[!0-9]/}
__hp_unit=0 __hp_dropped='' __hp_status=0 __hp_skips=0
readonly __hp_line

# LINENO POSITIONAL… LAST-ARGUMENT; returns 0 to run the command, 1 to skip it, 3 to run it and leave all loops.
__hp_debug() {
  # No local of a plain name, here and in __hp_values: it would hide the caller's variable from the broker.
  local __hp_was=$? __hp_text=$BASH_COMMAND __hp_now='\#'
  case $- in *x*) { local -; set +x; } 2>/dev/null ;; esac
  shopt -s extdebug # has no effect when set from BASH_ENV itself
  case $BASH_VERSION in [123].* | 4.[0-3].*) __hp_now=$1 ;; *) __hp_now=${__hp_now@P} ;; esac
  if [[ $__hp_now != "$__hp_unit" ]]; then
    __hp_carry "$__hp_was" "$__hp_text" "$__hp_now"
    __hp_unit=$__hp_now
    export HOLDPOINT_LINE=$__hp_line.$__hp_now
  fi
  if [[ $__hp_dropped == "$__hp_now" || -e $__hp_dir/rc/refused.$HOLDPOINT_LINE ]]; then
    __hp_drop "$__hp_text"
    return
  fi
  # Without functrace (extdebug takes it along) no subshell or function would be held: these do nothing here.
  case $__hp_text in 'set +'*T* | 'set '*functrace* | 'shopt '*extdebug*) return 1 ;; esac
  __hp_is_seen "$__hp_text" && return 0
  local __hp_given=()
  __hp_values "$__hp_text" "${@:2:$#-2}"
  "$__hp_dir/bin/holdpoint-ask" command bash "$__hp_text" ${__hp_given[@]+"${__hp_given[@]}"} && return 0
  __hp_skip
}

# A skipped command counts as a success for bash, so the line after a dropped one would find $? = 0. What only prints or
# keeps $? is run with 126 in its place; anything else that depends on it is dropped as well.
__hp_carry() {
  local dropped=$__hp_dropped
  __hp_dropped='' __hp_skips=0
  [[ -n $dropped && $1 == 0 && $__hp_status != 0 && $2 == *'$?'* ]] && __hp_dropped=$3
}

__hp_skip() {
  __hp_dropped=$__hp_unit __hp_status=126
  case $- in *e*) exit 126 ;; esac
  if (( ++__hp_skips > 5000 )); then # a loop around skipped commands never ends by itself
    builtin echo 'holdpoint: denied: a loop goes on although its commands are refused, so this shell ends' >&2
    exit 126
  fi
  return 1
}

__hp_drop() {
  [[ $__hp_dropped == "$__hp_unit" ]] || __hp_dropped=$__hp_unit __hp_status=126
  if [[ $1 != *'>'* ]]; then
    case $1 in
      exit) exit 126 ;;
      'exit '*) return 0 ;;
      true | : | false | 'read '* | 'test '* | '[ '* | '[[ '* | '(('*) return 3 ;;
    esac
  fi
  __hp_is_plain "$1" || { __hp_skip; return; }
  [[ $1 == *'$?'* ]] || return 0
  case $1 in 'echo '* | 'printf '*) set -- "builtin $1" ;; esac
  __hp_give "$__hp_status"
  eval "$1"
  __hp_status=0
  return 1
}

# The trap must not fire before the start-up files are done: with extdebug set by then, bash looks for its debugger, does not
# find it, and turns all tracing off.
__hp_arm() {
  readonly -f __hp_front __hp_debug __hp_carry __hp_skip __hp_drop
  readonly __hp_dir
  unset -f __hp_arm
  set -T
  case $1 in *x*) set -x ;; esac
  trap '__hp_debug "$LINENO" "$@" "$_" || case $? in 3) break 999 2>/dev/null ;; *) false ;; esac' DEBUG
}
