import { expect, test } from "vitest";
import { type Arg, unknown } from "../../../src/model/arg.js";
import type { Call } from "../../../src/model/call.js";
import type { Effect } from "../../../src/model/effect.js";
import { envFrom } from "../../../src/model/env.js";
import { parseTool } from "../../../src/policy/tool-file.js";
import { treeReader } from "../../../src/readers/tree/tree.js";
import { fakeCall, fakeWorld, shimPath } from "../fake-world.js";

const source = `
tool: [orm, orm2]
resource: sql
provider: orm
several: words
quiet: [--help, --dry-run]
environment: [-e]
variables: [ORM_ENV]
credentials: [DB_URL]
database: { options: [--url], variables: [DB_URL] }
values: [--url, -e]
commands:
  "db:drop": { type: DROP DATABASE, delete: drops }
  "db:empty": { type: TRUNCATE, delete: empties }
  "db:*": { modify: changes }
  "db:fix:*": { type: MIGRATE DOWN, delete: goes back }
  push: { modify: pushes, with: { --force: { delete: drops columns, type: DROP COLUMN } } }
  new: { passes: true, create: writes }
  run: { starts: true }
  sql: { modify: runs SQL, takes: { language: sql, texts: [-c], files: [-f], words: false, stdin: true } }
  code: { passes: true, modify: runs code, takes: { language: ruby, words: true } }
  shop: { resource: cloud, commands: { delete: { target: [--shop], delete: deletes a shop } } }
`;
const parsed = parseTool(source, "orm.yaml");
if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
const reader = treeReader(parsed.value);
const world = fakeWorld({
  files: { "/w/drop.sql": "DROP TABLE a", "/dot/.env": "A=1\nexport DB_URL='mysql://db.example.com/shop'\n" },
});

function env(variables: Readonly<Record<string, string>>): Partial<Call> {
  return { env: envFrom(Object.entries({ PATH: shimPath, ...variables })) };
}

/** `delete DROP DATABASE shop@db.example.com mysql production none` */
function show(effect: Effect): string {
  if (effect.resource === "opaque") return `opaque ${effect.because}`;
  if (effect.resource !== "sql") return `${effect.action} ${effect.resource} ${effect.target}`;
  const { action, statement, target, host, engine, environment, recovery, restricted } = effect;
  return `${action} ${statement} ${target}@${host} ${engine} ${environment} ${recovery}${restricted ? "" : " all"}`;
}

const x = unknown("$X", "r");

