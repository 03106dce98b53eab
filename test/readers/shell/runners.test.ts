import { expect, test } from "vitest";
import { type Arg, unknown } from "../../../src/model/arg.js";
import type { Call } from "../../../src/model/call.js";
import { envGet } from "../../../src/model/env.js";
import { withPrograms } from "../../../src/readers/programs.js";
import { runners } from "../../../src/readers/shell/runners.js";
import { fakeCall, fakeWorld } from "../fake-world.js";

const x = unknown("$X", "r");
const reset = ["prisma", "migrate", "reset"];

/** What is started: `sight`, `via`, its words or its text. */
type Started = readonly [sight: string, via: string, what: readonly Arg[] | string];

const table: readonly (readonly [string | readonly Arg[], readonly Started[], Partial<Call>?])[] = [
  ["npx prisma migrate reset", [["later", "npx", reset]]],
  ["npx -y -p prisma@6 prisma@6.1.0 migrate reset", [["later", "npx", reset]]],
  ["npx @railway/cli down", [["later", "npx", ["railway", "down"]]]],
  ["npx @scope/tool@1 x", [["later", "npx", ["tool", "x"]]]],
  [["npx", "-c", "prisma migrate reset"], [["line", "npx", "prisma migrate reset"]]],
  ["npx --version", []],
  ["bunx --bun prisma migrate reset", [["never", "bunx", reset]]],
  ["npm exec -- prisma migrate reset", [["later", "npm", reset]]],
  ["npm x -w api -- prisma migrate reset", [["later", "npm", reset]]],
  [["npm", "exec", "-c", "prisma migrate reset"], [["line", "npm", "prisma migrate reset"]]],
  ["npm run reset", []],
  ["npm install prisma", []],
  ["yarn prisma migrate reset", [["never", "yarn", reset]]],
  ["yarn --cwd api run -T prisma migrate reset", [["never", "yarn", reset]]],
  ["yarn workspace api prisma migrate reset", [["never", "yarn", reset]]],
  ["yarn unlink", []],
  ["yarn remove prisma", []],
  ["yarn", []],
  ["pnpm --filter api -r exec -- prisma migrate reset", [["never", "pnpm", reset]]],
  ["pnpm rm x", []],
  ["corepack yarn prisma migrate reset", [["later", "corepack", ["yarn", ...reset]]]],
  ["bundle exec rails db:drop", [["never", "bundle", ["rails", "db:drop"]]]],
  ["bundle install", []],
  ["poetry -C api run alembic downgrade base", [["never", "poetry", ["alembic", "downgrade", "base"]]]],
  ["uv run --with psycopg -m alembic downgrade base", [["never", "uv", ["alembic", "downgrade", "base"]]]],
  ["uv pip install alembic", []],
  ["uvx --from awscli aws s3 ls", [["never", "uvx", ["aws", "s3", "ls"]]]],
  [
    "conda run -n prod --no-capture-output flask db downgrade",
    [["never", "conda", ["flask", "db", "downgrade"]]],
  ],
  ["mise exec node@20 -- prisma migrate reset", [["never", "mise", reset]]],
  ["nvm exec 20 prisma migrate reset", [["never", "nvm", reset]]],
  ["direnv exec . rails db:drop", [["never", "direnv", ["rails", "db:drop"]]]],
  ["dotenv -e .env -- prisma migrate reset", [["later", "dotenv", reset]]],
  ["dotenv list", []],
  ["dotenvx run -f .env.production -- prisma migrate reset", [["later", "dotenvx", reset]]],
  ["env-cmd -f .env prisma migrate reset", [["later", "env-cmd", reset]]],
  ["cross-env A=1 B=2 prisma migrate reset", [["later", "cross-env", reset]]],
  [["cross-env-shell", "rails db:drop"], [["line", "cross-env-shell", "rails db:drop"]]],
  ["doppler run -p shop -c prd -- rails db:drop", [["later", "doppler", ["rails", "db:drop"]]]],
  [["doppler", "run", "--command", "rails db:drop"], [["line", "doppler", "rails db:drop"]]],
  ["doppler secrets", []],
  ["op run --env-file=.env -- rails db:drop", [["later", "op", ["rails", "db:drop"]]]],
  ["chamber exec api db -- rails db:drop", [["later", "chamber", ["rails", "db:drop"]]]],
  ["aws-vault exec prod rails db:drop", [["later", "chamber", ["rails", "db:drop"]]]],
  ["cargo sqlx database drop", [["never", "cargo", ["sqlx", "database", "drop"]]]],
  ["cargo build", []],
  ["sail artisan migrate:fresh", [["never", "sail", ["artisan", "migrate:fresh"]]]],
  ["sail up -d", []],
  // What cannot be foreseen.
  [["pnpm", "exec", "rm", "-r", x], [["never", "pnpm", ["rm", "-r", x]]]],
  [["npx", "-c", x], []],
  [["/usr/bin/yarn", "prisma", x], [["never", "yarn", ["prisma", x]]], { sight: "never" }],
];

