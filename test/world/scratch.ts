import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeBytes } from "../../src/model/bytes.js";
import type { World } from "../../src/model/world.js";
import { openWorld, type WorldOptions } from "../../src/world/world.js";

/** A folder outside every temporary directory, with a home of its own. Paths are relative to it. */
export interface Scratch {
  readonly root: string;
  readonly home: string;
  write(path: string, content?: string): void;
  append(path: string, content: string): void;
  folder(path: string): void;
  /** Names in a folder. */
  list(path: string): readonly string[];
  /** Empties a folder. */
  clear(path: string): void;
  /** Runs git in a folder, with the scratch's home and an identity, and gives its stdout. */
  git(folder: string, ...args: readonly string[]): string;
  /** A moment after everything so far and before everything that follows, on the file system's coarse clock. */
  pause(): number;
  open(workspace: string, options?: Partial<WorldOptions>): World;
  remove(): void;
}

const cache = join(dirname(fileURLToPath(import.meta.url)), "../../node_modules/.cache/holdpoint-test");

export function createScratch(): Scratch {
  mkdirSync(cache, { recursive: true });
  const root = realpathSync(mkdtempSync(join(cache, "world-")));
  const home = join(root, "home");
  mkdirSync(home);
  const at = (path: string): Buffer => encodeBytes(join(root, path));
  const scratch: Scratch = {
    root,
    home,
    write(path, content = `content of ${path}\n`) {
      mkdirSync(encodeBytes(dirname(join(root, path))), { recursive: true });
      writeFileSync(at(path), content);
    },
    append: (path, content) => appendFileSync(at(path), content),
    folder: (path) => mkdirSync(at(path), { recursive: true }),
    list: (path) => readdirSync(at(path)),
    clear(path) {
      for (const name of readdirSync(at(path))) rmSync(join(root, path, name), { recursive: true });
    },
    git(folder, ...args) {
      const identity = [
        "-c",
        "user.name=dev",
        "-c",
        "user.email=dev@example.com",
        "-c",
        "protocol.file.allow=always",
      ];
      const cwd = join(root, folder);
      const env = { PATH: "/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin", HOME: home };
      return execFileSync("git", [...identity, ...args], { cwd, env, encoding: "utf8", stdio: "pipe" });
    },
    pause() {
      wait();
      const now = Date.now();
      wait();
      return now;
    },
    open(workspace, options = {}) {
      return openWorld({
        startedAt: scratch.pause(),
        workspace: join(root, workspace),
        guardPaths: [],
        home,
        uid: process.getuid?.() ?? -1,
        tmpdir: undefined,
        shimDirectory: undefined,
        shimmed: () => false,
        salt: "salt",
        gitProgram,
        ...options,
      });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  return scratch;
}

export const gitProgram: string = execFileSync("which", ["git"], { encoding: "utf8" }).trim();

function wait(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
