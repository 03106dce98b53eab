import { expect, test } from "vitest";
import { type Arg, unknown } from "../../../src/model/arg.js";
import type { Call, Inner } from "../../../src/model/call.js";
import type { Effect } from "../../../src/model/effect.js";
import { envFrom } from "../../../src/model/env.js";
import { interpretersReader } from "../../../src/readers/code/interpreters.js";
import { apiTable } from "../../../src/readers/http/api-table.js";
import type { Reader } from "../../../src/readers/reader.js";
import { evaluate, source } from "../../../src/readers/shell/builtins.js";
import { readScript } from "../../../src/readers/shell/scripts.js";
import { shells } from "../../../src/readers/shell/shells.js";
import { fakeCall, fakeWorld, fileEffect, opaque, shimPath, tree } from "../fake-world.js";

const world = fakeWorld({
  files: {
    "/w/s.sh": "rm -rf x\n",
    "/w/run": "#!/usr/bin/env -S bash -e\nrm $1\n",
    "/w/old": "#! /bin/sh\nrm $1\n",
    "/w/tool.py": "#!/usr/bin/env python3\n",
    "/w/binary": "\u007fELF\0\0",
  },
});
const x = unknown("$X", "r");
const wiped = { env: envFrom([]), sight: "never" } as const;
const withAliases = envFrom([["BASHOPTS", "expand_aliases"]], fakeCall("bash").env);
const text = "rm -rf x";