for (const [words, expected, more] of table) {
  test(JSON.stringify(words), () => {
    const call = fakeCall(words, more);
    const reader = runners.find(({ names }) => names.includes(String(call.tool)));
    const started = reader?.read(call, fakeWorld()).inner.map((one): Started => {
      if (one.kind === "line") return [one.sight ?? "line", one.via, one.text];
      return [one.sight, one.via, one.argv];
    });
    expect(started).toEqual(expected);
  });
}

test("an unknown text is opaque where nothing sees it later", () => {
  const npx = runners.find(({ names }) => names.includes("npx"));
  const read = (sight: Call["sight"]) =>
    npx?.read(fakeCall(["npx", "-c", x], { sight }), fakeWorld()).effects;
  expect(read("later")).toEqual([]);
  expect(read("now")).toMatchObject([{ resource: "opaque", target: "$X" }]);
});

test("cross-env sets the variables of what it starts", () => {
  const crossEnv = runners.find(({ names }) => names.includes("cross-env"));
  const [one] = crossEnv?.read(fakeCall("cross-env RAILS_ENV=test rails db:drop"), fakeWorld()).inner ?? [];
  expect(one?.env && envGet(one.env, "RAILS_ENV")).toBe("test");
});

const programs = new Set([
  "artisan",
  "manage.py",
  "rails",
  "alembic",
  "flask",
  "prisma",
  "typeorm",
  "ace",
  "console",
]);

test.each<[string, readonly string[] | undefined]>([
  ["php artisan migrate:fresh", ["artisan", "migrate:fresh"]],
  ["php -d memory_limit=1G artisan db:wipe", ["artisan", "db:wipe"]],
  ["php bin/console cache:clear", ["console", "cache:clear"]],
  ["php index.php", undefined],
  ["python3 -Wd manage.py flush", ["manage.py", "flush"]],
  ["python -W ignore ./manage.py flush", ["manage.py", "flush"]],
  ["python -m flask db downgrade", ["flask", "db", "downgrade"]],
  ["python -m pytest manage.py", undefined],
  ["python -c print() manage.py flush", undefined],
  ["python console.py reset", undefined],
  ["ruby bin/rails db:drop", ["rails", "db:drop"]],
  ["ruby -S -Ilib rails db:drop", ["rails", "db:drop"]],
  ["node ace migration:fresh", ["ace", "migration:fresh"]],
  ["node ace.js migration:fresh", ["ace", "migration:fresh"]],
  ["node --require ts-node/register ./node_modules/typeorm/cli.js schema:drop", ["typeorm", "schema:drop"]],
  ["node node_modules/.bin/prisma migrate reset", reset],
  ["node node_modules/@x/y/prisma.js", undefined],
  ["bun x prisma@6 migrate reset", reset],
  ["deno run -A npm:prisma migrate reset", reset],
  ["node", undefined],
])("an interpreter's program: %s", (line, expected) => {
  const bare = { names: [], read: () => ({ effects: [], inner: [], wantsStdin: false }) };
  const [started] = withPrograms(bare, programs).read(fakeCall(line), fakeWorld()).inner;
  expect(started?.kind === "call" ? [started.sight, started.argv] : undefined).toEqual(
    expected === undefined ? undefined : ["never", expected],
  );
});
