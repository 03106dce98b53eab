import { expect, test } from "vitest";
import { wgetReader } from "../../../src/readers/http/wget.js";
import { noApis, railwayApis } from "../knowledge-files.js";
import { type Case, casesOf, networkCall, networkWorld, showEffect } from "../network-world.js";

const api = "https://backboard.railway.com/graphql/v2";
const body = '{"query":"mutation{volumeDelete(volumeId:\\"v1\\")}"}';
const gone = "delete railway volume v1 (volumeDelete)";
const files = { "/home/dev/project/body.json": body, "/home/dev/project/urls.txt": `${api}\n` };

const table: readonly Case[] = [
  [["https://example.com/x"], ["read GET https://example.com/x"]],
  [["-qO-", "https://example.com/x"], ["read GET https://example.com/x"]],
  [
    ["-q", "-O", "body.json", "https://example.com/x"],
    ["read GET https://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [["--method=DELETE", "https://example.com/x"], ["delete DELETE https://example.com/x"]],
  [["--meth", "DELETE", "example.com/x"], ["delete DELETE http://example.com/x"]],
  [["--post-data", body, api], [gone]],
  [
    ["--post-file=body.json", api],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [["--method", "POST", "--body-data", body, api], [gone]],
  [
    ["--method=POST", "--body-file=body.json", "-i", "urls.txt"],
    [gone, "send POST /home/dev/project/body.json"],
  ],
  [
    ["--post-file=gone.json", api],
    [
      'opaque: what it sends cannot be foreseen: the file "gone.json" cannot be read: no such file',
      `send POST ${api}`,
      "send POST /home/dev/project/gone.json",
    ],
  ],
  [["-e", "post_data=x", "https://example.com/x"], ["send POST https://example.com/x"]],
  [["-e", "robots=off", "https://example.com/x"], ["read GET https://example.com/x"]],
  [
    ["--header", "Authorization: Bearer t0ken", "https://example.com/x"],
    ["read GET https://example.com/x by authorization literal"],
  ],
  [["-e", "Meth-od = delete", "https://example.com/x"], ["delete DELETE https://example.com/x"]],
  [
    ["-e", "$ORDER", "https://example.com/x"],
    ['opaque: it may hold any option: variable "ORDER" is not set', "read GET https://example.com/x"],
  ],
  [
    ["https://example.com/x"],
    ["delete DELETE https://example.com/x"],
    { files: { "/home/dev/.wgetrc": "# mine\nmethod=DELETE\n" } },
  ],
  [
    ["https://example.com/x"],
    ["delete DELETE https://example.com/x"],
    { files: { "/rc": "method=DELETE" }, env: { WGETRC: "/rc" } },
  ],
  [
    ["https://example.com/x"],
    ["delete DELETE https://example.com/x"],
    { files: { "/etc/wgetrc": "method=DELETE" } },
  ],
  [
    ["--no-config", "https://example.com/x"],
    ["read GET https://example.com/x"],
    { files: { "/etc/wgetrc": "method=DELETE" } },
  ],
  [
    ["--config=rc", "https://example.com/x"],
    ["delete DELETE https://example.com/x"],
    { files: { "/home/dev/project/rc": "method=DELETE" } },
  ],
  [
    ["--method=GET", "https://example.com/x"],
    ["read GET https://example.com/x"],
    { files: { "/home/dev/.wgetrc": "method=DELETE" } },
  ],
  [["--spider", "--method=DELETE", "https://example.com/x"], ["read HEAD https://example.com/x"]],
  [["--method=DELETE", "https://example.com/x", "--help"], []],
  [
    ["--method=DELETE", "-B", "https://example.com/a/", "-i", "-"],
    ["delete DELETE https://example.com/a/b"],
    { stdin: { kind: "text", text: "b\n", from: "pipe" } },
  ],
  [
    ["--method=DELETE", "-i", "gone.txt"],
    ['opaque: cannot tell where it sends to: the file "gone.txt" cannot be read: no such file'],
  ],
  [["-i", "gone.txt"], []],
  [
    ["--method=DELETE", "http://localhost/x"],
    ["delete DELETE http://proxy.example.com/x"],
    { env: { http_proxy: "http://proxy.example.com:3128" } },
  ],
  [
    ["--method=DELETE", "--no-proxy", "http://localhost/x"],
    ["delete DELETE http://localhost/x"],
    { env: { http_proxy: "http://proxy.example.com:3128" } },
  ],
  [
    ["--method=DELETE", "-e", "http_proxy=proxy.example.com:3128", "http://localhost/x"],
    ["delete DELETE http://proxy.example.com/x"],
  ],
  [
    ["-P", "sub", "-O", "body.json", "https://example.com/x"],
    ["read GET https://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [["-nc", "-O", "body.json", "https://example.com/x"], ["read GET https://example.com/x"]],
  [["https://example.com/body.json"], ["read GET https://example.com/body.json"]],
  [
    ["-N", "https://example.com/body.json"],
    ["read GET https://example.com/body.json", "modify file /home/dev/project/body.json"],
  ],
  [["--timestamping=off", "https://example.com/body.json"], ["read GET https://example.com/body.json"]],
  [
    ["-o", "body.json", "https://example.com/x"],
    ["read GET https://example.com/x", "modify file /home/dev/project/body.json"],
  ],
  [["-m", "https://example.com/"], ["read GET https://example.com/"]],
  [
    ["-m", "-nH", "-P", "body.json", "https://example.com/"],
    ["read GET https://example.com/", "modify file /home/dev/project/body.json"],
  ],
  [
    ["https://example.com/x"],
    ["read GET https://example.com/x by netrc example.com file:/home/dev/.netrc"],
    { files: { "/home/dev/.netrc": "machine example.com login ann password pw" } },
  ],
  [
    ["$URL"],
    [
      'opaque: it may hold any option: variable "URL" is not set',
      'opaque: cannot tell where it sends to: variable "URL" is not set',
    ],
  ],
  [["$URL"], [], { sight: "later" }],
];

test.each(casesOf(table))("wget %j", (words, effects, setting) => {
  const reading = wgetReader(railwayApis).read(
    networkCall(["wget", ...words], setting),
    networkWorld({ files, ...setting }),
  );
  expect(reading.effects.map(showEffect)).toEqual(effects);
});

test("wget --use-askpass starts a program", () => {
  const call = networkCall(["wget", "--use-askpass=/bin/rm", "https://example.com/x"], {});
  const { inner } = wgetReader(noApis).read(call, networkWorld({}));
  expect(inner).toEqual([{ kind: "call", argv: ["/bin/rm"], via: "wget --use-askpass", sight: "never" }]);
});
