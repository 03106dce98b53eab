import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readRules } from "../../../src/build/compile.js";
import { apiTable } from "../../../src/readers/http/api-table.js";
import { netRequestReader } from "../../../src/readers/net/request.js";
import { networkCall, networkWorld } from "../network-world.js";

// Requests that one server reads in another way than the next: the worst reading counts.

const read = readRules(fileURLToPath(new URL("../../../rules", import.meta.url)));
if (!read.ok) throw new Error(read.problems.join("\n"));
const reader = netRequestReader(apiTable(read.builtin.apis));

const railway = "https://backboard.railway.com/graphql/v2";
const own = "https://api.example.com/graphql";
const other = "https://api.example.com/api/query";
const drop = 'mutation b { volumeDelete(volumeId: \\"v\\") }';
const ask = "query a { me { id } }";
const json = "Content-Type: application/json";
const form = "Content-Type: multipart/form-data; boundary=x";
const part = (name: string, text: string, ...headers: readonly string[]) =>
  [`--x`, `Content-Disposition: form-data; name="${name}"`, ...headers, "", text, ""].join("\r\n");
const body = (...parts: readonly string[]) => `${parts.join("")}--x--\r\n`;
const coded = encodeURIComponent('mutation b { volumeDelete(volumeId: "v") }');
const plain = encodeURIComponent(ask);
const map = part("map", "{}");

