import { describe, expect, it } from "vitest";
import type { Stdin } from "../../src/model/call.js";
import { curlReader } from "../../src/readers/curl.js";
import { railwayApi } from "./knowledge-files.js";
import { type Case, casesOf, networkCall, networkWorld, type Setting, showEffect } from "./network-world.js";

const api = "https://backboard.railway.com/graphql/v2";
const document = 'mutation { volumeDelete(volumeId: "v1") }';
const body = JSON.stringify({ query: document });
const gone = "delete railway volume v1 (volumeDelete)";
const text = (content: string): Stdin => ({ kind: "text", text: content, from: "pipe" });
const at = (name: string) => `/home/dev/project/${name}`;
const files = {
  [at("body.json")]: body,
  [at("doc.graphql")]: document,
  [at("query.txt")]: document,
  [at("vars.json")]: '{"id":"v1"}',
  [at("headers.txt")]: "Authorization: Bearer from-a-file\nX-Other: 1\n",
  [at("curl.cfg")]:
    `url = "${api}"\nrequest = POST\ndata = "${body.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"\n`,
  [at("next.cfg")]: `url = https://example.com/a\nnext\n--url ${api}\n-d @body.json\n`,
  [at("loop.cfg")]: "-K loop.cfg\n",
  [at("token.txt")]: "s3cr3t-token",
};
const rcBody = { [at("body.json")]: body };