const effects: readonly (readonly [string | readonly Arg[], readonly string[], Partial<Call>?])[] = [
  ["orm db:drop", ["delete DROP DATABASE by orm db:drop@ sql unknown none"]],
  [
    "orm db:drop[main] db:create",
    [
      "delete DROP DATABASE by orm db:drop@ sql unknown none",
      "modify db:* by orm db:create@ sql unknown needless",
    ],
  ],
  ["orm db:empty", ["delete TRUNCATE by orm db:empty@ sql unknown none all"]],
  // The longest of the names with a star counts.
  ["orm db:fix:all", ["delete MIGRATE DOWN by orm db:fix:all@ sql unknown none"]],
  ["orm --help db:drop", []],
  ["orm db:drop --dry-run db:create", []],
  ["orm help db:drop", []],
  ["orm push", ["modify push by orm push@ sql unknown needless"]],
  ["orm push --force", ["delete DROP COLUMN by orm push@ sql unknown none"]],
  ["orm new db:drop", ["create new by orm new@ sql unknown needless"]],
  ["orm wipe_all", ["delete DROP by orm wipe_all@ sql unknown none"]],
  ["orm shop delete --shop 3", ["delete cloud 3"], {}],
  // Where: an option, a variable, the .env beside it.
  [
    "orm --url postgres://u:p@db.example.com:5433/shop db:drop",
    ["delete DROP DATABASE shop@db.example.com:5433 postgres unknown none"],
  ],
  ["orm --url jdbc:mysql://h/shop?ssl=1 db:drop", ["delete DROP DATABASE shop@h mysql unknown none"]],
  ["orm --url file:./dev.db db:drop", ["delete DROP DATABASE ./dev.db@localhost sqlite unknown none"]],
  [["orm", "--url", x, "db:drop"], ["delete DROP DATABASE by orm db:drop@$X sql unknown none"]],
  [
    "orm db:drop",
    ["delete DROP DATABASE shop@h postgres unknown none"],
    env({ DB_URL: "postgresql+psycopg://h:5432/shop" }),
  ],
  ["orm db:drop DB_URL=mysql://h/shop", ["delete DROP DATABASE shop@h mysql unknown none"]],
  ["orm db:drop", ["delete DROP DATABASE shop@db.example.com mysql unknown none"], { cwd: "/dot" }],
  // Which environment.
  ["orm -e prod db:drop", ["delete DROP DATABASE by orm db:drop@ sql production none"]],
  ["orm db:drop ORM_ENV=staging", ["delete DROP DATABASE by orm db:drop@ sql staging none"]],
  ["orm db:drop", ["delete DROP DATABASE by orm db:drop@ sql test recreate"], env({ ORM_ENV: "test" })],
  ["orm -e testing db:drop", ["delete DROP DATABASE by orm db:drop@ sql test recreate"]],
  // A URL wins over the environment; a database that is named for tests counts near this machine alone.
  [
    "orm -e test db:drop",
    ["delete DROP DATABASE shop@h postgres test none"],
    env({ DB_URL: "postgres://h/shop" }),
  ],
  [
    "orm db:drop",
    ["delete DROP DATABASE shop_test@localhost postgres unknown recreate"],
    env({ DB_URL: "postgres://localhost/shop_test" }),
  ],
  [
    "orm db:drop",
    ["delete DROP DATABASE shop-test@postgres postgres unknown recreate"],
    env({ DB_URL: "postgres://postgres/shop-test" }),
  ],
  [
    "orm db:drop",
    ["delete DROP DATABASE latest@localhost postgres unknown none"],
    env({ DB_URL: "postgres://localhost/latest" }),
  ],
  [
    "orm db:drop",
    ["delete DROP DATABASE shop_test@db.example.com postgres unknown none"],
    env({ DB_URL: "postgres://db.example.com/shop_test" }),
  ],
  [
    "orm db:drop",
    ["delete DROP DATABASE shop@db.example.com mysql test none"],
    { cwd: "/dot", ...env({ ORM_ENV: "test" }) },
  ],
  // What cannot be foreseen.
  [["orm", x], ["opaque which subcommand runs cannot be foreseen: r"]],
  [["orm", x], [], { sight: "later" }],
];

for (const [words, expected, more] of effects) {
  test(`${JSON.stringify(words)} → ${JSON.stringify(expected)}`, () => {
    expect(reader.read(fakeCall(words, more), world).effects.map(show)).toEqual(expected);
  });
}

const hidden = expect.objectContaining({ source: "a database that the tool knows" });

const inners: readonly (readonly [string | readonly Arg[], readonly unknown[], Partial<Call>?])[] = [
  ["orm run rm -r x", [["rm", "-r", "x"]]],
  ["orm run -- rm -r x", [["rm", "-r", "x"]]],
  [["orm", "sql", "-c", "DROP TABLE a"], [["psql", "-X", "-d", hidden, "-c", "DROP TABLE a"]]],
  ["orm sql -f drop.sql", [["psql", "-X", "-d", hidden, "-c", "DROP TABLE a"]]],
  [
    "orm sql",
    [["psql", "-X", "-d", hidden, "-c", "SELECT 1"]],
    { stdin: { kind: "text", text: "SELECT 1", from: "pipe" } },
  ],
  [["orm", "--url", "postgres://h/d", "sql", "-c", "S"], [["psql", "-X", "-d", "postgres://h/d", "-c", "S"]]],
  [["orm", "--url", "mysql://h/d", "sql", "-c", "S"], [["mysql", "-h", "h", "-D", "d", "-e", "S"]]],
  [["orm", "--url", "file:a.db", "sql", "-c", "S"], [["sqlite3", "a.db", "S"]]],
  [["orm", "code", "User.delete_all"], [["ruby", "-e", "User.delete_all"]]],
  ["orm code", []],
];

