import { expect, test } from "vitest";
import { type Arg, unknown } from "../../../src/model/arg.js";
import type { Call } from "../../../src/model/call.js";
import { envFrom, envGet } from "../../../src/model/env.js";
import { environment } from "../../../src/readers/environment.js";
import type { Reader } from "../../../src/readers/reader.js";
import { builtin, command, exec } from "../../../src/readers/shell/builtins.js";
import { debuggers } from "../../../src/readers/shell/debuggers.js";
import { busybox, flock, script, watch } from "../../../src/readers/shell/launchers.js";
import { parallel } from "../../../src/readers/shell/parallel.js";
import { su, sudo } from "../../../src/readers/shell/sudo.js";
import { wrapping } from "../../../src/readers/shell/wrappers.js";
import { xargs } from "../../../src/readers/shell/xargs.js";
import { fakeCall, fakeWorld, shimPath } from "../fake-world.js";

const world = fakeWorld({ files: { "/w/list": "a\n'b c'\n" } });
const x = unknown("$X", "r");
const items = unknown("items of xargs", "they come on its stdin", "", true);
const system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What the inner calls and lines are: `sight`, `via`, words or text, PATH, directory. */
type Shown = readonly [
  sight: string,
  via: string,
  words: readonly Arg[] | string,
  path?: string | undefined,
  cwd?: unknown,
];

const rm = ["rm", "-rf", "x"];

