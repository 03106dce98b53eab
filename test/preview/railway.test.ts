import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { Kind, parse } from "graphql/language/index.js";
import { generate } from "selfsigned";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { railwayGather } from "../../src/preview/railway.js";
import type { Fetch } from "../../src/preview/railway-server.js";
import { previewers } from "../../src/preview/table.js";
import { type LookOptions, type Lookout, openLookout } from "./look.js";

// Railway's API is a stand-in on loopback, reached by the real curl over TLS; what is asked of it, and as whom, is all recorded.

const host = "backboard.railway.app";
const token = "b7a1c0de-2222-4333-8444-fedcbafedcba";
const volume = "3d2c42fb-8a1e-4f0b-9c3d-5e6f7a8b9c0d";
const service = "b0a4a1de-5c0f-4d83-9d3e-8f2f4f0c9b21";
const production = "9b8d7e6f-2b66-4b3f-8d4c-3a2f1e0d9c55";
const shop = "6f1d0c1e-77aa-4c39-8d51-0d6f5b1f3a10";

interface Received {
  readonly query: string;
  readonly authorization: string | undefined;
  readonly project: string | undefined;
}

const received: Received[] = [];
/** What is said instead of an answer; `undefined` from it: nothing, ever. */
let instead: ((query: string) => string | undefined) | undefined;
let backups: readonly string[] = [];
let server: ReturnType<typeof createServer>;
let port = 0;
let place: Lookout;
let cli: Lookout;
/** Where curl's start-up file is: trust and way to the stand-in as a user would have set them up before. */
let trusting: LookOptions;

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "stand-in" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
  server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { authorization, "project-access-token": project } = request.headers;
      const text = answerTo(Buffer.concat(chunks).toString(), authorization, project?.toString());
      if (text !== undefined) response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  place = openLookout((base) => {
    for (const folder of ["curl", "near", "lost", "bin", "seen", "work/infra"])
      mkdirSync(join(base, folder), { recursive: true });
    const way = `connect-to = "${host}:443:127.0.0.1:${port}"\n`;
    for (const path of ["ca.pem", "work/ca.pem"]) writeFileSync(join(base, path), cert);
    writeFileSync(
      join(base, "curl/.curlrc"),
      `${way}cacert = "${base}/ca.pem"\noutput = "${base}/work/out"\n`,
    );
    writeFileSync(join(base, "near/.curlrc"), `${way}cacert = "${base}/work/ca.pem"\n`);
    writeFileSync(join(base, "lost/.curlrc"), way);
    writeFileSync(
      join(base, "work/infra/.env"),
      `OTHER=1\nRAILWAY_TOKEN=${token}\nTWICE=${token}\nTWICE=${shop}\nPLAIN=some-other-secret\n`,
    );
    // The real one, which leaves behind what any process could have seen of it.
    const curl = `#!/bin/sh
{ printf '%s ' "$@"; env; } > '${base}/seen/'$$
exec /usr/bin/curl "$@"
`;
    writeFileSync(join(base, "bin/curl"), curl);
    chmodSync(join(base, "bin/curl"), 0o755);
    return { env: { PATH: `${base}/bin:/usr/bin:/bin`, CURL_HOME: join(base, "curl") } };
  });
  trusting = { env: { CURL_HOME: join(place.base, "curl") } };
  cli = openLookout((base) => {
    mkdirSync(join(base, "home/.railway"));
    writeFileSync(
      join(base, "home/.railway/config.json"),
      JSON.stringify({ user: { token: "stored-login" } }),
    );
    const load = () => Promise.resolve(railwayGather(send));
    return { previewers: previewers.map((one) => (one.kind === "railway" ? { ...one, load } : one)) };
  });
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  place.remove();
  cli.remove();
});

beforeEach(() => {
  received.length = 0;
  instead = undefined;
  backups = [ago(4), ago(28)];
});

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

