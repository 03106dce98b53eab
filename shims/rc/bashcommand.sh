# What bash's hooks know of one command: whether a shim sees it, and what the broker needs to judge it. Read by bashtrap.sh (commands
# from a pipe) and bashline.sh (lines at a terminal). Runs within DEBUG traps alone: starts nothing, and is short, for bash copies
# a function each time it calls it. No local of a plain name: it would hide the caller's variable from the broker.
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
  case $text in
    [A-Za-z_]*=*')' | [A-Za-z_]*=*')"') if __hp_is_assignment; then word=:; return 0; fi ;;
    'echo '* | 'printf '*) if __hp_is_plain "$text"; then word=:; return 0; fi ;;
  esac
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

# Nothing but `name=$(…)`, where no command could stand behind it: what runs inside is held by itself.
__hp_is_assignment() {
  local name=${text%%=*} value=${text#*=}
  [[ $name != *[!A-Za-z0-9_]* ]] || return 1
  case $value in
    '$('*')') value=${value#??} value=${value%?} ;;
    '"$('*')"') value=${value#???} value=${value%??} ;;
    '('*')') [[ $value != *')'[[:space:]]* ]]; return ;;
    *) return 1 ;;
  esac
  [[ $value != *[\(\)\`]* ]]
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

readonly -f __hp_give __hp_is_plain __hp_is_seen __hp_uncover __hp_is_assignment __hp_values __hp_value __hp_add
readonly __hp_own __hp_hiding
