import { expect, test } from "vitest";
import { httpieReader } from "../../../src/readers/http/httpie.js";
import { railwayApis } from "../knowledge-files.js";
import { type Case, casesOf, networkCall, networkWorld, showEffect } from "../network-world.js";

const api = "https://backboard.railway.com/graphql/v2";
const document = 'mutation { volumeDelete(volumeId: "v1") }';
const body = JSON.stringify({ query: document });
const gone = "delete railway volume v1 (volumeDelete)";
const files = {
  "/home/dev/project/body.json": body,
  "/home/dev/project/doc.graphql": document,
  "/home/dev/project/vars.json": '{"id":"v1"}',
};
const text = (content: string) => ({ kind: "text", text: content, from: "pipe" }) as const;

/** The first word is the program. */
const table: readonly Case[] = [
  [["http", "example.com/x"], ["read GET http://example.com/x"]],
  [["https", "example.com/x"], ["read GET https://example.com/x"]],
  [["xhs", "example.com/x"], ["read GET https://example.com/x"]],
  [["xh", "--https", "example.com/x"], ["read GET https://example.com/x"]],
  [["http", "--default-scheme=https", "example.com/x"], ["read GET https://example.com/x"]],
  [["http", ":3000/x"], ["read GET http://localhost:3000/x"]],
  [["http", ":/x"], ["read GET http://localhost/x"]],
  [["https", "://example.com/x"], ["read GET https://example.com/x"]],
  [["http", "localhost"], ["read GET http://localhost/"]],
  [["http", "DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["http", "delete", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["http", "--ignore-stdin", "-v", "DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["http", "-a", "ann:pw", "example.com/x"], ["read GET http://example.com/x by user ann literal"]],
  [
    ["xh", "-A", "bearer", "-a", "t0ken", "example.com/x"],
    ["read GET http://example.com/x by token literal"],
  ],
  [["http", "example.com/x", "q==a b", "r==c"], ["read GET http://example.com/x?q=a%20b&r=c"]],
  [["http", "example.com/x", "a=b"], ["send POST http://example.com/x"]],
  [["http", "example.com/x", "a:=1"], ["send POST http://example.com/x"]],
  [["http", "example.com/x", "X-A:b"], ["read GET http://example.com/x"]],
  [
    ["http", "example.com/x", "Authorization:Bearer t0ken"],
    ["read GET http://example.com/x by authorization literal"],
  ],
  [
    ["http", "POST", "example.com/x", "X-HTTP-Method-Override:DELETE"],
    ["delete DELETE http://example.com/x"],
  ],
  [["http", "-f", "example.com/x", "_method=delete"], ["delete DELETE http://example.com/x"]],
  [["http", api, `query=${document}`], [gone]],
  [
    ["http", api, "query=@doc.graphql"],
    [gone, "send POST /home/dev/project/doc.graphql"],
  ],
  [["http", api, "query=mutation($id:String!){volumeDelete(volumeId:$id)}", "variables[id]=v1"], [gone]],
  [
    ["http", api, "query=mutation($id:String!){volumeDelete(volumeId:$id)}", 'variables:={"id":"v1"}'],
    [gone],
  ],
  [
    ["http", api, "query=mutation($id:String!){volumeDelete(volumeId:$id)}", "variables:=@vars.json"],
    [gone, "send POST /home/dev/project/vars.json"],
  ],
  [["http", "--raw", body, api], [gone]],
  [["http", `--raw=${body}`, "POST", api], [gone]],
  [
    ["http", "POST", api, "@body.json"],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [["http", "--form", api, `query=${document}`], [gone]],
  [["http", "--multipart", api, `query=${document}`], [gone]],
  [["http", api], [gone], { stdin: text(body) }],
  [["http", "--ignore-stdin", api], [`read GET ${api}`], { stdin: text(body) }],
  [
    ["http", "POST", api],
    ["opaque: what it sends cannot be foreseen: a pipe", `send POST ${api}`],
    { stdin: { kind: "unknown", reason: "a pipe" } },
  ],
  [
    ["http", "example.com/x"],
    ["read GET http://example.com/x"],
    { stdin: { kind: "unknown", reason: "a pipe" } },
  ],
  [
    ["http", "--form", "POST", "example.com/x", "cv@body.json;type=text/plain"],
    ["send POST http://example.com/x", "send POST /home/dev/project/body.json"],
  ],
  [["http", "--offline", "DELETE", "example.com/x"], []],
  [["http", "--offline", "--no-offline", "DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["xh", "--curl", "DELETE", "example.com/x"], []],
  [["http", "DELETE", "example.com/x", "--help"], []],
  [
    ["http", "DELETE", "http+unix://%2Fvar%2Frun%2Fdocker.sock/containers/db"],
    ["delete DELETE http://unix:/var/run/docker.sock/containers/db"],
  ],
  [
    ["xh", "--unix-socket", "/var/run/docker.sock", "DELETE", "http://localhost/containers/db"],
    ["delete DELETE http://unix:/var/run/docker.sock/containers/db"],
  ],
  [
    ["http", "--proxy", "http:http://proxy.example.com:3128", "DELETE", "http://localhost/x"],
    ["delete DELETE http://proxy.example.com/x"],
  ],
  [
    ["xh", "--resolve", "localhost:192.0.2.1", "DELETE", "http://localhost/x"],
    ["delete DELETE http://192.0.2.1/x"],
  ],
  [
    ["http", "-o", "body.json", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [["http", "--download", "example.com/body.json"], ["read GET http://example.com/body.json"]],
  [
    ["http", "DELETE", "$URL"],
    [
      'opaque: it may hold any option: variable "URL" is not set',
      'opaque: cannot tell where it sends to: variable "URL" is not set',
    ],
  ],
  [["http", "DELETE", "$URL"], [], { sight: "later" }],
  [
    ["http", "$METHOD", "example.com/x"],
    [
      'opaque: it may hold any option: variable "METHOD" is not set',
      'opaque: the method cannot be foreseen: variable "METHOD" is not set',
    ],
  ],
  [
    ["http", "example.com/x"],
    ["read GET http://example.com/x by netrc example.com file:/home/dev/.netrc"],
    { files: { "/home/dev/.netrc": "machine example.com login ann password pw" } },
  ],
  [
    ["http", "DELETE", "example.com/x"],
    [],
    { files: { "/home/dev/.config/httpie/config.json": '{"default_options":["--offline"]}' } },
  ],
  [["http", "example.com/x", "a\\:b=1"], ["send POST http://example.com/x"]],
];

test.each(casesOf(table))("%j", (words, effects, setting) => {
  const reading = httpieReader(railwayApis).read(
    networkCall(words, setting),
    networkWorld({ files, ...setting }),
  );
  expect(reading.effects.map(showEffect)).toEqual(effects);
});

test.each([
  [["http", "POST", api], true],
  [["http", "POST", "example.com/x"], true],
  [["http", "GET", "example.com/x"], false],
  [["http", "example.com/x"], false],
  [["http", "--ignore-stdin", "POST", api], false],
  [["http", "POST", api, "query={me{id}}"], false],
] as const)("%j wants stdin: %s", (words, wants) => {
  const call = networkCall(words, { stdin: { kind: "unknown", reason: "a pipe" } });
  expect(httpieReader(railwayApis).read(call, networkWorld({})).wantsStdin).toBe(wants);
});
