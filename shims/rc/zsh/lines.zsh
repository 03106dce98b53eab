# For an interactive zsh. Each line is put to the broker before any of it runs, as zsh has parsed it: aliases, history, all
# lines of it. That is what preexec is given, whichever widget accepted the line, and without any. preexec cannot stop a line,
# so a DEBUG trap does, which is in force from the moment the line is read until the broker lets it pass: where the hook of
# somebody else fails and ours is never reached, the line is held all the same.
zmodload zsh/parameter zsh/datetime
# unjudged: nobody has said anything yet; each: command by command; refused. Empty: the line passed, there is no trap.
typeset -g __hp_state='' __hp_typed='' __hp_own_trap='' __hp_own_function=''
typeset -g __hp_outer=${HOLDPOINT_LINE-}
typeset -gr __hp_began=${EPOCHREALTIME/./} __hp_dir
typeset -gi __hp_count=0
typeset -gA __hp_sources=() # files that the human's functions come from

# zshaddhistory, before all others: a line was read. Its status 0 says nothing about history.
__hp_read() {
  [[ -o debug_before_cmd ]] || builtin setopt debug_before_cmd # or the trap comes too late
  __hp_anchor
  __hp_arm
  return 0
}

# preexec TYPED SHORT FULL, behind all others: an editor's marks are out by then, so it takes the reason for output.
__hp_line() {
  [[ -o debug_before_cmd ]] || builtin setopt debug_before_cmd
  [[ -n $__hp_state ]] || __hp_arm
  __hp_typed=$1
  __hp_front
  typeset -gx HOLDPOINT_LINE=${__hp_outer:+$__hp_outer.}text.$$.$__hp_began.$((++__hp_count))
  if __hp_is_deferred "$3"; then
    __hp_state=each
  elif __hp_asks typed "$3"; then
    __hp_disarm
  else
    __hp_refuse
  fi
}

# precmd, before all others: that line is over.
__hp_over() {
  [[ -z $__hp_state ]] || __hp_disarm
  if [[ -n $__hp_outer ]]; then typeset -gx HOLDPOINT_LINE=$__hp_outer; else unset HOLDPOINT_LINE; fi
  __hp_anchor
}

