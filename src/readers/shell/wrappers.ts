import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, readPaths, toolName } from "../file-effects.js";
import {
  declareOptions,
  hasOption,
  type Options,
  type OptionTable,
  optionValues,
  readOptions,
} from "../options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { systemPath, withPath, wrap } from "../sight.js";
import { readShellWords } from "./launchers.js";
import { readStranger } from "./stranger.js";
import { wrapperRows } from "./wrapper-rows.js";

/** A program that runs another one, named behind its own options and `skip` operands. */
interface Wrapper {
  readonly names: readonly string[];
  readonly options: OptionTable;
  readonly skip: number;
  /** What it starts gets the system's PATH, or sees another file system: no shim in either. */
  readonly hides: boolean;
  readonly lead?: RegExp;
  /** The option whose value is a file that it writes anew. */
  readonly writes?: string;
}

const wrappers: readonly Wrapper[] = [
  wrapper(["nohup", "gnohup"], []),
  wrapper(["nice", "gnice"], ["-n --adjustment:"]),
  wrapper(
    ["ionice"],
    ["-c --class:", "-n --classdata:", "-t --ignore", "-p --pid:", "-P --pgid:", "-u --uid:"],
  ),
  wrapper(
    ["timeout", "gtimeout"],
    ["-k --kill-after:", "-s --signal:", "-p --preserve-status", "-f --foreground", "-v --verbose"],
    1,
  ),
  wrapper(["sshpass"], ["-f:", "-d:", "-p:", "-e", "-P:", "-h", "-V", "-v"]),
  wrapper(["setsid"], ["-c --ctty", "-f --fork", "-w --wait"]),
  wrapper(["stdbuf", "gstdbuf"], ["-i --input:", "-o --output:", "-e --error:"]),
  wrapper(["unbuffer"], ["-p"]),
  wrapper(["chronic"], ["-v", "-e"]),
  wrapper(["taskset"], ["-a --all-tasks", "-c --cpu-list", "-p --pid"], 1),
  wrapper(
    ["chrt"],
    ["-a", "-b", "-d", "-f", "-i", "-m", "-o", "-p", "-r", "-R", "-v", "-T:", "-P:", "-D:"],
    1,
  ),
  wrapper(["fakeroot"], ["-l --lib:", "-s:", "-i:", "-u --unknown-is-real", "-b --fd-base:"]),
  wrapper(["eatmydata"], []),
  wrapper(["dbus-run-session"], ["--config-file:", "--dbus-daemon:"]),
  wrapper(["caffeinate"], ["-d", "-i", "-m", "-s", "-u", "-t:", "-w:"]),
  wrapper(
    ["xvfb-run"],
    [
      "-a --auto-servernum",
      "-e --error-file:",
      "-f --auth-file:",
      "-l --listen-tcp",
      "-n --server-num:",
    ].concat(["-p --xauth-protocol:", "-s --server-args:", "-w --wait:"]),
  ),
  wrapper(
    ["setpriv"],
    [
      "--clear-groups",
      "--groups:",
      "--inh-caps:",
      "--ambient-caps:",
      "--bounding-set:",
      "--init-groups",
    ].concat(
      ["--keep-groups", "--no-new-privs", "--rgid:", "--egid:", "--regid:", "--ruid:", "--euid:", "--reuid:"],
      [
        "--securebits:",
        "--pdeathsig:",
        "--selinux-label:",
        "--apparmor-profile:",
        "--reset-env",
        "-d --dump",
      ],
    ),
  ),
  wrapper(["chroot"], ["--groups:", "--userspec:", "--skip-chdir"], 1, true),
  wrapper(
    ["unshare"],
    [
      "-m",
      "-u",
      "-i",
      "-n",
      "-p",
      "-U",
      "-C",
      "-T",
      "-f --fork",
      "-r --map-root-user",
      "-c --map-current-user",
    ].concat(
      ["--mount::", "--uts::", "--ipc::", "--net::", "--pid::", "--user::", "--cgroup::", "--time::"],
      ["--map-user:", "--map-group:", "--map-users:", "--map-groups:", "--map-auto", "--keep-caps"],
      ["--kill-child::", "--mount-proc::", "--propagation:", "--setgroups:", "-R --root:", "-w --wd:"],
      ["-S --setuid:", "-G --setgid:", "--monotonic:", "--boottime:"],
    ),
    0,
    true,
  ),
  wrapper(
    ["nsenter"],
    ["-a --all", "-t --target:", "-m", "-u", "-i", "-n", "-p", "-U", "-C", "-T", "-F --no-fork", "-Z"].concat(
      ["--mount::", "--uts::", "--ipc::", "--net::", "--pid::", "--user::", "--cgroup::", "--time::"],
      [
        "-S --setuid:",
        "-G --setgid:",
        "-r::",
        "-w::",
        "-e --env",
        "--root::",
        "--wd::",
        "--preserve-credentials",
      ],
    ),
    0,
    true,
  ),
  wrapper(["doas"], ["-C:", "-u:", "-a:", "-n", "-s", "-L"], 0, true),
  wrapper(["pkexec"], ["--user:", "--disable-internal-agent", "--keep-cwd"], 0, true),
  ...wrapperRows.map(({ names, options = "", skip, hides, ...more }) => ({
    ...wrapper(names.split(" "), options.split(", "), skip, hides),
    ...more,
  })),
];

export const wrapping: readonly Reader[] = wrappers.map(({ names, options, skip, hides, lead, writes }) => ({
  names,
  read(call, world) {
    const given = readOptions(call.argv.slice(1).filter(isNoNumber), options);
    const [first] = given.operands;
    const isLed = lead !== undefined && first !== undefined && isKnown(first) && lead.test(first);
    const [via = ""] = names;
    const more = hides ? { sight: "never" as const, env: withPath(call.env, systemPath) } : {};
    return join(
      inner(...wrap(call, world, given.operands.slice(isLed ? 1 : skip), via, more)),
      // An option that is not known here may have taken the program for its value, or its value for the program.
      given.doubts.length > 0 ? readStranger(call) : nothing,
      writes === undefined ? nothing : readLog(call, world, given, writes),
    );
  },
}));

/** `time -o notes.txt ls`, `strace -o '|rm -r notes' ls`: what begins with a bar is a line for a shell (strace(1)). */
function readLog(call: Call, world: World, given: Options, option: string): Reading {
  const files = optionValues(given, option);
  const isTracer = toolName(call) === "strace";
  const [started, written] = [true, false].map((isLine) =>
    files.filter((file) => (isTracer && isKnown(file) && /^[|!]/.test(file)) === isLine),
  );
  const write = hasOption(given, "append", "output-append-mode") ? appending : overwriting;
  return join(
    effects(
      ...readPaths(call, world, written ?? [], "overwrite", (path) => write(toolName(call), path, world)),
    ),
    ...(started ?? []).map((text) =>
      readShellWords(call, world, [isKnown(text) ? text.slice(1) : text], "strace -o"),
    ),
  );
}

function wrapper(names: readonly string[], specs: readonly string[], skip = 0, hides = false): Wrapper {
  return { names, options: declareOptions("first", specs), skip, hides };
}

/** `nice -10 rm x`: an old spelling of `-n 10`. */
function isNoNumber(word: Arg, at: number): boolean {
  return at > 0 || !isKnown(word) || !/^-[-+]?\d+$/.test(word);
}
