import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Stdin } from "../../../src/model/call.js";
import { curlReader } from "../../../src/readers/http/curl.js";
import { readCurlArgs } from "../../../src/readers/http/curl-args.js";
import { curlOptions } from "../../../src/readers/http/curl-options.js";
import { railwayApis } from "../knowledge-files.js";
import { type Case, casesOf, networkCall, networkWorld, type Setting, showEffect } from "../network-world.js";

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
const plainFiles = {
  [at("help.cfg")]: "version\nrequest = DELETE\nurl = example.com/x\n",
  [at("list.txt")]: "# a list\nhttp://example.com/[1]\n\nhttp://example.com/b\n",
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
  [
    ["--data-binary", "@-", api],
    [gone, "send POST /home/dev/project/body.json"],
    { stdin: { kind: "file", path: "body.json" } },
  ],
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
    ["execute railway remote-agent https://backboard.railway.com/api/v1/agent (/api/v1/agent)"],
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
  [
    ["-T", "a.txt", "ftp://example.com/"],
    ["modify PUT ftp://example.com/a.txt", "send PUT /home/dev/project/a.txt"],
  ],
  [
    ["-T", "a.txt", "example.com/in/"],
    ["modify PUT http://example.com/in/a.txt", "send PUT /home/dev/project/a.txt"],
  ],
  [
    ["-T", "a.txt", "example.com/in"],
    ["modify PUT http://example.com/in", "send PUT /home/dev/project/a.txt"],
  ],
  [
    ["-T", "{vars.json,token.txt}", "ftp://example.com/"],
    [
      "modify PUT ftp://example.com/vars.json",
      "send PUT /home/dev/project/vars.json",
      "modify PUT ftp://example.com/token.txt",
      "send PUT /home/dev/project/vars.json",
      "send PUT /home/dev/project/token.txt",
    ],
  ],
  [["-X", "DELETE", "example.com/x", "--help"], []],
  [["-X", "DELETE", "example.com/x", "-V"], []],
  [["-K", "help.cfg"], ["delete DELETE http://example.com/x"]],
  [
    ["--url", "@list.txt"],
    [
      "read GET http://example.com/[1]",
      "read GET http://example.com/b",
      "create file /home/dev/project/[1]",
      "create file /home/dev/project/b",
    ],
  ],
  [
    ["--url", "@gone.txt"],
    ['opaque: it may hold any request: the file "gone.txt" cannot be read: no such file'],
  ],
  [
    ["-X", "DELETE", "--resolve", "localhost:80:192.0.2.1", "http://localhost/x"],
    ["delete DELETE http://192.0.2.1/x"],
  ],
  [
    ["-X", "DELETE", "--connect-to", "::db.example.com:80", "http://localhost/x"],
    ["delete DELETE http://db.example.com/x"],
  ],
  [
    ["-X", "DELETE", "-x", "proxy.example.com:3128", "http://localhost/x"],
    ["delete DELETE http://proxy.example.com/x"],
  ],
  [
    ["-X", "DELETE", "-x", "proxy.example.com:3128", "http://example.com/x"],
    ["delete DELETE http://example.com/x"],
  ],
  [
    ["-X", "DELETE", "--noproxy", "*", "-x", "proxy.example.com:3128", "http://localhost/x"],
    ["delete DELETE http://localhost/x"],
  ],
  [
    ["-X", "DELETE", "http://localhost/x"],
    ["delete DELETE http://proxy.example.com/x"],
    { env: { http_proxy: "http://proxy.example.com:3128" } },
  ],
  [
    ["-X", "DELETE", "http://localhost/x"],
    ["delete DELETE http://localhost/x"],
    { env: { HTTP_PROXY: "http://proxy.example.com:3128" } },
  ],
  [
    ["-X", "DELETE", "https://localhost/x"],
    ["delete DELETE https://proxy.example.com/x"],
    { env: { HTTPS_PROXY: "proxy.example.com" } },
  ],
  [
    ["-X", "DELETE", "http://localhost/x"],
    ["delete DELETE http://localhost/x"],
    { env: { http_proxy: "http://proxy.example.com:3128", no_proxy: "a.test, localhost" } },
  ],
  [["dict://dict.org/d:word"], []],
  [["dict://localhost:6379/FLUSHALL"], ["opaque: what dict sends is not read"]],
  [["gopher://example.com/1/docs"], []],
  [["gopher://example.com/1/docs%0d%0aQUIT"], ["opaque: what gopher sends is not read"]],
  [
    ["-T", "token.txt", "smtp://mail.example.com"],
    ["send MAIL smtp://mail.example.com/token.txt", "send MAIL /home/dev/project/token.txt"],
  ],
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
  [
    ["--skip-existing", "-o", "body.json", "-D", "vars.json", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/vars.json"],
  ],
  [
    ["-o", "page-#1.json", "example.com/{body,vars}"],
    [
      "read GET http://example.com/body",
      "read GET http://example.com/vars",
      "create file /home/dev/project/page-body.json",
      "create file /home/dev/project/page-vars.json",
    ],
  ],
  [
    ["-o", "a.json", "-O", "example.com/x", "example.com/body.json"],
    [
      "read GET http://example.com/x",
      "read GET http://example.com/body.json",
      "create file /home/dev/project/a.json",
      "modify file /home/dev/project/body.json",
    ],
  ],
  [
    ["--output-dir", "/home/dev", "-o", "/project/body.json", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [
    ["-w", "%{json}%output{body.json}", "example.com/x"],
    ["read GET http://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [["-w", "%%output{body.json}", "example.com/x"], ["read GET http://example.com/x"]],
  [
    ["-F", "a=@vars.json;type=text/plain,body.json", "example.com/x"],
    [
      "send POST http://example.com/x",
      "send POST /home/dev/project/vars.json",
      "send POST /home/dev/project/body.json",
    ],
  ],
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
    ["read GET http://example.com/ by authorization file:/home/dev/project/headers.txt"],
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
  curlReader(railwayApis).read(
    networkCall(["curl", ...words], setting),
    networkWorld({ files: { ...files, ...plainFiles }, ...setting }),
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

describe("curl: what is kept", () => {
  it.each([
    [["-C", "-", "-o", "body.json", "example.com/x"], ["needless"]],
    [["-C", "0", "-o", "body.json", "example.com/x"], ["unknown"]],
    [["-b", "body.json", "-c", "body.json", "example.com/x"], ["needless"]],
    [["-c", "body.json", "example.com/x"], ["unknown"]],
    [["--hsts", "body.json", "example.com/x"], ["needless"]],
    [["-w", "%output{>>body.json}", "example.com/x"], ["needless"]],
  ])("%j", (words, recoveries) => {
    const found = read(words, {}).effects.filter(({ resource }) => resource === "file");
    expect(found.map(({ recovery }) => recovery)).toEqual(recoveries);
  });
});

describe("curl's own table", () => {
  it("has each option, its letter and whether a value follows", () => {
    const listed = curlOptions.map(([letter, name, hasValue]) => `${letter || "-"} ${name} ${hasValue}`);
    expect(listed.sort()).toEqual(
      readFileSync(new URL("curl-options.txt", import.meta.url), "utf8")
        .trim()
        .split("\n"),
    );
  });

  it.each(curlOptions.map(([, name, hasValue]) => [name, hasValue] as const))("--%s", (name, hasValue) => {
    const words = [`--${name}`, "value", `--no-${name}`, "after"];
    const { options } = readCurlArgs(words, () => "");
    const negated = { name, value: undefined, on: false, expand: false };
    const first = { name, value: hasValue ? "value" : undefined, on: true, expand: false };
    const expected = [first, ...(hasValue ? [] : [url("value"), negated]), url("after")];
    expect(options).toEqual(name === "config" ? expected.slice(1) : expected);
  });
});

const url = (value: string) => ({ name: "url", value, on: true, expand: false });

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
