import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeBytes, encodeBytes } from "../../src/model/bytes.js";

/** Texts that nobody read, run by a real shell where nothing is: a root, processes and a network of its own. */
export interface Cage {
  /** Absolute, inside and outside the same: what lies in it outside is what each text finds at its start. */
  readonly cwd: string;
  readonly home: string;
  /** What lies in `/` there lies here outside. */
  readonly root: string;
  run(shell: CageShell, texts: readonly string[]): readonly Ran[];
  close(): void;
}

export type CageShell = "bash" | "dash" | "zsh";

export interface Ran {
  /** Its `$0`. */
  readonly script: string;
  /** The words of each program that started, its name first, in the order in which they did. */
  readonly started: readonly (readonly string[])[];
  /** Files of the folder that no longer begin with what they held. */
  readonly lost: readonly string[];
  readonly timedOut: boolean;
}

const planted: Readonly<Record<string, string>> = {
  "a.txt": "one\ntwo\n",
  "b c.txt": "three words here\n",
  "list.txt": "x\ny z\n",
  ".hidden": "h\n",
  "sub/d.txt": "deep\n",
  "sub/e.md": "# e\n",
  "notes/n.txt": "nobody else has this\n",
};

// What lines are built of: these do what they do elsewhere. All other names only say that they were started.
export const real: ReadonlySet<string> = new Set(
  (
    "bash sh dash zsh env cat ls wc head tail basename dirname stat expr echo printf md5sum sort uname id seq tac nl od grep tr cut paste " +
    "xargs find nice timeout nohup stdbuf sed test true false uniq tee sleep comm rev fold expand readlink realpath date"
  ).split(" "),
);

const locale = "/usr/lib/locale/C.utf8";

const unshare = ["--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child"];

/** Whether this machine lets us have namespaces of our own. */
export function canCage(): boolean {
  return existsSync("/usr/bin/gcc") && spawnSync("unshare", [...asRoot(), ...unshare, "true"]).status === 0;
}

function asRoot(): readonly string[] {
  return process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
}

/** `names`: programs that are there beside the real ones. */
export function openCage(names: readonly string[]): Cage {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "holdpoint-cage-")));
  // Beside it, so that what lies around the folder is the same within and without.
  const root = realpathSync(mkdtempSync(join(tmpdir(), "holdpoint-cage-root-")));
  const [cwd, home] = [join(top, "work"), join(top, "home")];
  for (const folder of ["bin", "usr", "real", "trace", "scripts", "dev", "proc", "tmp", "home", "plant"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const folder of [cwd, home, join(root, cwd), join(root, home)]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(planted))
    for (const folder of [cwd, join(root, "plant")]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  for (const open of ["tmp", "home", "plant", "trace"]) chmodSync(join(root, open), 0o777);
  for (const path of [top, root, join(root, top)]) chmodSync(path, 0o755);
  writeFileSync(join(root, "dev/null"), "", { mode: 0o666 });
  chmodSync(join(root, "dev/null"), 0o666);
  spawnSync("ln", ["-s", "/proc/self/fd", join(root, "dev/fd")]);
  spawnSync("ln", ["-s", "/proc/self/fd/0", join(root, "dev/stdin")]);
  // Without it `é` is two letters in there.
  if (existsSync(locale)) cpSync(locale, join(root, locale), { recursive: true });
  const [stub, cage] = [join(root, "bin/stub"), join(root, "cage")];
  compile("stub.c", stub);
  compile("cage.c", cage);
  for (const name of real) copyProgram(name, root);
  for (const name of new Set([...real, ...names])) linkSync(stub, join(root, "bin", name));
  spawnSync("ln", ["-s", "../bin", join(root, "usr/bin")]);
  let from = 0;
  const log = join(root, "trace/log");
  return {
    cwd,
    home,
    root,
    run(shell, texts) {
      texts.forEach((text, at) => {
        writeFileSync(join(root, `scripts/${at}.sh`), encodeBytes(text));
      });
      const words = [root, cwd, shell, String(texts.length), "5"];
      const { status, stderr } = spawnSync("unshare", [...asRoot(), ...unshare, cage, ...words], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`the cage: ${status} ${stderr}`);
      const all = readFileSync(log);
      const rows = all.subarray(from).toString("latin1").trimEnd().split("\n");
      from = all.length;
      const ran = readRows(rows);
      if (ran.length !== texts.length) throw new Error(`${ran.length} of ${texts.length} texts ran`);
      return ran;
    },
    close: () => {
      for (const path of [top, root]) rmSync(path, { recursive: true, force: true });
    },
  };
}

function compile(source: string, to: string): void {
  const path = fileURLToPath(new URL(source, import.meta.url));
  const { status, stderr } = spawnSync("gcc", ["-O2", "-static", "-o", to, path], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function copyProgram(name: string, root: string): void {
  const path = ["/usr/bin", "/bin"].map((folder) => join(folder, name)).find(existsSync);
  if (path === undefined) return;
  const to = join(root, "real", name);
  copyFileSync(realpathSync(path), to);
  chmodSync(to, 0o755);
  const { stdout } = spawnSync("ldd", [path], { encoding: "utf8" });
  for (const [, library = ""] of stdout.matchAll(/(\/\S+) \(0x/g)) {
    if (existsSync(join(root, library))) continue;
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(realpathSync(library), join(root, library));
    chmodSync(join(root, library), 0o755);
  }
}

/** A row for each program, and one that begins with `#` at the end of each text. */
function readRows(rows: readonly string[]): readonly Ran[] {
  const all: Ran[] = [];
  let started: string[][] = [];
  for (const row of rows) {
    const [, status, lost = ""] = /^#\d+ (-?\d+)(.*)$/.exec(row) ?? [];
    if (status === undefined) {
      // What a text itself wrote to the log is no row of ours.
      if (/^[\da-f ]*$/.test(row))
        started.push(row.split(" ").map((hex) => decodeBytes(Buffer.from(hex, "hex"))));
      continue;
    }
    all.push({
      script: `/scripts/${all.length}.sh`,
      started,
      lost: lost.split(" /").slice(1),
      timedOut: status === "-1",
    });
    started = [];
  }
  return all;
}
