import { expect, it } from "vitest";
import { type Effect, opaqueEffect, plainEffect } from "../../src/model/effect.js";
import { effectWords, fileGroupWords, recoveryWords } from "../../src/prompt/words.js";

const file = {
  ...plainEffect("rm", "delete", "/srv/data"),
  resource: "file",
  place: "outside",
  recursive: false,
  aspect: "content",
} as const;
const sql = {
  ...plainEffect("psql", "delete", "users"),
  resource: "sql",
  engine: "postgresql",
  statement: "DELETE",
  host: "db",
  database: "prod",
  restricted: false,
} as const;
const droplet = {
  ...plainEffect("doctl", "delete", "web"),
  resource: "cloud",
  provider: "digitalocean",
  service: "delete",
  type: "droplet",
  operation: "delete",
} as const;

const cases: readonly (readonly [effect: Effect, words: string])[] = [
  [file, "delete /srv/data"],
  [{ ...file, extent: { kind: "exact", count: 1_234_567, unit: "bytes" } }, "delete /srv/data (1.2 MB)"],
  [
    { ...file, recursive: true, extent: { kind: "exact", count: 14, unit: "files" } },
    "delete 14 files below /srv/data",
  ],
  [
    { ...file, recursive: true, extent: { kind: "at-least", count: 10_000, unit: "files" } },
    "delete at least 10,000 files below /srv/data",
  ],
  [{ ...file, recursive: true, extent: { kind: "all" } }, "delete everything below /srv/data"],
  // `rm -rf FILE`: a plain file, or a folder with one in it.
  [
    { ...file, recursive: true, extent: { kind: "exact", count: 1, unit: "files" } },
    "delete /srv/data (1 file)",
  ],
  [{ ...file, action: "modify", aspect: "access" }, "change owner or mode of /srv/data"],
  [{ ...file, action: "modify" }, "overwrite /srv/data"],
  [sql, "DELETE users (every row) in prod on db, postgresql"],
  [
    { ...sql, restricted: true, extent: { kind: "at-least", count: 200, unit: "rows" } },
    "DELETE users (at least 200 rows) in prod on db, postgresql",
  ],
  [
    {
      ...plainEffect("aws", "delete", "logs"),
      resource: "cloud",
      provider: "aws",
      service: "s3",
      type: "bucket",
      operation: "s3:DeleteBucket",
      extent: { kind: "all" },
    },
    "delete bucket logs at AWS (everything)",
  ],
  [{ ...droplet, target: "compute droplet web" }, "delete droplet web at DigitalOcean"],
  [{ ...droplet, target: "web" }, "delete droplet web at DigitalOcean"],
  [{ ...droplet, type: "database", target: "databases db-1" }, "delete database db-1 at DigitalOcean"],
  [
    { ...droplet, type: "user", target: "databases user db-1 app" },
    "delete databases user db-1 app at DigitalOcean",
  ],
  [
    { ...droplet, provider: "gcp", type: "instance", target: "redis instances cache" },
    "delete redis instance cache at Google Cloud",
  ],
  [{ ...droplet, provider: "aliyun", type: "ec", target: "ecs x" }, "delete ecs x at Aliyun"],
  [
    {
      ...plainEffect("curl", "delete", "https://h/p"),
      resource: "http",
      method: "DELETE",
      host: "h",
      path: "/p",
    },
    "send DELETE to h/p",
  ],
  [
    {
      ...plainEffect("curl", "delete", "42"),
      resource: "graphql",
      host: "h",
      operation: "mutation",
      field: "drop",
    },
    "mutation drop at h (42)",
  ],
  [
    { ...plainEffect("git", "delete", "main"), resource: "git", operation: "push --force", remote: true },
    "delete main by git push --force, on the remote",
  ],
  [
    { ...plainEffect("docker", "delete", "db"), resource: "container", operation: "rm -v" },
    "delete db by docker rm -v",
  ],
  [
    { ...plainEffect("systemctl", "modify", "nginx"), resource: "process", operation: "stop" },
    "run systemctl stop nginx",
  ],
  [
    {
      ...plainEffect("docker", "delete", "compose down"),
      resource: "container",
      operation: "compose down -v",
    },
    "run docker compose down -v",
  ],
  [
    { ...plainEffect("shutdown", "modify", "-h now"), resource: "process", operation: "shutdown -h" },
    "run shutdown -h now",
  ],
  [{ ...plainEffect("reboot", "modify", "reboot"), resource: "process", operation: "reboot" }, "run reboot"],
  [
    {
      ...plainEffect("userdel", "delete", "web1:-r alice"),
      resource: "process",
      operation: "userdel -r",
      machine: "web1",
    },
    "run userdel -r alice on web1",
  ],
  [
    {
      ...plainEffect("kill", "modify", "container web:-9 1"),
      resource: "process",
      operation: "kill -9",
    },
    "run kill -9 1 in container web",
  ],
  [
    { ...plainEffect("ssh", "execute", "web1"), resource: "process", operation: "remote command" },
    "run a command on web1 by ssh",
  ],
  [
    { ...plainEffect("bash", "execute", "bash"), resource: "package", operation: "run unread code" },
    "run unread code by bash",
  ],
  [
    { ...plainEffect("rm", "delete", "/run/x"), resource: "guard", operation: "delete" },
    "reach for the guard itself: delete /run/x",
  ],
  [opaqueEffect("eval", "$X", "x"), "run what cannot be judged: $X"],
];

it.each(cases)("%#: $words", (effect, words) => {
  expect(effectWords(effect)).toBe(words);
});

const one = { ...file, recursive: true, extent: { kind: "exact", count: 1, unit: "files" } } as const;
const many = { ...one, extent: { kind: "exact", count: 3, unit: "files" } } as const;

it.each([
  [[one, { ...one, target: "/srv/b" }], "delete 2 files in /srv/: data, b"],
  [[many, { ...many, target: "/srv/b" }], "delete 2 folders in /srv/ (6 files): data, b"],
  [[many, { ...one, target: "/srv/b" }], "delete 2 files and folders in /srv/ (4 files): data, b"],
])("files as one: %#", (effects, words) => {
  expect(fileGroupWords(effects)).toBe(words);
});

it.each([
  ["modify", "process", "can be put back"],
  ["delete", "process", "can be made again"],
] as const)("the way back, %s: %s", (action, resource, words) => {
  const effect = { ...plainEffect("systemctl", action, "nginx"), resource, operation: "stop" } as const;
  expect(recoveryWords({ ...effect, recovery: "recreate" })).toBe(words);
});

it("what is built again is made again", () => {
  expect(recoveryWords({ ...file, recovery: "recreate" })).toBe("can be made again");
});
