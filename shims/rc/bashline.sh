# For a bash at a terminal. PS0, which bash expands between reading a line and running it, puts the whole text to the broker; a
# DEBUG trap holds each command that no shim sees, as bashtrap.sh does. A refused line is broken off as Ctrl-C would do it, so
# nothing of it runs and the prompt comes back. Everything between two lines (PROMPT_COMMAND, completion, key bindings) is held by
# the trap alone.
. "$__hp_dir/rc/bashcommand.sh"
__hp_base=${EPOCHREALTIME-$SECONDS$RANDOM}
__hp_base=stdin.$$.${__hp_base//[!0-9]/}
__hp_between=1            # 1 until the first command of a line
__hp_unit=1               # of the line that runs, or the next one
__hp_seen=''              # bash's own number of the line that runs
__hp_prompted=''          # the same at the last prompt
__hp_asked=0              # the unit that PS0 has asked about
__hp_before=1             # the number in the history that the next line gets
__hp_typed=''             # the text of the line, where the history has it
__hp_status=0             # 126 after a refused line
__hp_users=''             # the DEBUG trap that the user has set
__hp_err=2 __hp_skips=0
__hp_control='' __hp_ignore='' __hp_forged='' __hp_number=0
__hp_was=0 __hp_last=''

# In PROMPT_COMMAND, and what bash shows of them as BASH_COMMAND. PROMPT_COMMAND is not exported from here on: it names functions.
__hp_net="eval \"\${__hp_begin:-__hp_late=1; . '$__hp_dir/rc/interactive.bash'; eval \\\"\\\$__hp_arm\\\"}\""
__hp_begins="{ $__hp_net; } 2>/dev/null" # under set -x, too, they leave no trace
__hp_begin=__hp_prompt
__hp_ends='{ __hp_ready; } 2>/dev/null'
__hp_ps0='$({ __hp_line; } 9>&2 2>/dev/null)${__hp_none[__hp_asked=__hp_unit+1-__hp_between]-}'

# STATUS LINENO POSITIONAL… LAST-ARGUMENT; returns 0 to run the command, 1 to skip it, 3 to run it and leave all loops,
# 4 to run it without showing it to the user's own trap.
__hp_debug() {
  __hp_flags=$-
  case $- in *[ux]*) local -; set +ux ;; esac
  __hp_was=$1 __hp_last=${!#}
  # The work is done here, for the trap is quiet in itself: as functions they would call it for each of their commands.
  case $BASH_COMMAND in
    "$__hp_net") __hp_at_prompt "$1"; __hp_done=prompt; return 4 ;;
    __hp_ready) __hp_at_ready; __hp_done=ready; return 4 ;;
    __hp_line) trap '' TSTP; __hp_err=9; if __hp_ask_line; then __hp_done=line; else __hp_done=refused; fi; return 4 ;;
  esac
  local __hp_text=$BASH_COMMAND __hp_now='\#'
  case $BASH_VERSION in
    [123].* | 4.[0-3].*) __hp_now=$__hp_seen; (( ${#FUNCNAME[@]} > 1 || __hp_between == 0 )) || __hp_now=$2 ;;
    *) __hp_now=${__hp_now@P} ;;
  esac
  [[ $__hp_now == "$__hp_seen" ]] || __hp_begin_line "$__hp_now"
  if [[ $__hp_between == 0 && ( -e $__hp_dir/rc/refused.$HOLDPOINT_LINE || -e $__hp_dir/rc/own/refused.$HOLDPOINT_LINE ) ]]; then
    __hp_drop
    return
  fi
  # Without functrace no subshell or function would be held. The trap is the user's to set: theirs runs behind ours.
  case $__hp_text in
    'set +'*T* | 'set '*functrace*) __hp_skip; return ;;
    'set '*) __hp_trace ;;
    'shopt '*extdebug*) __hp_skip; return ;;
    PS0*=* | PROMPT_COMMAND*=* | 'unset '*PROMPT_COMMAND* | 'unset '*PS0*) if __hp_set_prompt; then __hp_skip; return; fi ;;
    'trap '*DEBUG*) if __hp_set_users; then __hp_skip; return; fi ;;
    'eval '* | 'source '* | '. '* | 'compgen '* | 'complete '* | 'bind '*)
      # What a completion or a prompt starts so is held by itself: no question for each key.
      [[ $__hp_between == 1 && $__hp_text != *[\>\`]* && $__hp_text != *__hp_* ]] && return 0 ;;
    *'$?'*) if [[ $__hp_status != 0 ]] && __hp_is_plain "$__hp_text"; then __hp_tell; return; fi ;;
  esac
  [[ $__hp_between == 1 ]] || __hp_status=0
  __hp_is_seen "$__hp_text" && return 0
  local __hp_given=()
  __hp_values "$__hp_text" "${@:3:$#-3}"
  "$__hp_dir/bin/holdpoint-ask" command bash "$__hp_text" ${__hp_given[@]+"${__hp_given[@]}"} 2>&"$__hp_err" && return 0
  if [[ $__hp_between == 0 ]]; then __hp_drop; else __hp_skip; fi
}

__hp_skip() { builtin shopt -s extdebug; return 1; }

# The interrupt ends the line, but for a subshell, and where the user traps it; a trap that skips is the net below it.
__hp_drop() {
  (( BASH_SUBSHELL == 0 )) || exit 126
  (( ++__hp_skips > 1 )) || builtin kill -INT $$
  (( __hp_skips < 3000 )) || exit 126 # a loop around skipped commands never ends by itself
  case $__hp_text in
    *'>'*) ;;
    true | : | false | 'read '* | 'test '* | '[ '* | '[[ '* | '(('*) [[ $__hp_skips == 1 ]] || return 3 ;;
  esac
  __hp_skip
}

# NUMBER
__hp_begin_line() {
  [[ $__hp_between == 1 ]] || (( ++__hp_unit )) # the hook of the prompt was gone
  __hp_seen=$1 __hp_between=0 __hp_skips=0
  export HOLDPOINT_LINE=$__hp_base.$__hp_unit
  if shopt -q extdebug; then shopt -u extdebug; set -T; fi
  __hp_keep_history
  __hp_hook
  [[ $__hp_asked == "$__hp_unit" ]] || __hp_ask_line || :
}

# For what is skipped here because it was done here.
__hp_run_users() { [[ $__hp_between == 1 || $BASH_SUBSHELL != 0 || ${#FUNCNAME[@]} != 3 ]] || eval "$__hp_users"; }

# `echo $?` behind a refused line: the interrupt has left 130.
__hp_tell() {
  __hp_run_users
  case $__hp_text in 'echo '* | 'printf '*) set -- "builtin $__hp_text" ;; *) set -- "$__hp_text" ;; esac
  __hp_give "$__hp_status"
  eval "$1"
  [[ $__hp_between == 1 ]] || __hp_status=0
  __hp_skip
}

# PS0, in a process of its own.
__hp_line() {
  case $__hp_done in line) ;; refused) builtin kill -INT $$ ;; *) __hp_err=9; __hp_ask_line || builtin kill -INT $$ ;; esac
}

# Puts the whole text to the broker, with the variables that it names, the human's aliases and the functions typed before.
__hp_ask_line() {
  local __hp_typed='' __hp_words __hp_at __hp_word __hp_body __hp_given=() __hp_token=$__hp_base.$(( __hp_unit + ! __hp_between ))
  [[ $__hp_between == 0 ]] && __hp_token=$HOLDPOINT_LINE
  __hp_read_history || return 0
  __hp_values "$__hp_typed" "$@"
  __hp_split "$__hp_typed"
  for (( __hp_at = 0; __hp_at < ${#__hp_words[@]} && __hp_at < 200; __hp_at++ )); do
    __hp_word=${__hp_words[__hp_at]}
    [[ ${#BASH_ALIASES[@]} == 0 || -z ${BASH_ALIASES[$__hp_word]+x} ]] || __hp_add "alias:$__hp_word=${BASH_ALIASES[$__hp_word]}"
    if [[ " ${__hp_words[*]:0:__hp_at} " != *" $__hp_word "* ]] && __hp_read_function; then
      __hp_add "$__hp_word()=$__hp_body"
      __hp_split "$__hp_body"
    fi
  done
  HOLDPOINT_LINE=$__hp_token "$__hp_dir/bin/holdpoint-ask" typed bash "$__hp_typed" ${__hp_given[@]+"${__hp_given[@]}"} 2>&"$__hp_err" && return 0
  [[ -e $__hp_dir/rc/refused.$__hp_token ]] || : >|"$__hp_dir/rc/own/refused.$__hp_token"
  return 126
}

__hp_split() {
  local IFS=$' \t\n' -
  set -f
  __hp_words+=(${1//[^A-Za-z0-9_.:+-]/ })
}

# Sets __hp_body; 1 for what is no function, or was read from a file: those of start-up files hold more than a line needs, and what
# a line sources is judged with that line.
__hp_read_function() {
  declare -F -- "$__hp_word" >/dev/null 2>&1 || return 1
  local name line file was=+
  shopt -q extdebug && was=-
  shopt -s extdebug
  { declare -F -- "$__hp_word"; builtin printf '\0'; } 1<>"$__hp_dir/rc/own/typed.$$"
  [[ $was == - ]] || { shopt -u extdebug; set -T; }
  read -r name line file <"$__hp_dir/rc/own/typed.$$"
  [[ $file == main || $file == environment ]] || return 1
  { declare -f -- "$__hp_word"; builtin printf '\0'; } 1<>"$__hp_dir/rc/own/typed.$$"
  IFS= read -r -d '' __hp_body <"$__hp_dir/rc/own/typed.$$" || :
}

# Sets __hp_typed to the newest entry of the history; 1 where it is not the line that was just read.
__hp_read_history() {
  local IFS=$' \t\n' LC_ALL=C number text
  # Through a file, for a fork costs more. Not truncated, for that takes milliseconds on ext4: the text ends at the NUL.
  { HISTTIMEFORMAT='' builtin history 1 && builtin printf '\0'; } 1<>"$__hp_dir/rc/own/typed.$$" 2>/dev/null || return 1
  IFS= read -r -d '' text <"$__hp_dir/rc/own/typed.$$" || :
  text=${text#"${text%%[! ]*}"} number=${text%%[!0-9]*}
  [[ -n $number && $number -ge $__hp_before ]] || return 1
  text=${text#"$number"} text=${text#?} text=${text# }
  __hp_typed=${text%$'\n'} __hp_number=$number
}

# HISTCONTROL and HISTIGNORE are put aside while a line is read, or its text would not be had; bash applies them now.
__hp_keep_history() {
  [[ -n $__hp_forged ]] || return 0
  __hp_forged=
  local text=''
  if __hp_read_history; then text=$__hp_typed; fi
  [[ $__hp_control == -* ]] && unset HISTCONTROL || HISTCONTROL=${__hp_control#+}
  [[ $__hp_ignore == -* ]] && unset HISTIGNORE || HISTIGNORE=${__hp_ignore#+}
  [[ -z $text ]] || { builtin history -d "$__hp_number" && builtin history -s "$text"; }
}

__hp_forge_history() {
  __hp_control=${HISTCONTROL++$HISTCONTROL} __hp_ignore=${HISTIGNORE++$HISTIGNORE}
  [[ ${__hp_control:-+} != + || ${__hp_ignore:-+} != + ]] || return 0
  case $BASH_VERSION in [123].* | 4.[0-3].*) ;; *) [[ ${HISTCONTROL@a}${HISTIGNORE@a} != *r* ]] || return 0 ;; esac
  : "${__hp_control:=-}" "${__hp_ignore:=-}"
  HISTCONTROL='' HISTIGNORE='' __hp_forged=1
}

# At the beginning of PROMPT_COMMAND, with the status of the line as $?.
__hp_prompt() {
  __hp_was=$?
  case $__hp_done in prompt) ;; *) __hp_at_prompt "$__hp_was" ;; esac
  __hp_done=
  return "$__hp_returns"
}

# STATUS
__hp_at_prompt() {
  case $- in *[eux]*) __hp_flags=$-; local -; set +eux ;; esac
  __hp_keep_history
  __hp_note_number
  [[ $__hp_seen == "$__hp_prompted" ]] || __hp_status=0 # else nothing was entered
  __hp_prompted=$__hp_seen
  if [[ -e $__hp_dir/rc/refused.$__hp_base.$__hp_unit || -e $__hp_dir/rc/own/refused.$__hp_base.$__hp_unit ]]; then
    [[ $1 == 0 ]] || __hp_status=126
    __hp_mark
  fi
  __hp_returns=$1
  [[ $__hp_status == 0 ]] || __hp_returns=$__hp_status
  (( ++__hp_unit ))
  __hp_between=1
  export HOLDPOINT_LINE=$__hp_base.0 # what a prompt is refused ends no line
  __hp_front
  unset -f builtin return local shopt declare export read kill history eval trap set exit break readonly
  __hp_hook
  __hp_trace
}

# A line of which no command was shown to the trap has moved bash's number on, too.
__hp_note_number() {
  case $BASH_VERSION in [123].* | 4.[0-3].*) ;; *) __hp_seen='\#' __hp_seen=${__hp_seen@P} ;; esac
}

# At the end of PROMPT_COMMAND.
__hp_ready() {
  case $__hp_done in ready) ;; *) __hp_at_ready ;; esac
  __hp_done=
}

__hp_at_ready() {
  local number='\!'
  case $- in *[eux]*) local -; set +eux ;; esac
  case $BASH_VERSION in [123].* | 4.[0-3].*) number=$HISTCMD ;; *) number=${number@P} ;; esac
  __hp_before=$number
  __hp_forge_history || :
}

# A refused line stays in the history with a comment, on a line of its own behind a heredoc. Run again, it is the same line.
__hp_mark() {
  __hp_read_history || return 0
  shopt -q interactive_comments || return 0
  case $__hp_typed in
    *'# refused by holdpoint') return 0 ;;
    *$'\n'*) __hp_typed+=$'\n' ;;
    *) __hp_typed+=' ' ;;
  esac
  builtin history -d "$__hp_number"
  builtin history -s "$__hp_typed# refused by holdpoint"
}

# Takes "trap ACTION … DEBUG" as the user's own, to run behind ours. 1 where that cannot be told from the text.
__hp_set_users() {
  [[ $__hp_text != *[\`\<\>]* && $__hp_text != *'$('* ]] || return 1
  __hp_run_users
  eval "set -- ${__hp_text#trap }"
  [[ ${1-} != -- ]] || shift
  if [[ ${1-} == -p ]]; then
    [[ $# == 2 ]] || return 1
    [[ -z $__hp_users ]] || builtin printf "trap -- '%s' DEBUG\n" "${__hp_users//\'/\'\\\'\'}"
    return 0
  fi
  local action=${1-} signal rest=()
  if (( $# == 1 )); then action=- ; else shift; fi
  for signal; do
    case $signal in DEBUG | SIGDEBUG | debug | Debug) ;; *) rest+=("$signal") ;; esac
  done
  (( ${#rest[@]} < $# )) || return 1
  (( ${#rest[@]} == 0 )) || builtin trap -- "$action" "${rest[@]}"
  [[ $action == - ]] && __hp_users='' || __hp_users=$action
  __hp_trace
}

# PROMPT_COMMAND and PS0 as they must be for the next line; the user's own stay in them.
__hp_hook() {
  local at=0
  case $BASH_VERSION in
    [123].* | 4.[0-3].*) ;;
    *)
      [[ ${PROMPT_COMMAND@a} != *r* ]] || return 0
      if [[ ${PS0-} != "$__hp_ps0"* ]] && shopt -q promptvars; then PS0=$__hp_ps0${PS0-}; fi
      ;;
  esac
  [[ ${PROMPT_COMMAND-} == "$__hp_begins"* ]] || PROMPT_COMMAND=$__hp_begins${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
  for at in "${!PROMPT_COMMAND[@]}"; do :; done
  [[ ${PROMPT_COMMAND[at]} != *"$__hp_ends" ]] || return 0
  if (( at == 0 )); then PROMPT_COMMAND+=$'\n'$__hp_ends; else PROMPT_COMMAND[at]+=$'\n'$__hp_ends; fi
}

# What the user makes of them counts at once, and with ours in it: the next line is to be asked about.
__hp_set_prompt() {
  case $__hp_text in
    unset*) [[ $__hp_text != *[\$\`\<\>]* ]] || return 1 ;;
    *) __hp_is_plain "${__hp_text/PROMPT_COMMAND/PROMPT}" || return 1 ;;
  esac
  eval "$__hp_text"
  __hp_hook
}

# Sets the trap anew, with the user's behind ours where it would run without functrace. Under `set -x` ours leaves no trace.
__hp_trace() {
  local users='' ours opens='' closes=''
  __hp_err=2
  case $__hp_flags-${__hp_text-} in *x*) opens='{ ' closes='; } 9>&2 2>/dev/null' __hp_err=9 ;; esac
  [[ -z $__hp_users ]] || users="case \${FUNCNAME-}\$BASH_SUBSHELL in 0) __hp_give \"\$__hp_was\" \"\$_\"
$__hp_users
;; esac; : \"\$__hp_last\""
  ours="__hp_debug \"\$?\" \"\$LINENO\" \"\$@\" \"\$_\"; case \$? in 0) $users ;; 3) break 999 2>/dev/null ;; 4) ;; *) false ;; esac"
  ours="case \$BASH_COMMAND in __hp_prompt) : \"\$_\" ;; *) $ours ;; esac"
  builtin trap "${opens}case \$__hp_quick in *\"<\${FUNCNAME-}>\"*) : \"\$_\" ;; *) $ours ;; esac$closes" DEBUG
}

# By the one who reads this file, at the top. bash shows a trap that was there as `trap -- 'TEXT' DEBUG`.
__hp_arm='__hp_text="$(builtin trap -p DEBUG)"; __hp_armed'
__hp_armed() {
  unset -f __hp_armed
  [[ -z $__hp_text ]] || eval "set -- ${__hp_text#trap }"
  [[ $# == 0 ]] || __hp_users=$2
  unset __hp_text __hp_arm __hp_late
  __hp_note_number
  set -T
  export -n PROMPT_COMMAND
  export HOLDPOINT_LINE=$__hp_base.0
  __hp_hook
  __hp_trace
}

__hp_quick='<__hp_prompt><__hp_ready><__hp_line>' __hp_done='' __hp_returns=0
readonly __hp_dir __hp_base __hp_net __hp_begins __hp_begin __hp_ends __hp_ps0 __hp_quick
readonly -f __hp_front __hp_debug __hp_skip __hp_drop __hp_begin_line __hp_run_users __hp_tell __hp_line __hp_ask_line __hp_split __hp_read_function __hp_read_history \
  __hp_keep_history __hp_forge_history __hp_note_number __hp_prompt __hp_at_prompt __hp_ready __hp_at_ready __hp_mark __hp_set_users __hp_hook __hp_set_prompt __hp_trace