const bodies: readonly Case[] = [
  [["-d", body, api], [gone]],
  [[`-d${body}`, api], [gone]],
  [["--data", body, api], [gone]],
  [[`--data=${body}`, api], [gone]],
  [["--data-ascii", body, api], [gone]],
  [["--data-binary", body, api], [gone]],
  [["--data-raw", body, api], [gone]],
  [["--json", body, api], [gone]],
  [["-sSfL", "-X", "POST", api, "-H", "Content-Type: application/json", "-d", body], [gone]],
  [["-sd", body, api], [gone]],
  [
    ["-d", "@body.json", api],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [
    ["-d@body.json", api],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [
    ["--data-binary", "@/home/dev/project/body.json", api],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [
    ["--json", "@body.json", api],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [
    ["--json", '{"query":', "--json", '"mutation{volumeDelete(volumeId:1)}"}', api],
    ["delete railway volume 1 (volumeDelete)"],
  ],
  [["--data-raw", "@body.json", api], ['opaque: it sends GraphQL that cannot be read: Unexpected "@"']],
  [["-d", "@-", api], [gone], { stdin: text(body) }],
  [["-d", "@/dev/stdin", api], [gone, "send POST /dev/stdin"], { stdin: text(body) }],
  [["--data-binary", "@-", api], [gone], { stdin: { kind: "file", path: "body.json" } }],
  [["--json", "@-", api], [gone], { stdin: text(body) }],
  [["-T", "-", api], [gone], { stdin: text(body) }],
  [
    ["-T", "body.json", api],
    [gone, "send PUT /home/dev/project/body.json"],
  ],
  [
    ["-X", "POST", "-T", "body.json", api],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [["--data-urlencode", `query=${document}`, api], [gone]],
  [
    ["--data-urlencode", "query@query.txt", api],
    [gone, "send POST /home/dev/project/query.txt"],
  ],
  [["-d", `query=${encodeURIComponent(document)}`, api], [gone]],
  [
    ["-d", "query=mutation($id:String!){volumeDelete(volumeId:$id)}", "-d", 'variables={"id":"v1"}', api],
    [gone],
  ],
  [["-G", "--data-urlencode", `query=${document}`, api], [gone]],
  [["-G", "-X", "POST", "--data-urlencode", `query=${document}`, api], [gone]],
  [["--url-query", `query=${document}`, "-X", "POST", api], [gone]],
  [[`${api}?query=${encodeURIComponent(document)}`], [gone]],
  [["-F", `query=${document}`, api], [gone]],
  [["--form-string", `query=${document}`, api], [gone]],
  [
    ["-F", "query=<query.txt", api],
    [gone, "send POST /home/dev/project/query.txt"],
  ],
  [
    ["-F", "query=@doc.graphql;type=text/plain", api],
    [gone, "send POST /home/dev/project/doc.graphql"],
  ],
  [["-F", `operations=${body}`, "-F", "map={}", api], [gone]],
  [["-H", "Content-Type: application/graphql", "-d", document, api], [gone]],
  [
    ["--data-binary", "@doc.graphql", "-H", "content-type: application/graphql", api],
    [gone, "send POST /home/dev/project/doc.graphql"],
  ],
  [
    ["--variable", "b=x", "--variable", `q=${document}`, "--expand-json", '{"query":"{{q:json}}"}', api],
    [gone],
  ],
  [["--variable", "q@body.json", "--expand-data", "{{q}}", api], [gone]],
  [["--variable", "%BODY", "--expand-data", "{{BODY:trim}}", api], [gone], { env: { BODY: ` ${body}\n` } }],
  [["--variable", `q=${Buffer.from(body).toString("base64")}`, "--expand-data", "{{q:64dec}}", api], [gone]],
  [["-X", "GET", "-d", body, api], [gone]],
  [
    ["-d", `[${body},{"query":"{me{id}}"}]`, api],
    [gone, "read railway query me (me)"],
  ],
  [
    ["-d", '{"query":"mutation($id:String!){volumeDelete(volumeId:$id)}","variables":{"id":"v1"}}', api],
    [gone],
  ],
  [["-d", '{"query":"mutation($id:String=\\"v1\\"){volumeDelete(volumeId:$id)}"}', api], [gone]],
  [
    ["-d", '{"query":"mutation($id:String!){volumeDelete(volumeId:$id)}"}', api],
    ["delete railway volume $id (volumeDelete)"],
  ],
  [
    [
      "-d",
      '{"query":"query A{me{id}} mutation B{volumeDelete(volumeId:\\"v1\\")}","operationName":"B"}',
      api,
    ],
    [gone],
  ],
  [
    [
      "-d",
      '{"query":"query A{me{id}} mutation B{volumeDelete(volumeId:\\"v1\\")}","operationName":"A"}',
      api,
    ],
    ["read railway query me (me)"],
  ],
  [
    [
      "-d",
      '{"query":"query A{me{id}} mutation B{volumeDelete(volumeId:\\"v1\\")}","operationName":"C"}',
      api,
    ],
    ["read railway query me (me)", gone],
  ],
  [
    ["-d", '{"query":"mutation{...F} fragment F on Mutation{ok:volumeDelete(volumeId:\\"v1\\") ...F}"}', api],
    [gone],
  ],
  [["-d", '{"query":"mutation{... on Mutation{volumeDelete(volumeId:\\"v1\\")}}"}', api], [gone]],
  [["-d", '{"query":"mut\\u0061tion { volumeDelete(volumeId: \\"v1\\") }"}', api], [gone]],
  [
    ["-d", '{"query":"mutation{a:volumeDelete(volumeId:1) b:volumeUpdate(volumeId:2,input:{})}"}', api],
    ["delete railway volume 1 (volumeDelete)", "modify railway volume 2 (volumeUpdate)"],
  ],
  [["-d", '{"query":"{ project(id: 1) { id } }"}', api], ["read railway query project (project)"]],
];

const hidden: readonly Case[] = [
  [
    ["-d", "@gone.json", api],
    [
      'opaque: what it sends cannot be foreseen: the file "gone.json" cannot be read: no such file',
      "send POST https://backboard.railway.com/graphql/v2",
      "send POST /home/dev/project/gone.json",
    ],
  ],
  [
    ["-d", "$BODY", api],
    [
      'opaque: what it sends cannot be foreseen: variable "BODY" is not set',
      "send POST https://backboard.railway.com/graphql/v2",
    ],
  ],
  [["-d", "$BODY", api], ["send POST https://backboard.railway.com/graphql/v2"], { sight: "later" }],
  [
    ["-d", body, "$URL"],
    [
      'opaque: it may hold any request: variable "URL" is not set',
      'opaque: cannot tell where it sends to: variable "URL" is not set',
    ],
  ],
  [["-d", body, "$URL"], [], { sight: "later" }],
  [
    ["-X", "$METHOD", "https://example.com/x"],
    ['opaque: the method cannot be foreseen: variable "METHOD" is not set'],
  ],
  [
    ["$OPTIONS", "https://example.com/x"],
    [
      'opaque: it may hold any request: variable "OPTIONS" is not set',
      'opaque: cannot tell where it sends to: variable "OPTIONS" is not set',
      "read GET https://example.com/x",
    ],
  ],
  [
    ["-d", "@-", api],
    [
      "opaque: what it sends cannot be foreseen: a pipe",
      "send POST https://backboard.railway.com/graphql/v2",
    ],
    { stdin: { kind: "unknown", reason: "a pipe" } },
  ],
  [
    ["-K", "-"],
    ["opaque: it may hold any request: a pipe"],
    { stdin: { kind: "unknown", reason: "a pipe" } },
  ],
  [["-K", "-"], [gone], { stdin: text(files[at("curl.cfg")] ?? "") }],
  [["-K", "curl.cfg"], [gone]],
  [["-Kcurl.cfg"], [gone]],
  [["--config=curl.cfg"], [gone]],
  [
    ["-K", "next.cfg"],
    ["read GET https://example.com/a", gone, "send POST /home/dev/project/body.json"],
  ],
  [["-K", "loop.cfg"], ["opaque: it may hold any request: config files are nested too deep"]],
  [["-K", "gone.cfg"], ['opaque: it may hold any request: the file "gone.cfg" cannot be read: no such file']],
  [
    [api],
    [gone, "send POST /home/dev/project/body.json"],
    { files: { ...rcBody, "/home/dev/.curlrc": "-d @body.json\n" } },
  ],
  [
    ["-q", api],
    ["read GET https://backboard.railway.com/graphql/v2"],
    { files: { ...rcBody, "/home/dev/.curlrc": "-d @body.json\n" } },
  ],
  [
    ["-s", "-q", api],
    [gone, "send POST /home/dev/project/body.json"],
    { files: { ...rcBody, "/home/dev/.curlrc": "-d @body.json\n" } },
  ],
  [
    ["https://example.com/x"],
    ["delete DELETE https://example.com/x"],
    { files: { "/c/.curlrc": "# mine\nrequest: DELETE\n" }, env: { CURL_HOME: "/c" } },
  ],
  [
    ["https://example.com/x"],
    ["delete DELETE https://example.com/x"],
    { files: { "/x/.curlrc": "-X DELETE" }, env: { XDG_CONFIG_HOME: "/x" } },
  ],
  [
    ["-d", '{"extensions":{"persistedQuery":{"sha256Hash":"00"}}}', api],
    ["opaque: it sends GraphQL that cannot be read: it names a stored query that cannot be seen from here"],
  ],
  [
    ["-d", '{"query":"mutation { volumeDelete("}', api],
    ["opaque: it sends GraphQL that cannot be read: Expected Name, found <EOF>"],
  ],
  [
    ["-d", '{"query":"mutation { volumeDelete("}', "https://example.com/x"],
    ["opaque: it sends GraphQL that cannot be read: Expected Name, found <EOF>"],
  ],
  [["-d", "not a request", api], ['opaque: it sends GraphQL that cannot be read: Unexpected Name "not"']],
  [
    ["-H", "@gone.txt", "https://example.com/"],
    [
      'opaque: a header cannot be foreseen: the file "gone.txt" cannot be read: no such file',
      "read GET https://example.com/",
    ],
  ],
  [
    ["-d", '{"message":"hi"}', "https://backboard.railway.com/api/v1/agent"],
    ["execute railway remote-agent /api/v1/agent (/api/v1/agent)"],
  ],
];

const seenLater: readonly Case[] = [
  [
    ["-d", "not a request", api],
    ['opaque: it sends GraphQL that cannot be read: Unexpected Name "not"'],
    { sight: "later" },
  ],
  [
    ["-d", "@gone.json", "https://example.com/x"],
    ["send POST https://example.com/x", "send POST /home/dev/project/gone.json"],
    { sight: "later" },
  ],
  [["-d", "@-", api], [`send POST ${api}`], { sight: "later", stdin: { kind: "unknown", reason: "a pipe" } }],
];

const places: readonly Case[] = [
  [["-d", body, "backboard.railway.com/graphql/v2"], [gone]],
  [["-d", body, "HTTPS://BackBoard.Railway.COM./graphql/v2"], [gone]],
  [
    ["-d", body, "https://localhost\\@backboard.railway.com/graphql/v2"],
    [`${gone} by user localhost\\ literal`],
  ],
  [["-d", body, "https://user:pw@backboard.railway.app:443/graphql/v2"], [`${gone} by user user literal`]],
  [["-d", body, "https://b%61ckboard.railway.com/graphql/v2"], [gone]],
  [["-d", body, "--url", api], [gone]],
  [["-d", body, "--", api], [gone]],
  [["-d", body, "https://backboard.railway.com/"], [gone]],
  [["-d", body, "https://backboard.railway.com", "--request-target", "/graphql/v2"], [gone]],
  [["--resolve", "backboard.railway.com:443:127.0.0.1", "--cacert", "ca.pem", "-d", body, api], [gone]],
  [["--connect-to", "backboard.railway.com:443:127.0.0.1:8443", "-k", "-d", body, api], [gone]],
  [
    [
      "--connect-to",
      "localhost:443:backboard.railway.com:443",
      "-k",
      "-d",
      body,
      "https://localhost/graphql/v2",
    ],
    [gone],
  ],
  [["-H", "Host: backboard.railway.com", "-d", body, "https://127.0.0.1/graphql/v2"], [gone]],
  [["-x", "http://proxy:3128", "-d", body, api], [gone]],
  [
    ["-d", body, "https://{backboard.railway.com,example.com}/graphql/v2"],
    [gone, "delete graphql example.com volumeDelete v1"],
  ],
  [["-d", body, "https://example.com/graphql"], ["delete graphql example.com volumeDelete v1"]],
  [
    ["-d", '{"query":"mutation{createUser(name:1){id}}"}', "https://example.com/api"],
    ["modify graphql example.com createUser createUser"],
  ],
  [
    ["-d", '{"query":"query{users{id}}"}', "https://example.com/graphql"],
    ["read graphql example.com users users"],
  ],
  [
    ["-d", '{"query":"gene mutation in BRCA1"}', "https://example.com/search"],
    ["send POST https://example.com/search"],
  ],
  [["https://example.com/?query=mutation"], ["read GET https://example.com/?query=mutation"]],
];

const methods: readonly Case[] = [
  [["https://example.com/x"], ["read GET https://example.com/x"]],
  [["-XDELETE", "https://example.com/x"], ["delete DELETE https://example.com/x"]],
  [["-sXDELETE", "https://example.com/x"], ["delete DELETE https://example.com/x"]],
  [["-X", "delete", "https://example.com/x"], ["delete DELETE https://example.com/x"]],
  [["--request", "DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["--request=DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["--reque", "DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["--REQUEST", "DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [
    ["--expand-request", "{{m}}", "--variable", "m=DELETE", "example.com/x"],
    ["modify  http://example.com/x"],
  ],
  [
    ["--variable", "m=DELETE", "--expand-request", "{{m}}", "example.com/x"],
    ["delete DELETE http://example.com/x"],
  ],
  [["-X=DELETE", "example.com/x"], ["modify =DELETE http://example.com/x"]],
  [["-X", "DELETE", "-X", "GET", "example.com/x"], ["read GET http://example.com/x"]],
  [["-I", "example.com/x"], ["read HEAD http://example.com/x"]],
  [["-d", "a=1", "example.com/x"], ["send POST http://example.com/x"]],
  [["-d", "a=1", "-G", "example.com/x"], ["read GET http://example.com/x?a=1"]],
  [["-X", "PUT", "-d", "a=1", "example.com/x"], ["modify PUT http://example.com/x"]],
  [["-d", "id=1", "example.com/users/delete"], ["delete POST http://example.com/users/delete"]],
  [
    ["-X", "POST", "es.example.com/logs/_delete_by_query"],
    ["delete POST http://es.example.com/logs/_delete_by_query"],
  ],
  [
    ["-H", "X-HTTP-Method-Override: DELETE", "-d", "", "example.com/x"],
    ["delete DELETE http://example.com/x"],
  ],
  [["-d", "_method=delete", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [
    ["-X", "DELETE", "example.com/[1-3]"],
    [
      "delete DELETE http://example.com/1",
      "delete DELETE http://example.com/2",
      "delete DELETE http://example.com/3",
    ],
  ],
  [["-g", "-X", "DELETE", "example.com/[1-3]"], ["delete DELETE http://example.com/[1-3]"]],
  [
    ["-X", "DELETE", "example.com/a", "--next", "example.com/b"],
    ["delete DELETE http://example.com/a", "read GET http://example.com/b"],
  ],
  [
    ["example.com/a", "-:", "-X", "DELETE", "example.com/b"],
    ["read GET http://example.com/a", "delete DELETE http://example.com/b"],
  ],
  [
    ["-X", "DELETE", "--unix-socket", "/var/run/docker.sock", "http://localhost/containers/db"],
    ["delete DELETE http://unix:/var/run/docker.sock/containers/db"],
  ],
  [["-Q", "DELE notes.txt", "ftp://example.com/"], ["delete DELE ftp://example.com/ DELE notes.txt"]],
  [["-Q", "-rm notes.txt", "sftp://example.com/"], ["delete RM sftp://example.com/ rm notes.txt"]],
  [["-T", "a.txt", "ftp://example.com/"], ["modify PUT ftp://example.com/"]],
  [["gopher://localhost:6379/_FLUSHALL"], ["opaque: what gopher sends is not read"]],
];

const locals: readonly Case[] = [
  [
    ["-o", "body.json", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [
    ["-obody.json", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [
    ["-o", "new.json", "example.com/x"],
    ["read GET http://example.com/x", "create file /home/dev/project/new.json"],
  ],
  [
    ["-O", "example.com/a/body.json?x=1"],
    ["read GET http://example.com/a/body.json?x=1", "modify file /home/dev/project/body.json"],
  ],
  [
    ["-O", "--output-dir", "/home/dev/project", "example.com/body.json"],
    ["read GET http://example.com/body.json", "modify file /home/dev/project/body.json"],
  ],
  [["-so", "/dev/null", "-w", "%{http_code}", "example.com/x"], ["read GET http://example.com/x"]],
  [["-o", "-", "example.com/x"], ["read GET http://example.com/x"]],
  [
    ["-D", "headers.txt", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/headers.txt"],
  ],
  [
    ["-c", "body.json", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [["--no-clobber", "-o", "body.json", "example.com/x"], ["read GET http://example.com/x"]],
  [["-T", "doc.graphql", "file:///home/dev/project/body.json"], ["modify file /home/dev/project/body.json"]],
  [["file:///etc/passwd"], []],
];

const keys: readonly Case[] = [
  [
    ["-H", "Authorization: Bearer s3cr3t-token", "example.com/"],
    ["read GET http://example.com/ by authorization literal"],
  ],
  [
    ["-H", "Authorization: Bearer s3cr3t-token", "example.com/"],
    ["read GET http://example.com/ by authorization env:RAILWAY_TOKEN"],
    { env: { RAILWAY_TOKEN: "s3cr3t-token" } },
  ],
  [
    ["-H", "@headers.txt", "example.com/"],
    ["read GET http://example.com/ by authorization file:headers.txt"],
  ],
  [["-u", "ann:s3cr3t", "example.com/"], ["read GET http://example.com/ by user ann literal"]],
  [
    ["--oauth2-bearer", "s3cr3t-token", "example.com/"],
    ["read GET http://example.com/ by bearer token literal"],
  ],
  [
    ["-n", "example.com/"],
    ["read GET http://example.com/ by netrc example.com file:/home/dev/.netrc"],
    { files: { "/home/dev/.netrc": "machine example.com login ann password pw" } },
  ],
];

const read = (words: readonly string[], setting: Setting) =>
  curlReader([railwayApi]).read(
    networkCall(["curl", ...words], setting),
    networkWorld({ files, ...setting }),
  );

describe.each([
  ["bodies", bodies],
  ["what hides", hidden],
  ["what a shim sees later", seenLater],
  ["places", places],
  ["methods", methods],
  ["local files", locals],
  ["credentials", keys],
] as const)("curl: %s", (_, cases) => {
  it.each(casesOf(cases))("%j", (words, effects, setting) => {
    expect(read(words, setting).effects.map(showEffect)).toEqual(effects);
  });
});

describe("curl: many requests, stdin", () => {
  it.each([
    [["-X", "DELETE", "example.com/[1-500]"], 50, 500],
    [["-X", "DELETE", "example.com/{a,b}/[1-2]"], 4, 1],
  ] as const)("%j", (words, effects, count) => {
    const reading = read(words, {});
    expect(reading.effects.length).toBe(effects);
    expect(reading.effects[0]?.extent).toEqual({ kind: "exact", count, unit: "requests" });
  });

  it.each([
    [["-d", "@-", api], true],
    [["-K", "-"], true],
    [["-T", "-", api], true],
    [["-T", "-", "https://files.example.com/"], false],
    [["-d", "x", api], false],
  ] as const)("%j wants stdin: %s", (words, wants) => {
    expect(read(words, { stdin: { kind: "unknown", reason: "a pipe" } }).wantsStdin).toBe(wants);
  });
});
