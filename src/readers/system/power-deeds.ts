import { help, loses, type SystemDeed, stops } from "./system-deed.js";

/** What ends the machine, its sessions, and processes that others need. */
export const powerDeeds: readonly SystemDeed[] = [
  {
    names: "shutdown reboot halt poweroff",
    when: /^/,
    unless: /(^| )(-c|-k|-w|--wtmp-only|--help|--version|--show)( |$)/,
    deed: stops("the machine stops, and this session with it"),
  },
  {
    names: "init telinit",
    when: /^\s*[016sS]\b/,
    deed: stops("the machine stops, and this session with it"),
  },
  { names: "kexec", when: /(^| )(-e|--exec)\b/, deed: stops("the machine starts another kernel") },
  {
    names: "loginctl",
    when: /(^| )(terminate|kill)-(session|user|seat)|(^| )(poweroff|reboot|suspend)( |$)/,
    deed: stops("ends somebody's session"),
  },
  {
    names: "pmset",
    when: /^(sleepnow|displaysleepnow|restart|shutdown)\b/,
    deed: stops("the machine sleeps or stops"),
  },
  {
    names: "rtcwake",
    when: /(^| )(-m|--mode)[ =]?(mem|disk|off|standby|freeze)/,
    deed: stops("the machine sleeps or stops"),
  },
  // A process of one's own is a developer's day; process 1, all of them, or everything of somebody is not.
  {
    names: "kill",
    when: /^(-\S+ |-s \S+ |-n \S+ )?(-- )?.*(^| )(-- )?(1|-1)$/,
    unless: /^-1$|^-l|^(-0|-s 0|-HUP|-s HUP) /,
    deed: stops("ends every process there is, or the first of them"),
  },
  {
    names: "pkill killall skill",
    when: /(^| )(-u|-U|--user|--euid|--uid)[ =]?\S|(^| )(init|systemd|sshd|dockerd|containerd|postgres|postmaster|mysqld|mariadbd|mongod|redis-server|kubelet|Xorg|gnome-shell|launchd|WindowServer|loginwindow|Finder)( |$)/,
    unless: /(^| )-0( |$)/,
    deed: stops("ends a server, or all that somebody runs"),
  },
  {
    names: "pkill killall",
    when: /(^| )(-f )?(\.|\.\*|'')( |$)/,
    deed: stops("ends every process that it may"),
  },
  { names: "killall5", when: /^/, unless: help, deed: stops("ends every process there is") },
  {
    names: "fuser",
    when: /(^| )-\w*k\w*m|(^| )-\w*m\w*k|(^| )-k .*(-m|--mount)/,
    deed: stops("ends every process that uses the file system"),
  },
  { names: "atrm", when: /^./, deed: loses("removes what waits to be run") },
  // `kill -9 $(pidof mysqld)`: the words that cannot be foreseen say what they look for.
  {
    names: "kill",
    when: /[$`].*(postgres|postmaster|mysqld|mariadbd|mongod|redis-server|sshd|dockerd|containerd|systemd|kubelet|init\b)|[$`].*(pgrep|ps) .*(-u|-U|--euid|--user)[ =]?\S/,
    unless: /^(-0|-s 0)( |$)/,
    deed: stops("ends a server, or all that somebody runs"),
  },
  { names: "xkill", when: /(^| )-a(ll)?( |$)/, deed: stops("ends every window's program") },
  {
    names: "taskkill",
    when: /\/im +(\*|explorer|svchost|lsass|winlogon|csrss|services|sqlservr|postgres|mysqld|dockerd)/i,
    deed: stops("ends a part of the system, or a server"),
  },
];