const requests: readonly (readonly [
  what: string,
  method: string,
  url: string,
  headers: readonly string[],
  body: string,
])[] = [
  ["plain", "POST", railway, [json], `{"query":"${drop}"}`],
  ["a name twice, the first counts", "POST", railway, [json], `{"query":"${drop}","query":"${ask}"}`],
  ["a name twice, at another path", "POST", other, [json], `{"query":"${drop}","query":"${ask}"}`],
  ["a name twice, written otherwise", "POST", other, [json], `{"\\u0071uery":"${drop}","query":"${ask}"}`],
  [
    "a name twice, escaped",
    "POST",
    other,
    [json],
    `{"query":"\\u006dutation{volumeDelete(volumeId:1)}","query":"${ask}"}`,
  ],
  [
    "operations, chosen twice",
    "POST",
    railway,
    [json],
    `{"query":"${ask} ${drop}","operationName":"b","operationName":"a"}`,
  ],
  [
    "operations, chosen in another case",
    "POST",
    railway,
    [json],
    `{"query":"${ask} ${drop}","operationName":"a","OperationName":"b"}`,
  ],
  [
    "operations, chosen in the URL",
    "POST",
    `${railway}?operationName=b`,
    [json],
    `{"query":"${ask} ${drop}","operationName":"a"}`,
  ],
  ["a query twice in the URL", "POST", `${other}?query=${plain}&query=${coded}`, [], ""],
  ["a query twice in the URL, at an endpoint", "GET", `${railway}?query=${plain}&query=${coded}`, [], ""],
  ["a query twice in a form", "POST", other, [], `query=${plain}&query=${coded}`],
  [
    "a query in the URL, another in the body",
    "POST",
    `${railway}?query=${coded}`,
    [json],
    `{"query":"${ask}"}`,
  ],
  [
    "a stored query, GET",
    "GET",
    `${own}?extensions=%7B%22persistedQuery%22%3A%7B%22sha256Hash%22%3A%22ab%22%7D%7D`,
    [],
    "",
  ],
  ["a stored query by an id, GET", "GET", `${own}?documentId=ab`, [], ""],
  ["a stored query by an id in the URL, POST", "POST", `${own}?doc_id=ab`, [json], "{}"],
  ["a batch", "POST", other, [json], `[{"query":"${ask}"},{"query":"${drop}"}]`],
  ["a batch in a batch", "POST", railway, [json], `[[{"query":"${drop}"}]]`],
  ["a form's operations", "POST", other, [form], body(part("operations", `{"query":"${drop}"}`), map)],
  [
    "a form's operations twice",
    "POST",
    other,
    [form],
    body(part("operations", `{"query":"${drop}"}`), part("operations", `{"query":"${ask}"}`), map),
  ],
  [
    "a form's operations, quoted-printable",
    "POST",
    other,
    [form],
    body(
      part(
        "operations",
        `{"query":"=6Dutation b { volumeDelete(volumeId: 1) }"}`,
        "Content-Transfer-Encoding: quoted-printable",
      ),
      map,
    ),
  ],
  [
    "a form's operations, in Base64",
    "POST",
    other,
    [form],
    body(
      part(
        "operations",
        Buffer.from(`{"query":"${drop}"}`).toString("base64"),
        "Content-Transfer-Encoding: base64",
      ),
      map,
    ),
  ],
  [
    "a form's operations as a file",
    "POST",
    other,
    [form],
    body(
      part("operations", `{"query":"${drop}"}`).replace(
        'name="operations"',
        'name="operations"; filename="a.json"',
      ),
      map,
    ),
  ],
  [
    "a form with two boundaries",
    "POST",
    other,
    [`${form.replace("boundary", "x-boundary")}y; boundary=x`],
    body(part("operations", `{"query":"${drop}"}`), map),
  ],
  [
    "a form with bare line ends",
    "POST",
    other,
    [form],
    body(part("operations", `{"query":"${drop}"}`), map).replaceAll("\r", ""),
  ],
  [
    "a form with its name unquoted",
    "POST",
    other,
    [form],
    body(part("operations", `{"query":"${drop}"}`), map).replaceAll('"operations"', "operations"),
  ],
  [
    "a form with a type that lies",
    "POST",
    other,
    [json],
    body(part("operations", `{"query":"${drop}"}`), map),
  ],
  [
    "JSON with a type that lies",
    "POST",
    other,
    ["Content-Type: application/x-www-form-urlencoded"],
    `{"query":"${drop}"}`,
  ],
  ["JSON said to be GraphQL", "POST", other, ["Content-Type: application/graphql"], `{"query":"${drop}"}`],
  ["a mark before it", "POST", other, [json], `\ufeff{"query":"${drop}"}`],
  ["a method by a header", "POST", "https://api.example.com/v1/a/1", ["X-HTTP-Method-Override: DELETE"], ""],
  [
    "a method by a header, twice",
    "POST",
    "https://api.example.com/v1/a/1",
    ["X-HTTP-Method-Override: GET", "x-http-method-override: DELETE"],
    "",
  ],
  ["a method by a field", "POST", "https://api.example.com/v1/a/1", [], "_method=delete"],
  ["a method by a field, twice", "POST", "https://api.example.com/v1/a/1", [], "_method=put&_method=delete"],
  [
    "a method by a form's field",
    "POST",
    "https://api.example.com/v1/a/1",
    [form],
    body(part("_method", "DELETE")),
  ],
  [
    "a method by a form's field, twice",
    "POST",
    "https://api.example.com/v1/a/1",
    [form],
    body(part("_method", "DELETE"), part("_method", "PUT")),
  ],
  ["a method by a name in the URL", "POST", "https://api.example.com/v1/a/1?_HttpMethod=DELETE", [], ""],
  [
    "a method by JSON, twice",
    "POST",
    "https://api.example.com/v1/a/1",
    [json],
    '{"_method":"delete","_method":"put"}',
  ],
  ["a known API by an address", "DELETE", "http://192.0.2.1/repos/a/b", ["Host: api.github.com"], ""],
  ["a path with a parameter", "POST", `${railway};a=b`, [json], `{"query":"${drop}"}`],
  [
    "a path that is coded",
    "POST",
    "https://backboard.railway.com/%67raphql/v2",
    [json],
    `{"query":"${drop}"}`,
  ],
  [
    "a path with too many slashes",
    "POST",
    "https://backboard.railway.com//graphql//v2",
    [json],
    `{"query":"${drop}"}`,
  ],
  [
    "a trap twice: the first counts",
    "PATCH",
    "https://api.github.com/repos/a/b/git/refs/heads/main",
    [json],
    '{"force":true,"force":false}',
  ],
];

test.each(requests)("%s", (_, method, url, headers, text) => {
  const call = networkCall(["net/request", method, url, "", ...headers], {
    stdin: text === "" ? { kind: "none" } : { kind: "text", text, from: "spool" },
  });
  const found = reader.read(call, networkWorld({}));
  const deeds = found.effects.map(({ action, resource, recovery }) => `${action} ${resource} ${recovery}`);
  expect(deeds.join(", ")).toMatch(/delete|execute opaque|modify cloud none/);
});
