import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StandIn, startStandIn } from "../../src/demo/stand-in.js";
import { makePlace, type Outcome, type Place } from "./session.js";

// The incident of the README, with real curl over TLS against a stand-in for Railway's API on loopback. What counts is what
// the server received.

const volume = "3d2c42fb-8a1e-4f0b-9c3d-5e6f7a8b9c0d";
const url = "https://backboard.railway.app/graphql/v2";
const mutation = JSON.stringify({ query: `mutation { volumeDelete(volumeId: "${volume}") }` });
const query = JSON.stringify({ query: "query { project(id: 1) { name } }" });
const token = "b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b";

let server: StandIn;
let place: Place;
let reach = "";

beforeAll(async () => {
  server = await startStandIn();
  place = await makePlace();
  writeFileSync(join(place.workspace, "ca.pem"), server.certificate);
  reach = `--silent --show-error --max-time 10 --cacert ${place.workspace}/ca.pem --connect-to backboard.railway.app:443:127.0.0.1:${server.port} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json'`;
  const file = (name: string, text: string, mode = 0o644): void => {
    writeFileSync(join(place.workspace, name), text);
    chmodSync(join(place.workspace, name), mode);
  };
  file("body.json", mutation);
  file("send.sh", `#!/bin/bash\ncurl ${reach} ${url} -d '${mutation}'\n`, 0o755);
  file("send-posix.sh", `#!/bin/sh\nB='${mutation}'\ncurl ${reach} ${url} -d "$B"\n`, 0o755);
  file("send-absolute.sh", `#!/bin/bash\n/usr/bin/curl ${reach} ${url} -d '${mutation}'\n`, 0o755);
  file("Makefile", `drop:\n\tcurl ${reach} ${url} -d @body.json\n`);
  file(
    "send.py",
    `import subprocess, sys\nsys.exit(subprocess.run(${JSON.stringify(`curl ${reach} ${url} -d @body.json`)}, shell=True).returncode)\n`,
  );
});

afterAll(async () => {
  place.remove();
  await server.close();
});

