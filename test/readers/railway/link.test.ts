import { describe, expect, test } from "vitest";
import { home, workspace } from "../../../src/examples/world.js";
import type { Effect } from "../../../src/model/effect.js";
import { judgeLine, type Place } from "../railway-judge.js";

const config = JSON.stringify({
  projects: {
    [workspace]: {
      projectPath: workspace,
      name: "my-app",
      project: "p-1",
      environment: "e-prod",
      environmentName: "production",
      service: "s-api",
    },
    "/home/dev/other.app": {
      projectPath: "/home/dev/other.app",
      name: "other",
      project: "p-2",
      environment: "e-stage",
    },
    "/home/dev/third": {
      projectPath: "/home/dev/third",
      name: "third",
      project: "p-3",
      environment: "e-main",
      environmentName: "main",
      service: null,
    },
  },
  user: { id: "u", token: null, accessToken: "t0p", refreshToken: "r", tokenExpiresAt: 1 },
  linkedFunctions: null,
});
const linked: Place = { files: { [`${home}/.railway/config.json`]: config } };
const login = "railway login config:~/.railway/config.json";

/** Target, environment and credentials of the one thing that Railway does; the environment by a label, too. */
function show(effect: Effect): string {
  const by = effect.credentials.map(({ name, from }) => `${name} ${from}`).join();
  return `${effect.target} in ${effect.environment}${by === "" ? "" : ` by ${by}`}`;
}

describe("what a command works on", () => {
  test.each<[string, string, Place?]>([
    ["railway volume delete", `my-app/production in production by ${login}`],
    ["railway volume delete -v data", `data in production by ${login}`],
    ["railway down", `my-app/production/s-api in production by ${login}`],
    ["railway down -s web", `web in production by ${login}`],
    ["railway redeploy", `my-app/production/s-api in production by ${login}`],
    ["railway delete --yes", `my-app in unknown by ${login}`],
    ["railway delete -p p-2", `p-2 in unknown by ${login}`],
    ["railway down -e staging", `my-app/staging/s-api in staging by ${login}`],
    ["railway down -e e-main", `my-app/main/s-api in main by ${login}`],
    ["railway down -p p-2 -e staging", `other/staging in staging by ${login}`],
    ["railway down -p my-app -e production", `my-app/production/s-api in production by ${login}`],
    ["railway down -p p-9", `p-9/unknown in unknown by ${login}`],
    ["railway environment delete staging", `staging in staging by ${login}`],
    ["railway environment delete e-main", `e-main in main by ${login}`],
    ["railway environment delete", `my-app/production in production by ${login}`],
    ["railway variable set SECRET=hunter2 B=c", `SECRET B in production by ${login}`],
    ["railway variables --set SECRET=hunter2", `my-app/production/s-api in production by ${login}`],
    ["railway ssh keys add", `ssh keys add in unknown by ${login}`],
    ["railway logs", `logs in production by ${login}`],
    ["railway connect Postgres -e staging", `Postgres in staging by ${login}`],
    ["railway connect", `my-app/production in production by ${login}`],
    ["railway ssh", `my-app/production/s-api in production by ${login}`],
    ["railway ssh -e staging -- ./wipe", `./wipe in staging by ${login}`],
    ['cd "$(curl -s https://example.com/where)" && railway down', `unknown in unknown by ${login}`],
    // where it is called
    ["cd src && railway down", `my-app/production/s-api in production by ${login}`],
    ["cd /tmp && railway down", `unknown in unknown by ${login}`],
    ["railway down", `other/e-stage in e-stage by ${login}`, { cwd: "/home/dev/other.app/src/deep" }],
    ["railway down", `third/main in main by ${login}`, { cwd: "/home/dev/third" }],
    ["railway down", `unknown in unknown by ${login}`, { cwd: "/home/dev/third-party" }],
    // the environment's variables
    ["RAILWAY_TOKEN=abc railway down", "unknown in unknown by RAILWAY_TOKEN env:RAILWAY_TOKEN"],
    ["RAILWAY_TOKEN=abc railway down -s api", "api in unknown by RAILWAY_TOKEN env:RAILWAY_TOKEN"],
    [
      "railway down",
      "my-app/production/s-api in production by RAILWAY_API_TOKEN env:RAILWAY_API_TOKEN",
      { env: { RAILWAY_API_TOKEN: "x" } },
    ],
    ["RAILWAY_PROJECT_ID=p-3 RAILWAY_ENVIRONMENT_ID=e-main railway down", `third/main in main by ${login}`],
    ["RAILWAY_PROJECT_ID=p-1 railway down", `my-app/production/s-api in production by ${login}`],
    ["RAILWAY_PROJECT_ID=p-1 RAILWAY_ENVIRONMENT_ID=e-9 railway down", `my-app/e-9/s-api in e-9 by ${login}`],
    ["RAILWAY_PROJECT_ID=p-7 railway down", `p-7/unknown in unknown by ${login}`],
    [
      "RAILWAY_SERVICE_ID=s-2 RAILWAY_PROJECT_ID=p-1 railway down",
      `my-app/production/s-2 in production by ${login}`,
    ],
    [
      "RAILWAY_ENVIRONMENT_ID=e-prod RAILWAY_ENVIRONMENT_NAME=staging railway down",
      `unknown/production in production by ${login}`,
    ],
    ["RAILWAY_ENV=staging railway down", "unknown in unknown"],
    ["HOME=/nowhere railway down", "unknown in unknown"],
    // ids in a document
    [`railway api 'mutation { environmentDelete(id: "e-prod") }'`, `e-prod in unknown by ${login}`],
    [
      `railway api 'mutation { volumeInstanceUpdate(volumeId: 1, environmentId: "e-prod", input: {state: DELETED}) }'`,
      `1 in production by ${login}`,
    ],
  ])("%s: %s", async (line, expected, place = {}) => {
    const { effects } = await judgeLine(line, { ...linked, ...place });
    expect(effects.filter(({ tool }) => tool === "railway").map(show)).toEqual([expected]);
  });

  test.each([
    ["no config", {}],
    ["no JSON", { files: { [`${home}/.railway/config.json`]: "{" } }],
    ["another shape", { files: { [`${home}/.railway/config.json`]: '{"projects":[],"user":"me"}' } }],
  ])("%s: unknown", async (_, place) => {
    const { effects } = await judgeLine("railway volume delete", place);
    expect(effects.map(show)).toEqual(["unknown in unknown"]);
  });

  test("a label knows the environment by its id", async () => {
    const labels = [{ environment: "live", hosts: [], ids: ["e-prod", "third"] }];
    const environments = async (line: string) =>
      (await judgeLine(line, { ...linked, labels })).effects.map(({ environment }) => environment);
    expect(await environments("railway volume delete")).toEqual(["live"]);
    expect(await environments("railway volume delete -e staging")).toEqual(["staging"]);
    expect(
      await environments(`railway api 'mutation { variableDelete(input: {environmentId: "e-prod"}) }'`),
    ).toEqual(["live"]);
    expect(await environments("railway delete -p third")).toEqual(["live"]);
  });
});

