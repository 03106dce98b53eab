# Read through XDG_DATA_DIRS by every fish of a session, before the user's own files. Keeps the session's programs in front of
# PATH, and has the broker judge what this shell is about to run: a text or a script here, each line at a prompt as it is
# entered. fish_preexec cannot stop a line, so that is done where one is entered: a key bound to "execute", or a binding of
# the user's that calls "commandline -f execute". What gets past both is judged by fish_preexec, and refused it ends the shell.
functions -q __hp_judge
and exit
set -g __hp_dir (string replace -r '/rc/data/.*' '' -- (status filename))

function __hp_front --on-variable PATH
    test "$PATH[1]" = $__hp_dir/bin
    or set -gx PATH $__hp_dir/bin (string match -v -- $__hp_dir/bin $PATH)
end
__hp_front

# Its own words, where the system tells. A shell that a shim has started was judged with them, and its token says so.
if not status is-interactive
    if test -r /proc/$fish_pid/cmdline
        $__hp_dir/bin/holdpoint-ask start fish (string split0 </proc/$fish_pid/cmdline)
        or exec /bin/sh -c 'exit 126'
    end
    functions -e __hp_front
    set -e __hp_dir
    exit
end

set -g __hp_outer "$HOLDPOINT_LINE"
set -g __hp_began (date +%s)
set -g __hp_count 0
set -g __hp_passed
set -g __hp_said
set -g __hp_runs

# TEXT: 0 when it may run. What is said about it is kept.
function __hp_judge
    set -g __hp_count (math $__hp_count + 1)
    set -gx HOLDPOINT_LINE (string join . $__hp_outer text $fish_pid $__hp_began $__hp_count)
    set -g __hp_said ($__hp_dir/bin/holdpoint-ask typed fish $argv[1] (__hp_given $argv[1]) 2>&1)
end

# What the broker needs to expand the text: variables that are not exported, functions that came to be at the prompt.
function __hp_given
    for __hp_name in (string match -ar '(?<=\$)\w+' -- $argv[1] | sort -u)
        if not set -qx $__hp_name; and set -q $__hp_name; and not contains $__hp_name argv history status pipestatus; and not string match -q '__hp_*' -- $__hp_name
            set -l __hp_values $$__hp_name
            if test (count $__hp_values) -eq 1
                string sub -l 60000 -- "$__hp_name=$__hp_values" | string collect
            else
                for __hp_at in (seq (count $__hp_values[1..200]))
                    string join '' -- $__hp_name '[' (math $__hp_at - 1) ']=' "$__hp_values[$__hp_at]" | string sub -l 60000 | string collect
                end
            end
        end
    end
    set -l __hp_texts $argv[1]
    set -l __hp_seen
    while set -q __hp_texts[1]
        for __hp_name in (string match -ar '[\w.:+-]+' -- $__hp_texts[1] | sort -u)
            if not contains -- $__hp_name $__hp_seen; and functions -q -- $__hp_name; and contains -- (functions --details -- $__hp_name) stdin -
                set -a __hp_seen $__hp_name
                set -a __hp_texts (functions --no-details -- $__hp_name | string collect)
                string join '' -- "$__hp_name()=" $__hp_texts[-1] | string collect
            end
        end
        set -e __hp_texts[1]
    end
end

function __hp_enter
    __hp_hold
    builtin commandline -f execute
end

# A line that is refused runs as this: it stays in history, marked, and to run it again is refused again.
function refused-by-holdpoint
    if set -q __hp_said[1]
        printf '%s\n' $__hp_said >&2
    else
        echo 'holdpoint: this line was refused. Take it without its first two words to ask anew.' >&2
    end
    set -g __hp_said
    return 126
end

# The line as it would be entered now.
function __hp_hold
    test -z "$__hp_runs" # "read" within a command is no line of the shell's
    and builtin commandline --is-valid
    or return 0
    __hp_abbreviation
    set -l text (builtin commandline -b | string collect)
    string match -qr '\S' -- $text
    or return 0
    if not __hp_judge $text
        set text "refused-by-holdpoint # $(string replace -a \n \n'# ' -- $text | string collect)"
        builtin commandline -r -- $text
    end
    set -g __hp_passed $text
end

# fish expands one at the cursor when the line is entered; done here, for the broker to see it.
function __hp_abbreviation
    set -l token (builtin commandline -t)
    test -n "$token"
    and abbr -q -- $token 2>/dev/null
    or return
    set -l found (abbr --show | string match -r -- "^abbr -a(?:(?! -- ).)* -- $(string escape --style=regex -- $token) (.*)")
    set -q found[2]
    and begin
        string match -q -- '*--position anywhere*' $found[1]
        or test (count (builtin commandline -opc)) -eq 0
    end
    and builtin commandline -t -- (string unescape -- $found[2])
end

function commandline
    switch "$argv"
        case '*execute*'
            if contains -- execute $argv; and string match -qr -- '^(-\w*f|--function)' $argv
                __hp_hold
            end
    end
    builtin commandline $argv
end

function __hp_preexec --on-event fish_preexec
    set -g __hp_runs 1
    set -l text (string join \n -- $argv | string collect)
    if test "$text" != "$__hp_passed"; and not __hp_judge $text
        printf '%s\n' $__hp_said 'holdpoint: this line came past the keys that could be held, so the shell ends.' >&2
        exec /bin/sh -c 'exit 126'
    end
    set -g __hp_passed
end

function __hp_postexec --on-event fish_postexec
    set -g __hp_runs
    if test -n "$__hp_outer"
        set -gx HOLDPOINT_LINE $__hp_outer
    else
        set -e HOLDPOINT_LINE
    end
end

# Each key that enters a line. Bindings of the user's own come and go, so they are looked at before each prompt.
function __hp_keys --on-event fish_prompt
    set -g __hp_runs
    for line in (bind | string match -r -- '^bind .*\bexecute\b.*')
        set -l found (string match -r -- '^bind(?: --preset| --user)?((?: -M \S+| -m \S+)*) (-k \S+|\S+) \'?(?:commandline -f )?execute\'?$' $line)
        and eval "bind$found[2] $found[3] __hp_enter"
    end
end
__hp_keys
