import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

let place: Place;
let file = "";

beforeAll(async () => {
  place = await makePlace();
  file = join(place.workspace, "holdpoint.yaml");
  writeFileSync(
    join(place.workspace, ".env"),
    "DATABASE_URL=postgres://me:hush-password@db.staging.example.com/app\n",
  );
});

afterAll(() => place.remove());

/** One of each kind, so that what is written speaks of all of them. */
function plantMore(): void {
  const files = {
    ".aws/config": "[profile prod]\nsso_account_id = 210987654321\n[profile x y]\nregion = a\n",
    ".kube/config": "contexts: [{name: staging}, {name: blue}]\n",
    ".railway/config.json": JSON.stringify({
      projects: {
        [place.workspace]: { project: "p-1", name: "app", environment: "e-1", environmentName: "production" },
      },
    }),
    ".ssh/config": "Host web-prod\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place.home, name)), { recursive: true });
    writeFileSync(join(place.home, name), text);
  }
}

test("what is written holds from then on: nothing starts with a manifest that is wrong", async () => {
  plantMore();
  await place.git("remote", "add", "origin", "https://git.example.com/app.git");
  expect(await init("scope", "--yes")).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(file, "utf8")).toMatch(
    /production:[\s\S]*railway:[\s\S]*aws:[\s\S]*ssh:[\s\S]*staging:/,
  );
  const judged = await execute(process.execPath, [cli, "explain", "ls"], {
    cwd: place.workspace,
    env: place.env,
  });
  expect(judged).toMatchObject({ status: 0, stderr: "" });
  expect(await init("scope", "--undo", "--yes")).toMatchObject({ status: 0, stderr: "" });
});

const init = (...args: string[]): Promise<Outcome> =>
  execute(process.execPath, [cli, "init", ...args], {
    cwd: place.workspace,
    env: { ...place.env, DEPLOY_TOKEN: "hush-token-value" },
  });

test("printed, written once after a diff, never laid over, taken back", async () => {
  const printed = await init("scope", "--print");
  expect(printed).toMatchObject({ status: 0, stderr: "" });
  expect(printed.stdout).toContain('- "db.staging.example.com/app" # .env, DATABASE_URL');
  expect(existsSync(file)).toBe(false);

  expect(await init("scope")).toMatchObject({ status: 2, stderr: expect.stringContaining("--yes") });
  const written = await init("scope", "--yes");
  expect(written).toMatchObject({ status: 0, stderr: "" });
  expect(written.stdout).toContain("+ version: 1");
  expect(written.stdout).toContain(`holdpoint trust ${file}`);
  const text = readFileSync(file, "utf8");
  expect(text.trimEnd()).toBe(printed.stdout.trimEnd());
  expect(`${printed.stdout}${written.stdout}${text}`).not.toContain("hush");
  expect(await init("scope", "--yes")).toMatchObject({ status: 0, stdout: `${file}: set already\n` });

  writeFileSync(file, `${text}# mine\n`);
  expect(await init("scope", "--yes")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("is there already and stays as it is; --print shows a proposal"),
  });
  expect(readFileSync(file, "utf8")).toBe(`${text}# mine\n`);
  expect(await init("scope", "--undo", "--yes")).toMatchObject({
    stdout: `${file}: nothing of holdpoint's is in it\n`,
  });

  writeFileSync(file, text);
  expect(await init("scope", "--undo", "--yes")).toMatchObject({ status: 0 });
  expect(existsSync(file)).toBe(false);
});

test("listed by bare init, completed, and not from within a session", async () => {
  const { stdout } = await init();
  expect(stdout).toContain("scope    this folder's holdpoint.yaml");
  const inside = await place.run({ command: [process.execPath, cli, "init", "scope", "--yes"] });
  expect([inside.status, existsSync(file)]).toEqual([126, false]);
});
