# Read by every interactive bash of a session: as its --init-file, which the broker puts in the place of what the call named; or,
# where a shell is started past the shims, at its first prompt through PROMPT_COMMAND. It reads the start-up files that the shell
# would have read, puts the session's programs back in front of PATH, and arms the shell: see bashline.sh.
#
# HOLDPOINT_START says which those files are: `login` and what $0 is to be; `rc` and a file (empty: ~/.bashrc); `env` and what ENV was, in POSIX mode.
if [[ $- == *i* ]] && ! declare -F __hp_debug >/dev/null; then
  { __hp_flags=$-; } 2>/dev/null
  { set +eux; } 2>/dev/null
  # As in bashenv.sh: a function of the environment must not stand in for a builtin that is used here. At a prompt, POSIX mode
  # would change the keys; then it is too late anyway.
  [[ -n ${__hp_late-} ]] || POSIXLY_CORRECT=1
  unset -f unset builtin return local shopt declare export read kill history eval trap set exit break readonly type
  [[ -n ${__hp_late-} ]] || unset POSIXLY_CORRECT
  __hp_dir=${BASH_SOURCE[0]%/rc/*}
  __hp_start=${HOLDPOINT_START-}
  unset HOLDPOINT_START
  # The net for shells that nothing else arms is no part of what start-up files should find.
  [[ -n ${__hp_late-} || ${PROMPT_COMMAND-} != '{ eval "${__hp_begin:-'* ]] || unset PROMPT_COMMAND

  __hp_front() {
    case ${PATH-} in "$__hp_dir/bin" | "$__hp_dir/bin:"*) return 0 ;; esac
    local rest=:${PATH-}:
    while [[ $rest == *":$__hp_dir/bin:"* ]]; do rest=${rest/":$__hp_dir/bin:"/:}; done
    rest=${rest#:} rest=${rest%:}
    PATH=$__hp_dir/bin${rest:+:$rest}
  }

  # The files themselves are read at the top, not in a function: `declare` would be local there.
  __hp_files=()
  case $__hp_start in
    login*)
      BASH_ARGV0=${__hp_start#login}
      __hp_files=(/etc/profile)
      for __hp_file in ~/.bash_profile ~/.bash_login ~/.profile; do
        [[ -r $__hp_file ]] && { __hp_files+=("$__hp_file"); break; }
      done
      trap '[[ ! -r ~/.bash_logout ]] || . ~/.bash_logout' EXIT
      ;;
    env*)
      [[ -z ${__hp_start#env} ]] || eval "__hp_files=(\"${__hp_start#env}\")" # bash expands ENV as a word in double quotes
      [[ -n ${__hp_start#env} ]] && ENV=${__hp_start#env} || unset ENV
      ;;
    rc*) __hp_files=("${__hp_start#rc}") && [[ -n ${__hp_files[0]} ]] || __hp_files=(~/.bashrc) ;;
  esac
  case $__hp_flags in *e*) set -e ;; esac
  case $__hp_flags in *u*) set -u ;; esac
  for __hp_file in ${__hp_files[@]+"${__hp_files[@]}"}; do
    case $__hp_flags in *x*) set -x ;; esac
    if [[ -r $__hp_file ]]; then . "$__hp_file"; fi
    case $- in *x*) __hp_flags+=x ;; *) __hp_flags=${__hp_flags//x/} ;; esac
    { set +x; } 2>/dev/null
  done
  unset __hp_file __hp_files __hp_start
  __hp_front

  if [[ $- == *c* ]]; then
    __hp_arm='unset -f __hp_front; unset __hp_dir __hp_flags __hp_arm'
    if ! "$__hp_dir/bin/holdpoint-ask" line bash "$BASH_EXECUTION_STRING"; then
      trap - EXIT
      exit 126
    fi
  else
    . "$__hp_dir/rc/bashline.sh"
  fi
  case $__hp_flags in *x*) set -x ;; esac
  # What arms is run by the caller where that is PROMPT_COMMAND: while a sourced file is read, bash puts its DEBUG trap away.
  [[ -n ${__hp_late-} ]] || eval "$__hp_arm"
fi