const bash = (text: string) => ["bash", "-c", text];
const curl = (rest: string): string => `curl ${reach} ${url} ${rest}`;
const sq = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const spellings: readonly (readonly [name: string, command: () => readonly string[]])[] = [
  ["curl -d", () => bash(curl(`-d ${sq(mutation)}`))],
  ["curl itself, no shell", () => ["sh", "-c", `exec ${curl(`-d ${sq(mutation)}`)}`]],
  ["--json @file", () => bash(curl("--json @body.json"))],
  ["--data-binary @- from a pipe", () => bash(`cat body.json | ${curl("--data-binary @-")}`)],
  ["--data-binary @- from a heredoc", () => bash(`${curl("--data-binary @-")} <<'E'\n${mutation}\nE`)],
  ["-d @- from a file", () => bash(`${curl("-d @-")} < body.json`)],
  [
    "a body made on the way",
    () => bash(`printf '{"query":"mutation { volume%s(volumeId: 1) }"}' Delete | ${curl("-d @-")}`),
  ],
  ["absolute path", () => bash(`/usr/bin/${curl(`-d ${sq(mutation)}`)}`)],
  ["env -i", () => bash(`env -i PATH=/usr/bin:/bin ${curl(`-d ${sq(mutation)}`)}`)],
  ["env -i, path kept", () => bash(`env -i PATH="$PATH" ${curl(`-d ${sq(mutation)}`)}`)],
  ["command -p", () => bash(`command -p ${curl(`-d ${sq(mutation)}`)}`)],
  ["sh -c with the body in a variable", () => ["sh", "-c", `B=${sq(mutation)}; ${curl('-d "$B"')}`]],
  ["/bin/bash -lc", () => ["/bin/bash", "-lc", curl(`-d ${sq(mutation)}`)]],
  ["a shell in a shell", () => bash(`/bin/bash -c ${sq(`/usr/bin/${curl("-d @body.json")}`)}`)],
  ["eval", () => bash(`eval ${sq(curl("-d @body.json"))}`)],
  ["piped into bash", () => bash(`echo ${sq(curl("-d @body.json"))} | bash`)],
  [
    "piped into /bin/bash, absolute path",
    () => bash(`echo ${sq(`/usr/bin/${curl("-d @body.json")}`)} | /bin/bash`),
  ],
  ["a script run directly", () => ["./send.sh"]],
  ["a script run by bash", () => ["bash", "send.sh"]],
  ["a POSIX script", () => ["./send-posix.sh"]],
  ["a script with an absolute path", () => bash("./send-absolute.sh")],
  ["a script with an absolute path, by /bin/bash", () => ["/bin/bash", "send-absolute.sh"]],
  ["make", () => ["make", "drop"]],
  ["python3 file", () => ["python3", "send.py"]],
  [
    "python3 -c subprocess",
    () => [
      "python3",
      "-c",
      `import subprocess,sys; sys.exit(subprocess.run(${JSON.stringify(curl("-d @body.json"))}, shell=True).returncode)`,
    ],
  ],
  [
    "python3 -c subprocess, a list",
    () => [
      "python3",
      "-c",
      `import subprocess,sys,shlex; sys.exit(subprocess.run(shlex.split(${JSON.stringify(curl("-d @body.json"))})).returncode)`,
    ],
  ],
  [
    "node -e child_process",
    () => ["node", "-e", `require("child_process").execSync(${JSON.stringify(curl("-d @body.json"))})`],
  ],
  ["xargs", () => bash(`echo @body.json | xargs ${curl("-d")}`)],
  ["timeout", () => bash(`timeout 20 ${curl("-d @body.json")}`)],
  ["nohup in the background", () => bash(`nohup ${curl("-d @body.json")} >/dev/null & wait $!`)],
  ["a function", () => bash(`send() { ${curl('-d "$1"')}; }; send @body.json`)],
  ["a loop", () => bash(`for b in @body.json; do ${curl('-d "$b"')}; done`)],
  ["a config file", () => bash(`printf 'data = "@body.json"\\nurl = "${url}"\\n' > k; curl ${reach} -K k`)],
  [
    "-X POST with the query in a file that the line makes",
    () => bash(`cat > b2.json <<'E'\n${mutation}\nE\n${curl("-X POST -d @b2.json")}`),
  ],
];

test.each(spellings)("held: %s", async (_name, command) => {
  const outcome = await place.run({ command: command() });
  expect(server.mutations).toEqual([]);
  expect(outcome.status).not.toBe(0);
  expect(outcome.stderr).toMatch(/holdpoint: denied/);
});

const harmless: readonly (readonly [name: string, command: () => readonly string[]])[] = [
  ["curl -d", () => bash(curl(`-d ${sq(query)}`))],
  ["from a pipe", () => bash(`echo ${sq(query)} | ${curl("--data-binary @-")}`)],
  ["absolute path", () => bash(`/usr/bin/${curl(`-d ${sq(query)}`)}`)],
  ["login shell", () => ["/bin/bash", "-lc", curl(`-d ${sq(query)}`)]],
  [
    "python3",
    () => [
      "python3",
      "-c",
      `import subprocess; subprocess.check_call(${JSON.stringify(curl(`-d ${sq(query)}`))}, shell=True)`,
    ],
  ],
];

test.each(harmless)("let through, with its answer: %s", async (_name, command) => {
  const before = server.queries.length;
  const outcome: Outcome = await place.run({ command: command() });
  expect(outcome).toEqual({
    status: 0,
    stdout: '{"data":{"project":{"name":"shop","environments":["staging","production"]}}}\n',
    stderr: "",
  });
  expect(server.queries.length).toBe(before + 1);
});

test("the log says what was held and why, and never the token", async () => {
  const records = place.records();
  const denied = records.filter((record) => record["verdict"] === "deny" || record["verdict"] === "ask");
  expect(JSON.stringify(denied)).toContain("railway/volume-delete");
  expect(JSON.stringify(denied)).toContain(volume);
  expect(JSON.stringify(records)).not.toContain(token);
});
