# For a bash that takes its commands from standard input, which nobody can read ahead: a DEBUG trap holds each command.
# Plain names meet their shim; the broker is asked about what no shim sees. After a refusal, by the broker here or to a shim
# (it leaves rc/refused.TOKEN), the rest of that input is skipped, but the shell lives on for the next: frameworks keep one
# bash on a pipe, and wait for a marker that an echo on the same line prints.
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

__hp_give() { return "$1"; }

# echo, printf or an assignment, of words that run nothing and write to no file.
__hp_is_plain() {
  local text=$1 before
  case $text in echo | 'echo '* | 'printf '*) ;; [A-Za-z_]*=*) case ${text%%=*} in *[!A-Za-z0-9_]*) return 1 ;; esac ;; *) return 1 ;; esac
  case $text in *PATH=* | *ENV=* | LD_* | __hp_* | HOLDPOINT_* | 'printf -v'* | *'`'* | *'$('* | *'${'*[!A-Za-z0-9_?]*'}'*) return 1 ;; esac
  text=${text%% [12]'>&'[12]} text=${text%% '>&'2}
  while [[ $text == *[\'\"]* ]]; do
    before=${text%%[\'\"]*} text=${text#"$before"}
    case $before in *[\\\<\>]*) return 1 ;; esac
    case $text in
      \'*\'*) text=${text#?} text=${text#*\'} ;;
      \"*\"*) text=${text#?}; case ${text%%\"*} in *\\) return 1 ;; esac; text=${text#*\"} ;;
      *) return 1 ;;
    esac
  done
  case $text in *[\\\<\>]*) return 1 ;; esac
  case $1 in echo* | printf*) return 0 ;; esac
  case $text in *[[:space:]]*) return 1 ;; esac # "x=1 command"
  return 0
}

# bash's own and harmless, whatever their words are (what runs inside them is held by itself), and what hides another command.
__hp_own=' [ true : false test echo printf read cd pwd set shift export declare local typeset readonly return exit break continue '
__hp_own+='let wait jobs fg bg disown umask ulimit getopts mapfile readarray type times unset pushd popd dirs shopt suspend help '
__hp_hiding=' builtin command eval exec source . trap hash enable alias fc bind complete compgen kill '

# Whether this command meets a shim, or is harmless. Looks at text only and starts nothing. Short, for bash copies a function
# each time it calls it.
__hp_is_seen() {
  local text=$1 word=${1%%[[:space:]]*}
  [[ $text == '(('* || ' [[ for case select ' == *" $word "* ]] && return 0
  [[ $text == *[\>=]* || $text == *__hp_* ]] && { __hp_uncover || return 1; }
  [[ $__hp_own == *" $word "* ]] && return 0
  [[ -z $word || $word == *[!A-Za-z0-9_.+:@%,-]* || $__hp_hiding == *" $word "* ]] && return 1
  [[ $PATH == "$__hp_dir/bin:"* && -x $__hp_dir/bin/$word ]] || declare -F -- "$word" >/dev/null 2>&1
}

# Sets its caller's `word` to the command's name behind assignments; 1 where text alone does not show what happens.
__hp_uncover() {
  case $text in *__hp_* | *PATH=* | *ENV=* | *ZDOTDIR=* | *LD_*=* | *HOLDPOINT_*) return 1 ;; esac
  if [[ $text == *'>'* ]]; then
    word=${text//2>&1/} word=${word//>&2/} word=${word//2>\/dev\/null/} word=${word//>\/dev\/null/} word=${word//> \/dev\/null/}
    [[ $word == *'>'* ]] && return 1
  fi
  while word=${text%%[[:space:]]*} && [[ $word == [A-Za-z_]*=* ]]; do
    [[ $word == *[\'\"\\\`\(]* ]] && return 1 # a quoted space would hide the command behind it
    [[ $text == "$word" ]] && { word=:; return 0; }
    text=${text#"$word"} text=${text#"${text%%[![:space:]]*}"}
  done
}

# What the broker needs to expand the text: the positional parameters, the variables it names, those that `${!name}` leads to,
# and the elements of arrays. What changes by itself, and arrays with names for indices, stay unknown to it.
__hp_values() {
  local __hp_rest=$1 __hp_name __hp_at=0 __hp_word __hp_is_indirect
  shift
  case $__hp_rest in
    *'$'[@*0-9]* | *'${'[@*0-9]* | *'$#'*) for __hp_word; do __hp_given+=("$((++__hp_at))=$__hp_word"); done ;;
  esac
  while [[ $__hp_rest == *'$'* ]]; do
    __hp_rest=${__hp_rest#*'$'} __hp_rest=${__hp_rest#'{'} __hp_is_indirect=
    [[ $__hp_rest == '!'* ]] && __hp_is_indirect=1
    __hp_rest=${__hp_rest#[#!]}
    __hp_name=${__hp_rest%%[!A-Za-z0-9_]*}
    __hp_value "$__hp_name"
    [[ -n $__hp_is_indirect && $__hp_name == [A-Za-z_]* && ${!__hp_name-} == [A-Za-z_]* ]] && __hp_value "${!__hp_name%%[!A-Za-z0-9_]*}"
  done
}

__hp_value() {
  case $1 in '' | [0-9]* | __hp_* | RANDOM | SRANDOM | SECONDS | EPOCH* | LINENO | BASH*) return ;; esac
  (( ${#__hp_given[@]} < 500 )) && declare -p "$1" >/dev/null 2>&1 || return 0
  case $BASH_VERSION in [123].* | 4.[0-3].*) ;; *)
    local -n __hp_array=$1
    case ${__hp_array@a} in
      *A*) return 0 ;;
      *a*)
        (( ${#__hp_array[@]} < 200 )) || return 0
        for __hp_at in "${!__hp_array[@]}"; do __hp_add "$1[$__hp_at]=${__hp_array[__hp_at]}"; done
        return
        ;;
    esac
    ;;
  esac
  [[ -z ${!1+x} ]] || __hp_add "$1=${!1}"
}

__hp_add() { (( ${#1} >= 60000 )) || __hp_given+=("$1"); } # execve() takes no longer word than 128 KiB

# The trap must not fire before the start-up files are done: with extdebug set by then, bash looks for its debugger, does not
# find it, and turns all tracing off.
__hp_arm() {
  readonly -f __hp_front __hp_debug __hp_carry __hp_skip __hp_drop __hp_give __hp_is_plain __hp_is_seen __hp_uncover __hp_values __hp_value __hp_add
  readonly __hp_dir __hp_own __hp_hiding
  unset -f __hp_arm
  set -T
  case $1 in *x*) set -x ;; esac
  trap '__hp_debug "$LINENO" "$@" "$_" || case $? in 3) break 999 2>/dev/null ;; *) false ;; esac' DEBUG
}
