import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makePlace, type Outcome, type Place } from "./session.js";

// What was judged is exchanged before it is used. The moment is held by a named pipe: what runs says on one that it is there, and
// waits on another.

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  for (const name of ["there", "go on"]) spawnSync("mkfifo", [at(name)]);
  writeFileSync(at("notes.txt"), "notes\n");
  writeFileSync(join(place.outside, "precious"), "precious\n");
});
afterEach(() => place.remove());

const at = (name: string): string => join(place.workspace, name);
const wait = "echo > there; read -r _ < 'go on'";

/** Runs it, and does that once it waits. */
async function exchange(
  command: readonly string[],
  during: () => void,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const running = place.run({ command, env });
  const ended = running.then(() => undefined);
  const there = open(at("there"), "r");
  const isThere = await Promise.race([there.then(() => true), ended]);
  if (isThere === true) {
    during();
    const goOn = await open(at("go on"), "w");
    await goOn.write("\n");
    await goOn.close();
  }
  // Whoever never came is let go.
  else spawnSync("sh", ["-c", ': > "$1"', "sh", at("there")], { timeout: 1_000 });
  await (await there).close();
  return running;
}

/** As an editor does it, and an attacker: another file under the name. */
function replace(name: string, text: string): void {
  writeFileSync(at(`${name}.new`), text);
  renameSync(at(`${name}.new`), at(name));
}

test("a script that is exchanged after its line was judged is judged again when it starts", async () => {
  writeFileSync(at("s.sh"), "echo harmless\n");
  const { stdout, stderr } = await exchange(["bash", "-c", `${wait}; bash s.sh; echo status $?`], () =>
    replace("s.sh", "/bin/rm -f notes.txt\n"),
  );
  expect(stdout).toBe("status 126\n");
  expect(stderr).toContain("holdpoint: denied");
  expect(existsSync(at("notes.txt"))).toBe(true);
});

test("of a script that is exchanged after it was judged itself, what it starts by name is judged", async () => {
  writeFileSync(at("s.sh"), "echo harmless\n");
  // Read between the judgement and the script.
  writeFileSync(at("start-up"), `unset BASH_ENV; cd '${place.workspace}'; ${wait}\n`);
  const { stdout } = await exchange(
    ["bash", "s.sh"],
    () => replace("s.sh", "rm -f notes.txt; echo status $?\n"),
    { BASH_ENV: at("start-up") },
  );
  expect(stdout).toBe("status 126\n");
  expect(existsSync(at("notes.txt"))).toBe(true);
});

test("a link that is turned round after its line was judged is judged as it stands when the program starts", async () => {
  mkdirSync(at("build"));
  writeFileSync(join(place.workspace, "build/precious"), "built\n");
  symlinkSync("build", at("link"));
  const { stdout } = await exchange(["bash", "-c", `${wait}; rm -f link/precious; echo status $?`], () => {
    rmSync(at("link"));
    symlinkSync(place.outside, at("link"));
  });
  expect(stdout).toBe("status 126\n");
  expect(readFileSync(join(place.outside, "precious"), "utf8")).toBe("precious\n");
});

test("a manifest that is exchanged while a line runs loosens nothing", async () => {
  writeFileSync(at("holdpoint.yaml"), "version: 1\nfiles: { never: [notes.txt] }\n");
  writeFileSync(at("s.sh"), "echo harmless\n");
  const { stdout } = await exchange(["bash", "-c", `${wait}; bash s.sh; echo status $?`], () => {
    replace("holdpoint.yaml", "version: 1\n");
    replace("s.sh", "/bin/cp notes.txt new\n");
  });
  expect(stdout).toBe("status 126\n");
  expect(existsSync(at("new"))).toBe(false);
});