/** For the command line of Railway, which is asked by fetch: the same answers. */
const send: Fetch = (url, options) => {
  expect(String(url)).toBe("https://backboard.railway.com/graphql/v2");
  const headers = new Headers(options?.headers);
  const text = answerTo(
    String(options?.body),
    headers.get("authorization") ?? undefined,
    headers.get("project-access-token") ?? undefined,
  );
  return text === undefined
    ? Promise.reject(new TypeError("fetch failed", { cause: new Error("nobody listens") }))
    : Promise.resolve(new Response(text));
};

const bodySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ query: v.string(), variables: v.record(v.string(), v.string()) }),
);

function answerTo(body: string, authorization: string | undefined, project: string | undefined) {
  const { query } = v.parse(bodySchema, body);
  received.push({ query, authorization, project });
  if (instead !== undefined) return instead(query);
  const list = (...nodes: readonly unknown[]) => ({ edges: nodes.map((node) => ({ node })) });
  const data = { id: volume, name: "data" };
  const instance = {
    ...{ id: "instance-1", volumeId: volume, serviceId: service, mountPath: "/data" },
    ...{ sizeMB: 50_000, currentSizeMB: 12_400 },
  };
  const answers: Readonly<Record<string, unknown>> = {
    projects: list({ id: shop, name: "shop", volumes: list(data) }),
    me: { workspaces: [{ projects: list() }] },
    projectToken: { projectId: shop },
    environment: { projectId: shop },
    service: { projectId: shop },
    volumeInstance: { environment: { projectId: shop } },
    project: {
      ...{ id: shop, name: "shop", services: list({ id: service, name: "api" }), volumes: list(data) },
      environments: list(
        { id: "e-1", name: "staging", volumeInstances: list() },
        { id: production, name: "production", volumeInstances: list(instance) },
      ),
    },
    volumeInstanceBackupList: backups.map((createdAt) => ({ createdAt })),
  };
  const fields = parse(query).definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? node.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one] : []))
      : [],
  );
  return JSON.stringify({
    data: Object.fromEntries(
      fields.map((one) => [one.alias?.value ?? one.name.value, answers[one.name.value]]),
    ),
  });
}

const bearer = `-H 'Authorization: Bearer ${token}'`;
const mutation = (text: string) => `-d '{"query":"mutation { ${text.replaceAll('"', '\\"')} }"}'`;
const curl = (text: string, header = bearer, more = "") =>
  `curl https://${host}/graphql/v2 ${header} ${more} ${mutation(text)}`;
const gone = curl(`volumeDelete(volumeId: "${volume}")`);
const ofVolume = [
  `volume "data" of service api, project shop, environment production`,
  "2 backups, the newest 4 hours ago: they lie in the volume and go with it",
  "12.4 GB of 50.0 GB used, mounted at /data",
];

/** Whatever was asked for: a query and nothing but a query, with nothing secret where others see it. */
function expectHarmless(): void {
  for (const { query } of received)
    for (const node of parse(query).definitions)
      expect(node).toMatchObject({ kind: "OperationDefinition", operation: "query" });
}

