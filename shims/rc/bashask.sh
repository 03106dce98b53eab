# Read by bashenv.sh, with the arguments of its shell: has the broker judge what this shell is about to run. Status 126: it must not.

# 0 stdin, 1 something else. At this point $0 is the script's name, or argv[0] of a shell that has none.
__hp_takes_stdin() {
  [[ $- == *s* ]] && return 0
  case ${1##*/} in bash | -bash | sh | -sh | rbash) return 0 ;; esac
  return 1
}

__hp_judge() {
  local name=$1 file=$1
  shift
  if [[ $- == *c* ]]; then # a shell without -c has BASH_EXECUTION_STRING from its environment: "true", say
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

__hp_judge "$0" "$@" || return 126
unset -f __hp_judge __hp_takes_stdin
