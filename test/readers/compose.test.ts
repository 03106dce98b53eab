import { expect, test } from "vitest";
import { createJudge } from "../../src/judge.js";
import { envFrom } from "../../src/model/env.js";
import { builtin, table } from "../example-judge.js";
import { fakeWorld } from "../fake-world.js";

// What a compose file and `-v` say of a container's folders, in a world that has such files: /w is the workspace.
const compose = `
x-base: &base
  working_dir: /app
services:
  web:
    <<: *base
    image: node:20
    volumes:
      - ./:/app
      - type: bind
        source: ./conf
        target: /etc/app
        read_only: true
      - cache:/cache
  db:
    image: postgres:16
    volumes:
      - data:/var/lib/postgresql/data
      - \${DUMPS:-/srv/dumps}:/dumps
      - \${HIDDEN}:/hidden
  worker:
    extends: { file: base.yml, service: worker }
    volumes: ["./:/app"]
  agent:
    image: alpine
    privileged: true
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
volumes: { cache: {}, data: {} }
`;

const old = {
  files: {
    "/w/docker-compose.yml": { text: compose },
    "/w/notes/a.txt": { text: "a\n" },
    "/srv/dumps/a": { text: "a\n" },
  },
};
const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [] }, table);
const env = envFrom([
  ["HOME", "/home/me"],
  ["PATH", "/session/bin:/usr/bin:/bin"],
  ["PWD", "/w"],
]);

async function targetsOf(text: string, files: Parameters<typeof fakeWorld>[0] = old) {
  const judgement = await judge(
    { door: "line", text, shell: "bash", args: [], cwd: "/w", env, stdin: { kind: "terminal" } },
    fakeWorld(files),
  );
  const shown = judgement.effects
    .filter(({ action }) => action !== "read" && action !== "create")
    .map((effect) => `${effect.action} ${effect.resource} ${effect.target}`);
  return { verdict: judgement.verdict, shown };
}

test.each<[string, "ask" | "allow" | "deny", readonly string[]]>([
  ["docker compose run --rm web rm -rf /app/notes", "ask", ["delete file /w/notes"]],
  ["docker compose run --rm web rm -rf notes", "ask", ["delete file /w/notes"]],
  ["docker compose exec web sh -c 'cd /app && rm -rf notes'", "ask", ["delete file /w/notes"]],
  [
    "docker-compose exec web sh -c 'rm -rf /app/*'",
    "ask",
    ["delete file /w/docker-compose.yml", "delete file /w/notes"],
  ],
  ["docker compose run --rm web rm -rf /etc/app", "allow", []],
  ["docker compose run --rm web rm -rf /usr/lib/x", "allow", ["delete file container of web:/usr/lib/x"]],
  ["docker compose run --rm web rm -rf /cache/x", "ask", ["delete file volume cache:/cache/x"]],
  ["docker compose run --rm db rm -rf /dumps", "ask", ["delete file /srv/dumps"]],
  ["docker compose run --rm db rm -rf /hidden/x", "ask", ["execute opaque /hidden/x"]],
  [
    "docker compose run --rm db rm -rf /var/lib/postgresql/data",
    "ask",
    ["delete file volume data:/var/lib/postgresql/data"],
  ],
  ["docker compose run --rm other rm -rf /x", "ask", ["execute opaque /x"]],
  ["docker compose run --rm worker rm -rf /x", "ask", ["execute opaque /x"]],
  ["docker compose run --rm web npm test", "allow", []],
  // Not there: whatever it would mount.
  ["docker compose -f gone.yml run --rm web rm -rf /x", "ask", ["execute opaque /x"]],
  ["cd notes && docker compose run --rm web rm -rf /app/notes", "ask", ["delete file /w/notes"]],
])("%s", async (line, verdict, shown) => {
  expect(await targetsOf(line)).toEqual({ verdict, shown });
});

test("what a file gives its containers is asked about when it was written in the session", async () => {
  const grants = ["grant container agent", "grant container agent"];
  const world = fakeWorld(old);
  const since = { ...world, session: { ...world.session, startedAt: 0 } };
  const request = {
    door: "line",
    text: "docker compose up -d",
    shell: "bash",
    args: [],
    cwd: "/w",
    env,
    stdin: { kind: "terminal" },
  } as const;
  const [before, after] = await Promise.all([judge(request, world), judge(request, since)]);
  const shown = (one: typeof before) =>
    one.effects
      .filter(({ action }) => action === "grant")
      .map(({ action, resource, target }) => `${action} ${resource} ${target}`);
  expect([shown(before), shown(after)]).toEqual([[], grants]);
});

test.each<[string, "ask" | "allow" | "deny", readonly string[]]>([
  [
    "docker run --rm -v $PWD:/x -w /x alpine sh -c 'rm -rf *'",
    "ask",
    ["delete file /w/docker-compose.yml", "delete file /w/notes"],
  ],
  ["docker run --rm -v $PWD:/x alpine sh -c 'cd /x && rm -rf notes'", "ask", ["delete file /w/notes"]],
  [
    "docker run --rm -v $PWD:/x alpine rm -rf /",
    "deny",
    ["delete file container of alpine:/", "delete file /w"],
  ],
  ["docker run --rm -v $PWD:/x -v /tmp/o:/x/out alpine rm -rf /x/out/a", "allow", ["delete file /tmp/o/a"]],
  ["docker run --rm -v $PWD:/x:ro alpine rm -rf /x/notes", "allow", []],
  [
    "docker run --rm -v $PWD/notes:/x alpine sh -c 'cat /x/a.txt; rm /x/a.txt'",
    "ask",
    ["delete file /w/notes/a.txt"],
  ],
])("%s", async (line, verdict, shown) => {
  expect(await targetsOf(line)).toEqual({ verdict, shown });
});
