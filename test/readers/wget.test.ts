import { expect, test } from "vitest";
import { wgetReader } from "../../src/readers/wget.js";
import { railwayApi } from "./knowledge-files.js";
import { type Case, casesOf, networkCall, networkWorld, showEffect } from "./network-world.js";

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
  [["--post-file=body.json", api], [gone]],
  [["--method", "POST", "--body-data", body, api], [gone]],
  [["--method=POST", "--body-file=body.json", "-i", "urls.txt"], [gone]],
  [
    ["--post-file=gone.json", api],
    [
      'opaque: what it sends cannot be foreseen: the file "gone.json" cannot be read: no such file',
      `send POST ${api}`,
    ],
  ],
  [
    ["-e", "post_data=x", "https://example.com/x"],
    ["opaque: it changes the request by a wgetrc order", "read GET https://example.com/x"],
  ],
  [["-e", "robots=off", "https://example.com/x"], ["read GET https://example.com/x"]],
  [
    ["--header", "Authorization: Bearer t0ken", "https://example.com/x"],
    ["read GET https://example.com/x by authorization literal"],
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
  const reading = wgetReader([railwayApi]).read(
    networkCall(["wget", ...words], setting),
    networkWorld({ files, ...setting }),
  );
  expect(reading.effects.map(showEffect)).toEqual(effects);
});
