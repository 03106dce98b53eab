import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Links } from "../../src/launcher/links.js";

let base: string;
let links: Links;

beforeEach(() => {
  base = mkdtempSync(join(realpathSync(tmpdir()), "hp-links-"));
  for (const folder of ["bin", "tools"]) mkdirSync(join(base, folder));
  writeFileSync(join(base, "bin", "holdpoint-ask"), "");
  links = new Links(join(base, "bin"), join(base, "bin", "holdpoint-ask"), ["psql", "rm"]);
});

afterEach(() => {
  links.close();
  rmSync(base, { recursive: true, force: true });
});

function install(name: string, mode = 0o755): void {
  writeFileSync(join(base, "tools", name), "", { mode });
}

async function until(isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !isDone(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isDone()).toBe(true);
}

test("links for guarded names that are there, and no others", () => {
  for (const name of ["psql", "ls"]) install(name);
  install("rm", 0o644);
  links.note(`relative::${join(base, "tools")}:/nonexistent`);
  expect(links.names).toEqual(["psql"]);
  expect(statSync(join(base, "bin", "psql")).ino).toBe(statSync(join(base, "bin", "holdpoint-ask")).ino);
});

test("what is installed later, without another look", async () => {
  links.note(join(base, "tools"));
  install("psql");
  await until(() => links.has("psql"));
});

test("what becomes executable later", async () => {
  install("rm", 0o644);
  links.note(join(base, "tools"));
  chmodSync(join(base, "tools", "rm"), 0o755);
  await until(() => links.has("rm"));
});

test("a PATH folder that may not be looked into is passed over, as a shell does", () => {
  install("psql");
  symlinkSync("round", join(base, "round"));
  writeFileSync(join(base, "file"), "");
  mkdirSync(join(base, "closed", "tools"), { recursive: true });
  chmodSync(join(base, "closed"), 0o000);
  const odd = [
    join(base, "round"),
    join(base, "file"),
    join(base, "closed", "tools"),
    `/${"x".repeat(5000)}`,
  ];
  links.note([...odd, join(base, "tools")].join(":"));
  chmodSync(join(base, "closed"), 0o755);
  expect(links.names).toEqual(["psql"]);
});

test("folders beyond number are let go again, and looked at anew", () => {
  const folders = Array.from({ length: 2100 }, (_, at) => join(base, "many", String(at)));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  links.note(folders.join(":"));
  writeFileSync(join(base, "many", "0", "rm"), "", { mode: 0o755 });
  links.note(folders.join(":"));
  expect(links.names).toEqual(["rm"]);
});

test("a folder that comes later, or comes back", async () => {
  const path = `${join(base, "venv")}:${join(base, "tools")}`;
  links.note(path);
  mkdirSync(join(base, "venv"));
  writeFileSync(join(base, "venv", "psql"), "", { mode: 0o755 });
  links.note(path);
  expect(links.names).toEqual(["psql"]);
  rmSync(join(base, "tools"), { recursive: true });
  mkdirSync(join(base, "tools"));
  install("rm");
  await until(() => {
    links.note(path);
    return links.has("rm");
  });
  expect(existsSync(join(base, "bin", "rm"))).toBe(true);
});

test("a session's own PATH is watched later, and what came in between is linked then", async () => {
  const steward = { link: async () => ["psql"] };
  install("psql");
  await links.noteBy(steward, `${join(base, "tools")}:relative:/nonexistent`);
  expect(links.names).toEqual(["psql"]);
  install("rm");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(links.has("rm")).toBe(false);
  links.watchNoted();
  expect(links.has("rm")).toBe(true);
});

test("a session's own PATH is watched from the first call on", async () => {
  const path = join(base, "tools");
  await links.noteBy({ link: async () => [] }, path);
  links.note(path);
  install("rm");
  await until(() => links.has("rm"));
});

test("without the steward's answer, the folders are read here", async () => {
  install("psql");
  await links.noteBy({ link: async () => Promise.reject(new Error("gone")) }, join(base, "tools"));
  expect(links.names).toEqual(["psql"]);
});