# Plugins, and start-up files that are read again, set these arrays anew now and then: each hook sees to all three.
__hp_anchor() {
  emulate -L zsh
  [[ ${preexec_functions[-1]-} == __hp_line ]] ||
    typeset -ga preexec_functions=(${preexec_functions:#__hp_line} __hp_line)
  [[ ${precmd_functions[1]-} == __hp_over ]] || typeset -ga precmd_functions=(__hp_over ${precmd_functions:#__hp_over})
  [[ ${zshaddhistory_functions[1]-} == __hp_read ]] ||
    typeset -ga zshaddhistory_functions=(__hp_read ${zshaddhistory_functions:#__hp_read})
}

# Nothing in functions: those that the line calls are its own affair, the hooks and widgets of others are no line.
__hp_arm() {
  emulate -L zsh -o no_aliases
  builtin unsetopt local_traps # the trap is to outlive this function
  if [[ -z $__hp_state ]]; then
    __hp_own_function=${functions[TRAPDEBUG]-} __hp_own_trap=''
    local file=$__hp_dir/rc/own/trap.$$ words at
    if builtin trap >| $file && [[ -s $file ]]; then
      words=(${(z)"$(<$file)"})
      at=${words[(I)DEBUG]}
      (( at < 2 )) || __hp_own_trap=${(Q)words[at-1]}
    fi
  fi 2>/dev/null
  __hp_state=unjudged
  builtin trap 'if [[ -z $funcstack || $funcstack == "(eval)" ]]; then __hp_hold "$ZSH_DEBUG_CMD" "$@" || { builtin setopt err_exit; builtin return 126; }; fi' DEBUG
}

__hp_disarm() {
  emulate -L zsh -o no_aliases
  builtin unsetopt local_traps
  __hp_state=''
  builtin trap - DEBUG
  if [[ -n $__hp_own_function ]]; then
    functions[TRAPDEBUG]=$__hp_own_function
  elif [[ -n $__hp_own_trap ]]; then
    builtin trap -- "$__hp_own_trap" DEBUG
  fi
}

# COMMAND POSITIONAL…, of a line that did not pass as a whole: 0 runs it, anything else drops the line.
__hp_hold() {
  emulate -L zsh
  [[ $__hp_state != refused ]] || return 1
  __hp_asks command "$@" || { __hp_refuse; return 1; }
}

# In history the line stays as it was typed, and once more with the mark in front: a comment would be words to a zsh that has
# no INTERACTIVE_COMMENTS, and the end of a here-document is no place for one. To run it again means what it meant.
__hp_refuse() {
  emulate -L zsh
  __hp_state=refused
  local mark=': refused by holdpoint; '
  [[ -z $__hp_typed || $__hp_typed == $mark* ]] || print -rs -- "$mark${__hp_typed%$'\n'}"
}

# What only shows while it runs: "fc" and "r" run what history holds, "eval" knows aliases, and a function cannot see the
# shell's own $1.
__hp_is_deferred() {
  emulate -L zsh
  [[ $1 == *'$'([0-9@*#]|\{[0-9@*#]|argv|\{argv)* || " ${1//[^A-Za-z0-9_.\/-]/ } " == *' '(fc|r|eval)' '* ]]
}

# VERB TEXT POSITIONAL…, with what the broker needs to expand it.
__hp_asks() {
  emulate -L zsh -o extended_glob
  local -a __hp_given=()
  local __hp_verb=$1
  shift
  local __hp_at __hp_word
  for (( __hp_at = 2; __hp_at <= $#; __hp_at++ )) __hp_given+=("$((__hp_at - 1))=$argv[__hp_at]")
  for __hp_word in ${(s:$:)${1#*\$}}; do
    [[ $1 == *\$* ]] || break
    __hp_word=${__hp_word##\{(\([^\)]#\)|)[\#=^~+!]#}
    __hp_value "${(M)__hp_word##[A-Za-z_][A-Za-z0-9_]#}"
  done
  __hp_functions "$1"
  "$__hp_dir/bin/holdpoint-ask" $__hp_verb zsh "$1" $__hp_given
}

# What is exported the broker has, and what changes by itself stays unknown to it.
__hp_value() {
  [[ -n $1 && $1 != (__hp_*|RANDOM|argv|path|[Pp][Ii][Pp][Ee]status|status) ]] && (( $#__hp_given < 500 )) || return 0
  case ${(Pt)1} in
    *export* | *float* | integer*special*) ;;
    array* | association*)
      (( ${#${(P@)1}} < 200 )) || return 0
      local __hp_element __hp_at=0
      for __hp_element in "${(P@)1}"; do __hp_add "$1[$((__hp_at++))]=$__hp_element"; done
      ;;
    ?*) __hp_add "$1=${(P)1}" ;;
  esac
}

# Functions that came to be at the prompt, and what those call. The human's own start-up files are not put on trial.
__hp_functions() {
  local -aU open=(${(Qz)1})
  local -i at
  for (( at = 1; at <= $#open && at < 2000; at++ )); do
    local name=$open[at]
    (( ${+functions[$name]} )) && [[ $name != __hp_* ]] || continue
    [[ -z ${functions_source[$name]} || -z ${__hp_sources[${functions_source[$name]}]-} ]] || continue
    [[ $functions[$name] != 'builtin autoload '* && ${functions_source[$name]:h} != ${~${(j:|:)${(b)fpath}}} ]] || continue
    __hp_add "$name()=$functions[$name]"
    open+=(${(Qz)functions[$name]})
  done
}

__hp_add() { (( ${#1} >= 60000 )) || __hp_given+=("$1"); } # execve() takes no longer word than 128 KiB

# At the end of the start-up files.
__hp_ready() {
  emulate -L zsh
  local file
  for file in ${(u)functions_source}; do [[ $file != /* ]] || __hp_sources[$file]=1; done
  __hp_anchor
}

__hp_anchor # now already: an error in the human's files ends ours as well
