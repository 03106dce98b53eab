/** Wrappers that need no more said than their options, in the order of their manual pages. */
export interface WrapperRow {
  /** Blanks between them. */
  readonly names: string;
  /** As `declareOptions` takes them, commas between them; they end at the first operand. */
  readonly options?: string;
  /** Operands in front of the program. */
  readonly skip?: number;
  /** A first operand that is only there sometimes. */
  readonly lead?: RegExp;
  /** What it starts sees another file system, or gets another PATH. */
  readonly hides?: true;
  /** Options whose value is a file that it writes anew. */
  readonly writes?: string;
}

/** What `setarch` takes as an architecture, and is called by. */
const architecture =
  /^(linux(32|64)|uname26|i[3-6]86|x86_64|athlon|arm\w*|aarch64|ppc\w*|s390x?|mips\w*|sparc\w*|ia64|alpha|riscv\w*|parisc\w*)$/;

const traced =
  "-o --output:, -e --trace:, -p:, -s:, -u:, -E:, -a:, -O:, -S:, -P:, -I:, -b:, -X:, -U:, -l:, -n:, -c, -C, -d, -D, -f --follow-forks, -F, -i, -k, -q, -r, -t, " +
  "-T, -v, -V, -w, -x, -y, -z, -Z, -L";

export const wrapperRows: readonly WrapperRow[] = [
  { names: "strace", options: `${traced}, -A --output-append-mode`, writes: "output" },
  { names: "ltrace", options: `${traced}, -A:`, writes: "output" },
  {
    names: "setarch linux32 linux64 i386 x86_64 uname26",
    options: "-R, -F, -Z, -L, -X, -I, -B, -S, -T, -3, -v, -p::",
    lead: architecture,
  },
  {
    names: "time gtime",
    options: "-f --format:, -o --output:, -a --append, -p, -v, -q, -l, -h",
    writes: "output",
  },
  // The value of the first is a socket, then comes the program.
  { names: "dtach abduco", options: "-n:, -c:, -A:, -N:, -a:, -p:, -e:, -r:, -E, -z, -f, -q, -l" },
  {
    names: "screen",
    options:
      "-A, -a, -c:, -d, -D, -m, -e:, -f, -h:, -i, -l, -L, -Logfile:, -n, -O, -p:, -q, -s:, -S:, -t:, -T:, -U, -w, -x, -r, -R",
  },
  { names: "daemonize", options: "-a, -c:, -E:, -e:, -l:, -o:, -p:, -u:, -v" },
  {
    names: "dbus-launch",
    options: "--exit-with-session, --sh-syntax, --csh-syntax, --autolaunch:, --config-file:",
  },
  {
    names: "systemd-inhibit",
    options: "--what:, --who:, --why:, --mode:, --list, --no-pager, --no-legend, --no-ask-password",
  },
  {
    names: "systemd-cat",
    options: "-t --identifier:, -p --priority:, --stderr-priority:, --level-prefix:, --namespace:",
  },
  {
    names: "runcon",
    options: "-c --compute, -t --type:, -u --user:, -r --role:, -l --range:",
    lead: /^\w+:\w+:\w+/,
  },
  { names: "aa-exec", options: "-p --profile:, -n --namespace:, -d --debug, -i --immediate, -v --verbose" },
  {
    names: "numactl",
    options:
      "-i --interleave:, -m --membind:, -N --cpunodebind:, -C --physcpubind:, -p --preferred:, -l --localalloc, -b --balancing",
  },
  { names: "cgexec", options: "-g:, --sticky" },
  {
    names: "prlimit",
    options:
      "-c --core::, -d --data::, -e --nice::, -f --fsize::, -i --sigpending::, -l --memlock::, -m --rss::, -n --nofile::, -q --msgqueue::, " +
      "-r --rtprio::, -s --stack::, -t --cpu::, -u --nproc::, -v --as::, -x --locks::, -y --rttime::, -p --pid:, -o --output:, --noheadings, --raw, --verbose",
  },
  { names: "choom", options: "-n --adjust:, -p --pid:" },
  {
    names: "cpulimit",
    options:
      "-l --limit:, -p --pid:, -e --exe:, -P --path:, -b --background, -f --foreground, -q --quiet, -k --kill, -r --restore, -s --signal:, -v --verbose, -z --lazy, -i --include-children",
  },
  { names: "softlimit", options: "-a:, -c:, -d:, -f:, -l:, -m:, -o:, -p:, -r:, -s:, -t:" },
  {
    names: "torsocks torify",
    options: "-i --isolate, -u --user:, -p --pass:, -a --address:, -P --port:, -d --debug, -q --quiet",
  },
  { names: "proxychains proxychains4", options: "-q, -f:" },
  {
    names: "faketime",
    options: "-m, -p:, -f, --date-prog:, --disable-monotonic, --exclude-monotonic",
    skip: 1,
  },
  { names: "ifne", options: "-n" },
  { names: "tsp", options: "-n, -g, -f, -m, -d, -D:, -W:, -L:, -N:, -E, -O:, -G:" },
  { names: "setlock", options: "-n, -N, -x, -X", skip: 1 },
  {
    names: "envdir setuidgid gosu su-exec",
    options: "",
    skip: 1,
  },
  {
    names: "chpst",
    options:
      "-u:, -U:, -b:, -e:, -/:, -C:, -n:, -l:, -L:, -m:, -d:, -o:, -p:, -f:, -c:, -t:, -v, -V, -P, -0, -1, -2",
  },
  {
    names: "tini dumb-init",
    options: "-p:, -s --single-child, -g, -v --verbose, -w, -e:, -c, -r --rewrite:",
  },
  {
    names: "rlwrap",
    options:
      "-a::, -A::, -b:, -c, -C:, -D:, -e:, -f:, -F:, -g:, -H:, -i, -I, -l:, -m::, -M:, -n, -N, -o, -O:, -p::, -P:, -q:, -r, -R, -s:, -S:, -t:, -T:, -U, -v, -w:, -W::, -x, -X, -z:",
  },
  { names: "logsave", options: "-a, -s, -v", skip: 1 },
  {
    names: "proot",
    options:
      "-r --rootfs:, -R:, -S:, -b --bind:, -m --mount:, -q --qemu:, -w --pwd --cwd:, -v --verbose:, -0 --root-id, -i --change-id:, -k --kernel-release:, -s:, -e --environment:, -c --config-dir:, -l --lib:",
    hides: true,
  },
  {
    names: "systemd-nspawn",
    options:
      "-D --directory:, -i --image:, -M --machine:, -u --user:, -E --setenv:, -a --as-pid2, -b --boot, -x --ephemeral, -q --quiet, --chdir:, --bind:, " +
      "--bind-ro:, --tmpfs:, --overlay:, -S --slice:, --private-users:, --network-veth, -n, --capability:, --template:, --volatile::, --pipe, -P",
    hides: true,
  },
  {
    names: "gnome-terminal",
    options: "--tab, --window, --wait, --title:, --working-directory:, -x --execute",
  },
  // Reimplements `rm`, `mv` and their like: what it runs is no program of the PATH.
  { names: "shx", options: "--silent", hides: true },
  {
    names: "xterm konsole alacritty",
    options:
      "-e, -T:, -title:, -n:, -geometry:, -fg:, -bg:, -fn:, -fa:, -fs:, -hold, --hold, --workdir:, --noclose, --working-directory:, --title:, --command",
  },
];