test("a volume: where it is, and that its backups go with it; only by queries, and no token in argv or environment", async () => {
  const [preview, ...more] = await place.look(gone);
  expect(more).toEqual([]);
  expect(preview).toMatchObject({
    ...{ kind: "railway", state: "found", rows: ofVolume, loses: "all backups", environment: "production" },
  });
  expect(received).toHaveLength(4);
  expect(new Set(received.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
  expectHarmless();
  const folder = join(place.base, "seen");
  const seen = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  expect(seen).toHaveLength(4);
  for (const text of seen) {
    expect(text).toMatch(/^-q -K - /);
    expect(text).not.toContain(token);
  }
  // The call's other options are not followed: `output` of its start-up file.
  expect(() => readFileSync(join(place.workspace, "out"))).toThrow("ENOENT");
});

test("a token that the line takes from a file is taken from there", async () => {
  const header = '-H "Authorization: Bearer $TOKEN"';
  const line = curl(`volumeDelete(volumeId: "${volume}")`, header);
  expect(await place.rows(`TOKEN=$(sed -n 's/^RAILWAY_TOKEN=//p' infra/.env)\n${line}`)).toEqual(ofVolume);
  expect(received[0]?.authorization).toBe(`Bearer ${token}`);
  received.length = 0;
  // Another value in between, a name that stands there twice, another service's secret, a program's word.
  for (const from of [
    "sed -n 's/^TWICE=//p' infra/.env",
    "sed -n 's/^PLAIN=//p' infra/.env",
    "vault-of-ours read token",
  ])
    expect(await place.rows(`TOKEN=$(${from})\n${line}`)).toEqual([
      expect.stringMatching(/^FAILED: .*(not known before the line runs|no token is known)/),
    ]);
  expect(received).toEqual([]);
});

test("a project's token tells its project itself", async () => {
  const line = curl(`volumeDelete(volumeId: "${volume}")`, `-H 'Project-Access-Token: ${token}'`);
  expect(await place.rows(line)).toEqual(ofVolume);
  expect(received[0]).toMatchObject({ project: token, authorization: undefined });
  expect(received[0]?.query).toContain("projectToken");
});

test("environments, projects, services; no backups", async () => {
  const [environment] = await place.look(curl(`environmentDelete(id: "${production}")`));
  expect(environment).toMatchObject({ loses: "all backups", environment: "production" });
  expect(environment?.rows).toEqual([
    'environment "production" of project shop: 1 volume',
    'volume "data" (production): 12.4 GB used, 2 backups, the newest 4 hours ago, all in the volume',
  ]);
  expect((await place.rows(curl(`projectDelete(id: "${shop}")`)))[0]).toBe(
    'project "shop": 2 environments (staging, production), 1 service, 1 volume',
  );
  const [ofService] = await place.look(curl(`serviceDelete(id: "${service}")`));
  expect(ofService?.rows[0]).toBe('service "api" of project shop, environment production');
  expect(ofService?.loses).toBeUndefined();
  backups = [];
  const [empty] = await place.look(gone);
  expect(empty?.rows[1]).toBe("no backups of it");
  expect(empty?.loses).toBeUndefined();
  expectHarmless();
});

test.each<readonly [string, (query: string) => string | undefined, string]>([
  [
    "unauthorised, and it says back what it was sent",
    () => JSON.stringify({ errors: [{ message: `Not Authorized: ${token}` }], data: null }),
    "FAILED: the API says: Not Authorized: …",
  ],
  ["no GraphQL", () => "<html>down for maintenance</html>", "FAILED: the server's answer is no GraphQL"],
  [
    "another shape",
    () => JSON.stringify({ data: { projects: [], me: 7 } }),
    "FAILED: the API's answer is not what its schema promises",
  ],
  ["too much", () => "x".repeat(400_000), "FAILED: the server's answer is too long"],
])("%s", async (_, says, row) => {
  instead = says;
  expect(await place.rows(gone)).toEqual([row]);
  expectHarmless();
});

test("an unknown id; backups that are not told", async () => {
  const other = "11111111-2222-4333-8444-555555555555";
  expect(await place.rows(curl(`volumeDelete(volumeId: "${other}")`))).toEqual([
    `FAILED: none of the projects that this token sees has the volume "${other}"`,
  ]);
  const lost = { errors: [{ message: "Problem processing request" }] };
  const real = answerTo;
  instead = (query) => {
    if (query.includes("BackupList")) return JSON.stringify(lost);
    instead = undefined;
    const text = real(JSON.stringify({ query, variables: {} }), undefined, undefined);
    instead = keep;
    return text;
  };
  const keep = instead;
  const [preview] = await place.look(gone);
  expect(preview?.rows[1]).toBe("backups not looked up: the API says: Problem processing request");
  expect(preview?.loses).toBeUndefined();
});

test("a server that says nothing keeps nobody waiting", async () => {
  instead = () => undefined;
  const slow = openLookout((base) => {
    mkdirSync(join(base, "curl"));
    writeFileSync(join(base, "curl/.curlrc"), readFileSync(join(place.base, "curl/.curlrc")));
    return { patience: 700, env: { CURL_HOME: join(base, "curl") } };
  });
  const rows = await slow.rows(gone);
  slow.remove();
  expect(rows).toEqual([expect.stringMatching(/^FAILED: (no answer within 0\.7 s|curl: \(28\) )/)]);
});

test("the token goes to nobody who does not prove to be Railway", async () => {
  const made = join(place.workspace, "made.pem");
  writeFileSync(made, readFileSync(join(place.base, "ca.pem")));
  const rows = (more: string, env: LookOptions["env"] = {}) =>
    place.rows(curl(`volumeDelete(volumeId: "${volume}")`, bearer, more), { env });
  const lost = { CURL_HOME: join(place.base, "lost") };
  expect(await rows("", lost)).toEqual([expect.stringMatching(/^FAILED: curl: \(60\) /)]);
  expect(await rows("-k", lost)).toEqual([expect.stringMatching(/^FAILED: curl: \(60\) /)]);
  expect(await rows(`--cacert ${made}`)).toEqual([
    `FAILED: the call trusts "${made}", which was not there before the session`,
  ]);
  expect(await rows("", { ...lost, SSL_CERT_FILE: made })).toEqual([
    `FAILED: the call trusts "${made}", which was not there before the session`,
  ]);
  expect(await rows("--unix-socket /tmp/x.sock")).toEqual([
    "FAILED: the call reaches its server by --unix-socket, which is not followed",
  ]);
  expect(await place.rows(gone.replace("https:", "http:"))).toEqual([
    "FAILED: the call would send its token unencrypted",
  ]);
  expect(received).toEqual([]);
  // An authority out of the workspace speaks for this machine alone.
  const near = { CURL_HOME: join(place.base, "near") };
  expect(await rows("--connect-to ::203.0.113.7:443", near)).toEqual([
    `FAILED: the call trusts "${place.workspace}/ca.pem" for a server that is not on this machine`,
  ]);
  expect(received).toEqual([]);
  expect(await rows("", near)).toEqual(ofVolume);
  expect(await rows("", trusting.env)).toEqual(ofVolume);
});

test("the command line of Railway: its own variables, its login, its names", async () => {
  const rows = async (line: string, env: LookOptions["env"] = {}) => {
    received.length = 0;
    return await cli.rows(line, { env });
  };
  expect(await rows("railway volume delete --volume data -y", { RAILWAY_TOKEN: token })).toEqual(ofVolume);
  expect(received[0]).toMatchObject({ project: token, authorization: undefined });
  expect((await rows("railway delete -p shop -y", { RAILWAY_API_TOKEN: token }))[0]).toMatch(
    /^project "shop": /,
  );
  expect(received[0]?.authorization).toBe(`Bearer ${token}`);
  expect(await rows(`railway api 'mutation { volumeDelete(volumeId: "${volume}") }'`)).toEqual(ofVolume);
  expect(received[0]?.authorization).toBe("Bearer stored-login");
  expect(await rows("railway volume delete --volume nosuch -y", { RAILWAY_TOKEN: token })).toEqual([
    'FAILED: project shop has no volume "nosuch" that this token sees',
  ]);
  expect(await rows("railway service delete -s api -y", { RAILWAY_TOKEN: 'x"\ny' })).toEqual([
    "FAILED: the token is not one that Railway makes",
  ]);
  expect(received).toEqual([]);
  instead = () => undefined;
  expect(await rows("railway environment delete production -y", { RAILWAY_TOKEN: token })).toEqual([
    "FAILED: backboard.railway.com cannot be reached: nobody listens",
  ]);
  expectHarmless();
});