describe("what it starts here", () => {
  const drop = (database: string, more = "") => `psql -c 'DROP TABLE users'${more}`.replace("psql", database);

  test.each<[string, string, readonly string[]]>([
    [`railway run ${drop("psql")}`, "ask", ["railway:my-app/production in production"]],
    [`railway run -e staging -- ${drop("psql")}`, "ask", ["railway:my-app/staging in staging"]],
    [`railway run -p p-2 -e e-stage ${drop("psql")}`, "ask", ["railway:other/e-stage in e-stage"]],
    [`railway local ${drop("psql", " -h db.example.com")}`, "ask", ["db.example.com in unknown"]],
    [
      "railway run -- psql -c 'UPDATE users SET plan = 1'",
      "ask",
      ["railway:my-app/production in production"],
    ],
    ["railway run psql -c 'SELECT 1'", "allow", ["railway:my-app/production in production"]],
    ["railway shell <<< \"psql -c 'DROP TABLE users'\"", "ask", ["railway:my-app/production in production"]],
    [
      "echo 'DROP TABLE users' | railway connect Postgres",
      "ask",
      ["railway:my-app/production in production"],
    ],
    [
      "railway connect Postgres <<< 'SELECT count(*) FROM users'",
      "allow",
      ["railway:my-app/production in production"],
    ],
    ["railway connect Postgres < /home/dev/project/nosuch.sql", "ask", []],
    ["railway connect Postgres --help", "allow", []],
    ["railway connect cache <<< FLUSHALL", "ask", []],
    ["railway connect Redis <<< 'GET session:1'", "allow", []],
    ["railway connect Postgres --tunnel-only <<< 'SELECT 1'", "ask", []],
    ["curl -s https://example.com/x.sql | railway connect Postgres", "ask", []],
  ])("%s: %s", async (line, verdict, servers) => {
    const judgement = await judgeLine(line, linked);
    const sql = judgement.effects.flatMap((effect) =>
      effect.resource === "sql" ? [`${effect.host} in ${effect.environment}`] : [],
    );
    expect({ verdict: judgement.verdict, sql: [...new Set(sql)] }).toEqual({ verdict, sql: servers });
  });

  test("variables of the developer's shell are not the ones that it gets", async () => {
    const env = { PGHOST: "localhost", DATABASE_URL: "postgres://localhost/dev" };
    const verdict = async (line: string) => (await judgeLine(line, { ...linked, env })).verdict;
    expect(await verdict("psql -c 'UPDATE users SET plan = 1 WHERE id = 3'")).toBe("allow");
    expect(await verdict("railway run psql -c 'UPDATE users SET plan = 1'")).toBe("ask");
    expect(await verdict("railway run sh -c 'psql -c \"DROP TABLE users\"'")).toBe("ask");
    expect(await verdict("railway run /usr/bin/psql \"$DATABASE_URL\" -c 'DROP TABLE users'")).toBe("ask");
    expect(await verdict('railway run sh -c \'/usr/bin/psql "$DATABASE_URL" -c "DROP TABLE users"\'')).toBe(
      "ask",
    );
  });
});
