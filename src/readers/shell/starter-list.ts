/** A program that starts another by one of its options, or by its operands. Names of options are their last spellings. */
export interface Starter {
  readonly names: readonly string[];
  /** As `declareOptions` takes them, commas between them. */
  readonly options: string;
  /** Options whose value a shell is given; blanks between them. */
  readonly lines?: string;
  /** Options whose value is a program, which gets words of the tool's own. */
  readonly programs?: string;
  /** Options with actions for keys, some of them lines. */
  readonly bound?: string;
  /** One command, the words of one line, or a line each. */
  readonly operands?: "call" | "line" | "lines";
  /** The option with which the operands are a line. */
  readonly shell?: string;
  /** A word `+!COMMAND` is a line. */
  readonly plus?: true;
  /** It has no shim: it is called by the hundred, or by every build. */
  readonly common?: true;
}

const common = true;

export const starterList: readonly Starter[] = [
  {
    names: ["man"],
    options:
      "-P --pager:, -H --html::, -C --config-file:, -L --locale:, -M --manpath:, -m --systems:, -S -s --sections:, -e --extension:, -E --encoding:",
    lines: "pager html",
    common,
  },
  {
    names: ["less", "more"],
    options: "-b:, -D:, -h:, -j:, -k:, -o:, -O:, -p:, -P:, -t:, -T:, -x:, -y:, -z:",
    plus: true,
    common,
  },
  {
    names: ["rg"],
    options:
      "--pre:, --hostname-bin:, -e --regexp:, -f --file:, -g --glob:, -t --type:, -A:, -B:, -C:, -m:, -r --replace:",
    programs: "pre hostname-bin",
    common,
  },
  {
    names: ["fzf", "sk"],
    options:
      "--preview:, --bind:, -q --query:, -f --filter:, -c --cmd:, -d --delimiter:, -n --nth:, --with-nth:, --header:, --prompt:",
    lines: "preview cmd",
    bound: "bind",
    common,
  },
  { names: ["entr"], options: "-a, -c, -d, -n, -p, -r, -s, -x, -z", operands: "call", shell: "s" },
  {
    names: ["nodemon"],
    options: "-x --exec:, -w --watch:, -e --ext:, -i --ignore:, --config:, --delay:, --signal:, --cwd:",
    lines: "exec",
  },
  {
    names: ["watchexec"],
    options:
      "-w --watch:, -W --watch-non-recursive:, -e --exts:, -i --ignore:, -f --filter:, -d --debounce:, -s --signal:, --stop-signal:, --stop-timeout:, --shell:, " +
      "-o --on-busy-update:, -E --env:, --workdir:, --project-origin:, --fs-events:, --map-signal:, --emit-events-to:, -c --clear::, --color:, -N --notify, -r --restart, " +
      "-p --postpone, -n, --no-vcs-ignore, -q --quiet, -v --verbose, --poll::, --delay-run:",
    operands: "line",
  },
  {
    names: ["watchman-make"],
    options: "-p --pattern, -s --settle:, -t --target:, --make:, --run:",
    lines: "run make",
  },
  {
    names: ["hyperfine"],
    options:
      "-p --prepare:, -s --setup:, -c --cleanup:, -C --conclude:, -w --warmup:, -m --min-runs:, -M --max-runs:, -r --runs:, -S --shell:, -n --command-name:, " +
      "-P --parameter-scan:, -L --parameter-list:, --export-json:, --export-markdown:, --export-csv:, --export-asciidoc:, --export-orgmode:, --style:, --output:, --input:, -u --time-unit:, " +
      "-N, -i --ignore-failure, --reference:",
    lines: "prepare setup cleanup conclude reference",
    operands: "lines",
  },
  {
    names: ["concurrently"],
    options:
      "-n --names:, -c --prefix-colors:, -p --prefix:, -s --success:, -m --max-processes:, -t --timestamp-format:, -l --prefix-length:, -k --kill-others, --restart-tries:, " +
      "--restart-after:, --default-input-target:, --hide:, --teardown:",
    lines: "teardown",
    operands: "lines",
  },
  { names: ["pee", "mispipe"], options: "--ignore-sigpipe, --no-ignore-sigpipe", operands: "lines" },
  { names: ["sg"], options: "-c", operands: "lines" },
  {
    names: ["aria2c"],
    options:
      "--on-bt-download-complete:, --on-download-complete:, --on-download-error:, --on-download-pause:, --on-download-start:, --on-download-stop:",
    programs:
      "on-bt-download-complete on-download-complete on-download-error on-download-pause on-download-start on-download-stop",
  },
  {
    names: ["tcpdump"],
    options: "-z:, -w:, -i:, -W:, -G:, -C:, -s:, -c:, -r:, -F:, -y:, -E:, -Z:",
    programs: "z",
  },
  { names: ["xdg-open"], options: "--manual", common },
  { names: ["crontab", "visudo", "vipw", "vigr", "sudoedit"], options: "-f:, -u:" },
];
