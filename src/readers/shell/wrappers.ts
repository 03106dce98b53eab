import { type Arg, isKnown } from "../../model/arg.js";
import { declareOptions, type OptionTable, readOptions } from "../options.js";
import { inner, type Reader } from "../reader.js";
import { systemPath, withPath, wrap } from "../sight.js";

/** A program that runs another one, named behind its own options and `skip` operands. */
interface Wrapper {
  readonly names: readonly string[];
  readonly options: OptionTable;
  readonly skip: number;
  /** What it starts gets the system's PATH, or sees another file system: no shim in either. */
  readonly hides: boolean;
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
  wrapper(
    ["time", "gtime"],
    [
      "-f --format:",
      "-o --output:",
      "-a --append",
      "-p --portability",
      "-v --verbose",
      "-q --quiet",
      "-l",
      "-h",
    ],
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
  wrapper(
    ["setarch", "linux32", "linux64"],
    ["-R", "-F", "-Z", "-L", "-X", "-I", "-B", "-S", "-T", "-3", "-v"],
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
    ["strace", "ltrace"],
    [
      "-o:",
      "-e:",
      "-p:",
      "-s:",
      "-u:",
      "-E:",
      "-a:",
      "-O:",
      "-S:",
      "-P:",
      "-I:",
      "-b:",
      "-X:",
      "-U:",
      "-l:",
      "-n:",
    ]
      .concat([
        "-c",
        "-C",
        "-d",
        "-D",
        "-f",
        "-F",
        "-i",
        "-k",
        "-q",
        "-r",
        "-t",
        "-T",
        "-v",
        "-V",
        "-w",
        "-x",
      ])
      .concat(["-y", "-z", "-Z", "-L", "-A:", "--trace:", "--output:", "--follow-forks"]),
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
];

export const wrapping: readonly Reader[] = wrappers.map(({ names, options, skip, hides }) => ({
  names,
  read(call, world) {
    const { operands } = readOptions(call.argv.slice(1).filter(isNoNumber), options);
    const [via = ""] = names;
    const more = hides ? { sight: "never" as const, env: withPath(call.env, systemPath) } : {};
    return inner(...wrap(call, world, operands.slice(skip), via, more));
  },
}));

function wrapper(names: readonly string[], specs: readonly string[], skip = 0, hides = false): Wrapper {
  return { names, options: declareOptions("first", specs), skip, hides };
}

/** `nice -10 rm x`: an old spelling of `-n 10`. */
function isNoNumber(word: Arg, at: number): boolean {
  return at > 0 || !isKnown(word) || !/^-[-+]?\d+$/.test(word);
}