const table: readonly (readonly [
  string | readonly Arg[],
  readonly Inner[],
  readonly Effect[],
  Partial<Call>?,
])[] = [
  [["bash", "-c", text], [line("bash", "bash -c", [])], []],
  [["bash", "-lc", text, "zero", "one"], [line("bash", "bash -c", ["zero", "one"])], []],
  [
    ["sh", "-euo", "pipefail", "-c", text],
    [{ ...line("sh", "sh -c", []), options: ["errexit", "pipefail"] }],
    [],
  ],
  [
    ["bash", "-O", "extglob", "+x", "--norc", "--rcfile", "none", "-c", "--", text],
    [{ ...line("bash", "bash -c", []), options: ["extglob"] }],
    [],
  ],
  [
    ["bash", "-ceo", "pipefail", text],
    [{ ...line("bash", "bash -c", []), options: ["errexit", "pipefail"] }],
    [],
  ],
  [["zsh", "-fc", text], [line("zsh", "zsh -c", [])], []],
  [["bash", "-nc", text], [], []],
  [["bash", "--version"], [], []],
  [["/bin/bash", "-c", text], [line("bash", "bash -c", [])], [], { sight: "never" }],
  [["bash", "-c", text], [{ ...line("bash", "bash -c", []), sight: "never" }], [], wiped],
  [["bash", "-c", x], [], [], { sight: "later" }],
  [["bash", "-c", x], [], [opaque("bash", "$X", "cannot tell what it would run: r")], { sight: "never" }],
  ["bash s.sh a", [line("bash", "bash", ["s.sh", "a"], "rm -rf x\n")], []],
  [
    "bash --rcfile s.sh -i",
    [{ ...line("bash", "start-up file", [], "rm -rf x\n"), env: withAliases }],
    [],
    { stdin: { kind: "terminal" }, sight: "later" },
  ],
  // An editor starts it so, and no line chose the file.
  ["bash --rcfile s.sh -i", [], [], { stdin: { kind: "terminal" } }],
  [
    "/bin/bash --norc",
    [],
    [opaque("bash", "bash", "a shell on the terminal whose lines nothing would hold")],
    { stdin: { kind: "terminal" }, env: envFrom([["HOLDPOINT_SESSION", "x"]]), sight: "never" },
  ],
  ["bash missing.sh", [], []],
  [
    "bash missing.sh",
    [],
    [opaque("bash", "missing.sh", "cannot tell what it would run: the file cannot be read")],
    wiped,
  ],
  [
    "bash",
    [{ ...line("bash", "bash", ["bash"]), stdin: { kind: "none" } }],
    [],
    { stdin: { kind: "text", text, from: "pipe" } },
  ],
  [
    "bash -s a",
    [{ ...line("bash", "bash", ["bash", "a"]), stdin: { kind: "none" } }],
    [],
    { stdin: { kind: "text", text, from: "pipe" } },
  ],
  ["sh", [line("sh", "sh", ["sh"], "rm -rf x\n")], [], { stdin: { kind: "file", path: "s.sh" } }],
  ["bash", [], [], { stdin: { kind: "unknown", reason: "r" } }],
  [
    "bash",
    [],
    [opaque("bash", "bash", "cannot tell what it would run: r")],
    { ...wiped, stdin: { kind: "unknown", reason: "r" } },
  ],
  [
    ["bash", "-c", "true"],
    [line("bash", "start-up file", [], "rm -rf x\n"), line("bash", "bash -c", [], "true")],
    [],
    {
      env: envFrom([
        ["PATH", shimPath],
        ["BASH_ENV", "/w/s.sh"],
      ]),
    },
  ],
  [
    ["bash", "-c", "true"],
    [line("bash", "bash -c", [], "true")],
    [],
    {
      env: envFrom([
        ["PATH", shimPath],
        ["BASH_ENV", "/run/holdpoint/rc"],
      ]),
    },
  ],

  ["./run a", [line("bash", "run", ["./run", "a"], "#!/usr/bin/env -S bash -e\nrm $1\n")], []],
  ["/w/old a", [line("sh", "old", ["/w/old", "a"], "#! /bin/sh\nrm $1\n")], []],
  ["./tool.py", [], []],
  ["./binary", [], []],
  ["./missing", [], []],
  ["run a", [], []],

  [["eval", text], [{ kind: "line", text, shell: "bash", via: "eval" }], []],
  [["eval", x], [], [opaque("eval", "$X", "cannot tell what it would run: r")], { sight: "never" }],
  [
    ["eval", unknown("$(ssh-agent -s)", "r")],
    [],
    [opaque("eval", "$(ssh-agent -s)", "cannot tell what it would run: r", false)],
    { sight: "never" },
  ],
  [
    "source s.sh a",
    [{ kind: "line", text: "rm -rf x\n", shell: "bash", via: "source", args: ["s.sh", "a"] }],
    [],
  ],
  [["source", x], [], []],

  [["python3", "-c", "import os; os.system('rm -rf x')"], [line("sh", "python3")], []],
  [
    ["python3", "-Ic", 'subprocess.run(["/bin/rm", "-rf", path])'],
    [never("python3", ["/bin/rm", "-rf", made("path")])],
    [],
  ],
  [["python3", "-c", "subprocess.run('rm -rf x', shell=True)"], [line("sh", "python3")], []],
  [
    ["python3", "-c", 'os.execv("/bin/rm", ["rm", "-rf", "x"])'],
    [never("python3", ["/bin/rm", "-rf", "x"])],
    [],
  ],
  [
    ["python3", "-c", "import shutil; shutil.rmtree('d'); os.remove(\"f\")"],
    [],
    [tree("python3", "/w/d"), fileEffect("python3", "delete", "/w/f")],
  ],
  [["python3", "-c", "Path('f').unlink()"], [], [fileEffect("python3", "delete", "/w/f")]],
  [["python3", "-c", "print('rm -rf x')"], [], []],
  [
    "python3 -",
    [line("sh", "python3")],
    [],
    { stdin: { kind: "text", text: "import os\nos.system('rm -rf x')\n", from: "heredoc" } },
  ],
  [["node", "-e", "require('child_process').execSync(`rm -rf x`)"], [line("sh", "node")], []],
  [["node", "--eval=fs.rmSync('d', {recursive: true})"], [], [tree("node", "/w/d")]],
  [
    ["node", "-e", "cp.spawnSync('/usr/bin/curl', ['-d', '{}', url])"],
    [never("node", ["/usr/bin/curl", "-d", "{}", made("url")])],
    [],
  ],
  [
    ["deno", "eval", "new Deno.Command('/bin/rm', {args: ['-r', 'x']}).spawn()"],
    [never("deno", ["/bin/rm", "-r", "x"])],
    [],
  ],
  [
    ["ruby", "-e", "system 'rm -rf x'; `rm -rf x`; FileUtils.rm_rf('d')"],
    [line("sh", "ruby"), line("sh", "ruby")],
    [tree("ruby", "/w/d")],
  ],
  [["ruby", "-e", "system('/bin/rm', '-rf', 'x')"], [never("ruby", ["/bin/rm", "-rf", "x"])], []],
  [
    ["perl", "-e", 'unlink("f"); system("rm -rf x")'],
    [line("sh", "perl")],
    [fileEffect("perl", "delete", "/w/f")],
  ],
  [
    ["php", "-r", 'shell_exec("rm -rf x"); unlink("f");'],
    [line("sh", "php")],
    [fileEffect("php", "delete", "/w/f")],
  ],
  [
    ["python3", "-c", "c = '/bin/rm'; subprocess.run(c + ' -rf x', shell=True)"],
    [line("sh", "python3", undefined, "/bin/rm -rf x")],
    [],
  ],
  [
    ["python3", "-c", "subprocess.run(x('/bin/rm'), shell=True)"],
    [],
    [
      opaque(
        "python3",
        "subprocess.run(x('/bin/rm'), shell=True)",
        "it starts a program by its path, with words that are not plain",
      ),
    ],
  ],
];

const readers: readonly Reader[] = [shells, evaluate, source, ...interpretersReader(apiTable(() => []))];

for (const [words, inner, effects, more] of table) {
  test(JSON.stringify(words), () => {
    const call = fakeCall(words, more);
    const reader = readers.find(({ names }) => names.includes(String(call.tool)));
    const reading = reader?.read(call, world) ?? readScript(call, world, new Map());
    expect(reading).toEqual({ effects, inner, wantsStdin: false });
  });
}

function line(
  shell: "bash" | "sh" | "zsh",
  via: string,
  args?: readonly Arg[],
  body = text,
): Inner & { kind: "line" } {
  const file = body.endsWith("\n") ? { isFile: true as const } : {};
  return { kind: "line", text: body, shell, via, ...(args === undefined ? {} : { args }), ...file };
}

function never(via: string, argv: readonly Arg[]): Inner {
  return { kind: "call", argv, via, sight: "never" };
}

function made(name: string): Arg {
  return unknown(name, "a value that the program makes");
}
