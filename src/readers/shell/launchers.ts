import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, readPaths } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, readOptions, switches } from "../options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight, withPath, wrap } from "../sight.js";

const watchOptions = declareOptions("first", [
  "-b --beep",
  "-c --color",
  "-C --no-color",
  "-d",
  "--differences::",
  "-e --errexit",
  "-g --chgexit",
  "-n --interval:",
  "-p --precise",
  "-q --equexit:",
  "-r --no-rerun",
  "-t --no-title",
  "-w --no-wrap",
  "-x --exec",
]);

/** Joins its words and gives them to `sh -c`, again and again. */
export const watch: Reader = {
  names: ["watch"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), watchOptions);
    return hasOption(given, "exec")
      ? inner(...wrap(call, world, given.operands, "watch"))
      : readShellWords(call, world, given.operands, "watch");
  },
};

const flockOptions = declareOptions("first", [
  "-s --shared",
  "-x -e --exclusive",
  "-u --unlock",
  "-n --nb --nonblock",
  "-w --wait --timeout:",
  "-o --close",
  "-E --conflict-exit-code:",
  "-F --no-fork",
  "--verbose",
]);

export const flock: Reader = {
  names: ["flock"],
  read(call, world) {
    const [, first, ...rest] = readOptions(call.argv.slice(1), flockOptions).operands;
    if (first === undefined) return nothing;
    if (first === "-c" || first === "--command")
      return readShellWords(call, world, rest.slice(0, 1), "flock -c");
    return inner(...wrap(call, world, [first, ...rest], "flock"));
  },
};

const scriptOptions = declareOptions("anywhere", [
  "-a --append",
  "-c --command:",
  "-E --echo:",
  "-e --return",
  "-f --flush",
  "--force",
  "-I --log-in:",
  "-O --log-out:",
  "-B --log-io:",
  "-T --log-timing:",
  "-m --logging-format:",
  "-o --output-limit:",
  "-q --quiet",
  "-t",
  "--timing::",
]);

export const script: Reader = {
  names: ["script"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), scriptOptions);
    const text = optionValue(given, "command");
    const logs = [
      ...given.operands.slice(0, 1),
      ...["log-out", "log-io"].flatMap((name) => optionValue(given, name) ?? []),
    ];
    const write = hasOption(given, "append") ? appending : overwriting;
    const files = logs.length > 0 ? logs : ["typescript"];
    return join(
      effects(...readPaths(call, world, files, "overwrite", (path) => write("script", path, world))),
      text === undefined ? nothing : readShellWords(call, world, [text], "script -c"),
    );
  },
};

/** An applet runs inside the one program, and finds its like there: no PATH, no shim. */
export const busybox: Reader = {
  names: ["busybox", "busybox.static", "toybox", "coreutils"],
  read(call, world) {
    const [first = "", ...rest] = call.argv.slice(1);
    const chosen = isKnown(first) ? /^--coreutils-prog(?:-shebang)?=(.+)$/.exec(first)?.[1] : undefined;
    const applet = chosen ?? first;
    if (isKnown(applet) && (applet === "" || applet.startsWith("-"))) return nothing;
    const env = withPath(call.env, "");
    return inner(...wrap(call, world, [applet, ...rest], "busybox", { sight: "never", env }));
  },
};

/** capsh(1): what stands behind the marker are bash's own words. */
export const capsh: Reader = {
  names: ["capsh"],
  read(call, world) {
    const marker = call.argv.findIndex((word) => word === "--" || word === "==" || word === "-+");
    const words = call.argv.slice(marker + 1);
    return marker < 0 ? nothing : inner(...wrap(call, world, ["/bin/bash", ...words], "capsh"));
  },
};

const daemonOptions = declareOptions("anywhere", [
  ...switches("SKTHVbBmNoOqtCv"),
  "-x --exec:",
  "-a --startas:",
  ..."cdDegGIknpPrRsu".split("").map((letter) => `-${letter}:`),
  ..."pidfile name user chuid group signal retry chdir chroot nicelevel umask"
    .split(" ")
    .map((name) => `--${name}:`),
  "--start",
  "--stop",
  "--status",
]);

/** `start-stop-daemon --start --exec /bin/rm -- -rf notes` */
export const startStopDaemon: Reader = {
  names: ["start-stop-daemon"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), daemonOptions);
    const program = optionValue(given, "startas") ?? optionValue(given, "exec");
    if (program === undefined || hasOption(given, "K", "T", "stop", "status")) return nothing;
    return inner(...wrap(call, world, [program, ...given.operands], "start-stop-daemon"));
  },
};

/** Words that are given to `sh -c`, joined by blanks. */
export function readShellWords(call: Call, world: World, words: readonly Arg[], via: string): Reading {
  const hidden = words.find((word) => !isKnown(word));
  if (hidden !== undefined && !isKnown(hidden)) {
    if (call.sight === "later") return nothing;
    return effects(opaqueEffect(via, hidden.source, `cannot tell what it would run: ${hidden.reason}`));
  }
  if (words.length === 0) return nothing;
  return inner({
    kind: "line",
    text: words.map(showArg).join(" "),
    shell: "sh",
    via,
    ...lineSight(call, world),
  });
}