const table: readonly (readonly [string | readonly Arg[], readonly Shown[], Partial<Call>?])[] = [
  ["nohup rm -rf x", [["later", "nohup", rm]]],
  ["nohup /bin/rm -rf x", [["never", "nohup", ["/bin/rm", "-rf", "x"]]]],
  ["/usr/bin/nohup rm -rf x", [["later", "nohup", rm]], { sight: "never" }],
  ["nohup", []],
  ["nice -n 5 rm -rf x", [["later", "nice", rm]]],
  ["nice -10 rm -rf x", [["later", "nice", rm]]],
  ["timeout -k 5 --signal=KILL 10 rm -rf x", [["later", "timeout", rm]]],
  ["time -p rm -rf x", [["later", "time", rm]]],
  ["stdbuf -oL rm -rf x", [["later", "stdbuf", rm]]],
  ["setsid -w rm -rf x", [["later", "setsid", rm]]],
  ["strace -f -o log rm -rf x", [["later", "strace", rm]]],
  ["chroot /mnt rm -rf x", [["never", "chroot", rm, system]]],
  ["unshare -m rm -rf x", [["never", "unshare", rm, system]]],
  ["doas -u root rm -rf x", [["never", "doas", rm, system]]],
  ["sudo rm -rf x", [["never", "sudo", rm, system]]],
  ["sudo -u root -E A=1 rm -rf x", [["never", "sudo", rm, system]]],
  ["sudo -D /srv -- rm -rf x", [["never", "sudo", rm, system, "/srv"]]],
  ["sudo -l", []],
  [["sudo", x, "rm", "-rf", "x"], [["never", "sudo", rm, system]]],
  [
    "sudo -s",
    [["never", "sudo -s", "rm -rf x", system]],
    { stdin: { kind: "text", text: "rm -rf x", from: "heredoc" } },
  ],
  [["su", "-", "dev", "-c", "rm -rf x"], [["never", "su -c", "rm -rf x", system]]],
  ["runuser -u dev rm -rf x", [["never", "runuser", rm, system]]],
  ["env rm -rf x", [["later", "env", rm, shimPath]]],
  ["env -i rm -rf x", [["never", "env", rm, undefined]]],
  ["env - A=1 rm -rf x", [["never", "env", rm, undefined]]],
  ["env -u PATH rm -rf x", [["never", "env", rm, undefined]]],
  ["env PATH=/usr/bin rm -rf x", [["never", "env", rm, "/usr/bin"]]],
  ["env -C /srv A=b rm -rf x", [["later", "env", rm, shimPath, "/srv"]]],
  [["env", "-S", "rm -rf 'a b'", "c"], [["later", "env", ["rm", "-rf", "a b", "c"], shimPath]]],
  [["env", "-iSrm -rf ${PATH}"], [["never", "env", ["rm", "-rf", shimPath], undefined]]],
  [["env", unknown("A=$X", "r", "A="), "rm", "-rf", "x"], [["later", "env", rm, shimPath]]],
  ["command rm -rf x", [["later", "command", rm]], { sight: "never" }],
  ["command -p rm -rf x", [["never", "command", rm]], { sight: "never" }],
  ["command -v rm", []],
  ["builtin eval x", [["never", "builtin", ["eval", "x"]]], { sight: "never" }],
  ["exec -a ls rm -rf x", [["later", "exec", rm]], { sight: "never" }],
  ["exec -c rm -rf x", [["never", "exec", rm, system]], { sight: "never" }],
  ["busybox rm -rf x", [["never", "busybox", rm, ""]]],
  ["busybox --list", []],
  ["watch -n 5 rm -rf x", [["line", "watch", "rm -rf x"]]],
  ["watch -x rm -rf x", [["later", "watch", rm]]],
  ["flock -n lock rm -rf x", [["later", "flock", rm]]],
  [["flock", "lock", "-c", "rm -rf x"], [["line", "flock -c", "rm -rf x"]]],
  [["script", "-qc", "rm -rf x", "/dev/null"], [["line", "script -c", "rm -rf x"]]],
  ["gdb --args rm -rf x", [["later", "gdb", rm]]],
  // An applet's own children are applets too.
  ["env rm -rf x", [["never", "env", rm, shimPath]], { sight: "never" }],
  ["/usr/bin/env rm -rf x", [["later", "env", rm, shimPath]], { sight: "never" }],
  ["nohup rm -rf x", [["never", "nohup", rm]], { env: envFrom([]) }],

  ["xargs rm -rf", [["later", "xargs", ["rm", "-rf", items]]], { stdin: { kind: "unknown", reason: "r" } }],
  [
    "xargs /bin/rm -rf",
    [["never", "xargs", ["/bin/rm", "-rf", items]]],
    { stdin: { kind: "unknown", reason: "r" } },
  ],
  ["xargs -r rm", [["later", "xargs", ["rm", "a", "b c", "d'"]]], piped("a 'b c'\nd\\'")],
  ["xargs -0 -n 1 rm", [["later", "xargs", ["rm", "a b", "c"]]], piped("a b\0c\0")],
  ["xargs -d , rm", [["later", "xargs", ["rm", "a", "b"]]], piped("a,b")],
  [
    "xargs -I{} rm ./{}/{}",
    [
      ["later", "xargs", ["rm", "./a/a"]],
      ["later", "xargs", ["rm", "./b c/b c"]],
    ],
    piped("a\n  b c\n"),
  ],
  [
    "xargs -I{} sh -c {}",
    [["later", "xargs", ["sh", "-c", unknown("{}", "they come on its stdin")]]],
    { stdin: { kind: "unknown", reason: "r" } },
  ],
  ["xargs -a list rm", [["later", "xargs", ["rm", "a", "b c"]]]],
  ["xargs", [], piped("a")],
  [
    "parallel rm ::: a b",
    [
      ["line", "parallel", "rm a"],
      ["line", "parallel", "rm b"],
    ],
  ],
  [
    "parallel",
    [
      ["line", "parallel", "rm a"],
      ["line", "parallel", "rm b"],
    ],
    piped("rm a\nrm b\n"),
  ],
];

const readers: readonly Reader[] = [
  ...wrapping,
  builtin,
  busybox,
  command,
  debuggers,
  environment,
  exec,
  flock,
  parallel,
  script,
  su,
  sudo,
  watch,
  xargs,
];

for (const [words, expected, more] of table) {
  test(JSON.stringify(words), () => {
    const call = fakeCall(words, more);
    const reader = readers.find(({ names }) => names.includes(String(call.tool)));
    const shown = reader?.read(call, world).inner.map((one): Shown => {
      const what = one.kind === "call" ? one.argv : one.text;
      const sight = one.kind === "call" ? one.sight : (one.sight ?? "line");
      const path = one.env === undefined ? undefined : envGet(one.env, "PATH");
      const cwd = one.cwd === call.cwd ? undefined : one.cwd;
      return [sight, one.via, what, typeof path === "string" ? path : undefined, cwd];
    });
    expect(shown?.map(trim)).toEqual(expected.map(trim));
  });
}

function trim(shown: Shown): readonly unknown[] {
  const last = shown.findLastIndex((value) => value !== undefined);
  return shown.slice(0, last + 1);
}

function piped(text: string): Partial<Call> {
  return { stdin: { kind: "text", text, from: "pipe" } };
}