for (const [words, expected, more] of inners) {
  test(`${JSON.stringify(words)} → ${JSON.stringify(expected)}`, () => {
    const { inner } = reader.read(fakeCall(words, more), world);
    expect(inner.map((one) => one.kind === "call" && one.argv)).toEqual(expected);
  });
}

test("a text that is not known yet is asked for, or opaque", () => {
  const call = fakeCall("orm sql", { stdin: { kind: "unknown", reason: "r" } });
  const { effects: found, wantsStdin } = reader.read(call, world);
  expect([found.map(show), wantsStdin]).toEqual([
    ["modify sql by orm sql@ sql unknown needless", "opaque cannot tell what it would run: r"],
    true,
  ]);
});

const scaled = parseTool(
  `tool: fleet
resource: cloud
provider: fleet
values: ["--count"]
anywhere:
  stop: { modify: stops it, recovery: recreate }
commands:
  config: { passes: true, modify: local setting }
  "keys:*": { passes: true, read: lists }
  scale: { modify: changes, with: { "--count=0": { modify: leaves none, recovery: recreate }, "*=0": { modify: leaves none, recovery: recreate }, "--from=a*\\\\*": { delete: empties } } }
`,
  "fleet.yaml",
);

test.each<[readonly Arg[], readonly string[]]>([
  [["fleet", "scale", "--count", "3"], ["modify needless"]],
  [["fleet", "scale", "web", "--count", "0"], ["modify recreate"]],
  [["fleet", "scale", "web=10"], ["modify needless"]],
  [["fleet", "scale", "web=0"], ["modify recreate"]],
  [["fleet", "scale", "--from=ab"], ["modify needless"]],
  [["fleet", "scale", "--from=ab*"], ["delete none"]],
  [["fleet", "scale", "--count", unknown("$N", "r")], ["opaque unknown"]],
  [["fleet", "keys:list"], ["read needless"]],
  [["fleet", "keys:destroy"], ["delete none"]],
  [["fleet", "config"], ["modify needless"]],
  [["fleet", "web", "config"], []],
  [["fleet", "web", "config", "delete"], ["delete none"]],
  [["fleet", "web:stop"], ["modify recreate"]],
])("values and unforeseen words: %s", (words, expected) => {
  if (!scaled.ok) throw new Error(scaled.problems.join("\n"));
  const found = treeReader(scaled.value).read(fakeCall(words), world).effects;
  expect(
    found.map(({ resource, action, recovery }) => `${resource === "opaque" ? "opaque" : action} ${recovery}`),
  ).toEqual(expected);
});

test.each([
  ["do a.drop, b.make", ["delete DROP DATABASE by chain a.drop", "modify b.* by chain b.make"]],
  ["do b.make + a.drop --force", ["modify b.* by chain b.make", "delete DROP DATABASE by chain a.drop"]],
  ["b.make a.drop", ["modify b.* by chain b.make"]],
])("a chain: chain %s", (words, expected) => {
  const chain = parseTool(
    'tool: chain\nresource: sql\nprovider: chain\nseveral: do\ncommands:\n  a.drop: {type: DROP DATABASE, delete: drops}\n  "b.*": {passes: true, modify: makes}\n',
    "chain.yaml",
  );
  if (!chain.ok) throw new Error(chain.problems.join("\n"));
  const found = treeReader(chain.value).read(fakeCall(`chain ${words}`), world).effects;
  expect(found.map((effect) => show(effect).split("@")[0])).toEqual(expected);
});
