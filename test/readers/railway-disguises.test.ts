import { describe, expect, test } from "vitest";
import { workspace } from "../../src/examples/world.js";
import { judgeLine, verdictsOf } from "./railway-judge.js";

const url = "https://backboard.railway.com/graphql/v2";
const volumeDelete = 'mutation { volumeDelete(volumeId: \\"v1\\") }';
const body = `{"query":"${volumeDelete}"}`;
const files = {
  [`${workspace}/b.json`]: body,
  [`${workspace}/m.graphql`]: "mutation($id: String!) { volumeDelete(volumeId: $id) }",
  [`${workspace}/two.graphql`]: "query A { me { id } } mutation B { volumeDelete(volumeId: 1) }",
  [`${workspace}/v.json`]: '{"id":"v1"}',
  [`${workspace}/x.gz`]: "\u001f\u008b\u0008garbage",
  [`${workspace}/wipe.sh`]: "railway volume delete --volume data --yes\n",
  [`${workspace}/q.sh`]: "railway volume list\n",
};

describe("a request that deletes a volume, in disguise", () => {
  const lines: readonly string[] = [
    // GraphQL's own ways to say it
    `railway api 'mutation { x: volumeDelete(volumeId: 1) }'`,
    `railway api 'mutation { ... on Mutation { volumeDelete(volumeId: 1) } }'`,
    `railway api 'mutation { ...a } fragment a on Mutation { ...b } fragment b on Mutation { volumeDelete(volumeId: 1) }'`,
    `railway api 'mutation M($no: Boolean = false) { volumeDelete(volumeId: 1) @include(if: $no) }'`,
    `railway api 'mutation { volumeDelete(volumeId: 1) @skip(if: false) }'`,
    `railway api 'query A { me { id } } mutation B { volumeDelete(volumeId: 1) }' --operation-name B`,
    `railway api 'query A { me { id } } mutation B { volumeDelete(volumeId: 1) }' --operation-name C`,
    `railway api 'query A { me { id } } mutation B { volumeDelete(volumeId: 1) }'`,
    "railway api -f two.graphql --operation-name=B",
    "railway api -f m.graphql --variables @v.json",
    "railway api -f m.graphql --var id=v1",
    "railway api -fm.graphql --raw-var=id=v1",
    "railway -e staging api --file m.graphql",
    "railway api '# list volumes\nmutation,{,volumeDelete(volumeId:1),}'",
    `railway api '"""only looks""" mutation { volumeDelete(volumeId: """1""") }'`,
    "railway api '\uFEFFmutation { volumeDelete(volumeId: 1) }'",
    `railway api 'mutation { me: projectUpdate(id: 1) { id } volumeDelete(volumeId: 1) }'`,
    `curl ${url} -d '{"operationName":"B","query":"query A { me { id } } mutation B { volumeDelete(volumeId: 1) }"}'`,
    `curl ${url} -d '[{"query":"{ me { id } }"},${body}]'`,
    `curl ${url} -d '{"query":"mutation { \\u0076olumeDelete(volumeId: 1) }"}'`,
    `curl ${url} -d '{"\\u0071uery":"mutation { volumeDelete(volumeId: 1) }"}'`,
    `curl ${url} -d '{"query":"{ me { id } }","query":"mutation { volumeDelete(volumeId: 1) }"}'`,
    `curl ${url} -d '{"variables":{"id":"v1"},"query":"mutation($id: String!) { volumeDelete(volumeId: $id) }"}'`,
    `curl '${url}?query=mutation%7BvolumeDelete(volumeId%3A1)%7D'`,
    `curl -G ${url} -d query='mutation{volumeDelete(volumeId:1)}'`,
    `curl ${url} -H 'content-type: application/graphql' -d 'mutation { volumeDelete(volumeId: 1) }'`,
    `curl ${url} -F operations='${body}' -F map='{}'`,
    `curl ${url} -F 'query=<m.graphql'`,
    // what is stored elsewhere, or packed, cannot be seen
    `curl ${url} -d '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab12"}}}'`,
    `curl ${url} -d '{"id":"stored-query-7"}'`,
    `curl ${url} -H 'Content-Encoding: gzip' --data-binary @x.gz`,
    // the host
    `curl http://BACKBOARD.railway.com./graphql/v2 -d '${body}'`,
    `curl https://backboard.railway.com:443/graphql/v2 -d '${body}'`,
    `curl https://user:secret@backboard.railway.com/graphql/v2 -d '${body}'`,
    `curl https://backboard.railway.com/graphql/internal -d '${body}'`,
    `curl backboard.railway.com/graphql/v2 -d '${body}'`,
    `curl --connect-to ::backboard.railway.com:443 https://example.com/graphql/v2 -d '${body}'`,
    `curl -H 'Host: backboard.railway.com' https://203.0.113.7/graphql/v2 -d '${body}'`,
    `curl --resolve backboard.railway.com:443:203.0.113.7 ${url} -d '${body}'`,
    `curl -x http://localhost:8080 ${url} -d '${body}'`,
    // how the words come about
    `B='${body}'; curl ${url} -d "$B"`,
    `U=${url}; curl "$U" -d '${body}'`,
    `F=volumeDelete; curl ${url} -d "{\\"query\\":\\"mutation { $F(volumeId: 1) }\\"}"`,
    `curl ${url} -d "$(cat b.json)"`,
    `printf '%s' '${body}' | curl ${url} --data-binary @-`,
    `cat b.json | curl ${url} -d @/dev/stdin`,
    `curl ${url} -d @b.json -o /dev/null -w '%{http_code}'`,
    `curl --url ${url} --request POST --data @b.json`,
    `curl -sXPOST ${url} -d@b.json`,
    `curl ${url} --next ${url} -d @b.json`,
    `curl {https://example.com,${url}} -d @b.json`,
    `for v in a b; do curl ${url} -d '${body}'; done`,
    `f() { curl ${url} -d @b.json; }; f`,
    `bash -c 'curl ${url} -d @b.json'`,
    `xargs -I{} curl ${url} -d @b.json <<< x`,
    `timeout 30 env -u FOO nohup curl ${url} -d @b.json &`,
    `eval "curl ${url} -d @b.json"`,
    `c=curl; $c ${url} -d @b.json`,
    `cu\\rl ${url} -d @b.json`,
    `"curl" ${url} -d @b.json`,
    `/usr/bin/curl ${url} -d @b.json`,
    `shopt -s expand_aliases\nalias c=curl\nc ${url} -d @b.json`,
    `curl -K - <<< 'url = "${url}"
data = "@b.json"'`,
  ];

  test.each(lines)("%s", async (line) => {
    expect((await judgeLine(line, { files })).verdict).toBe("ask");
  });
});

describe("railway by any other way", () => {
  const stops: readonly string[] = [
    "shopt -s expand_aliases\nalias r=railway\nr volume delete",
    "shopt -s expand_aliases; alias rw='railway volume'; rw delete",
    'r() { railway "$@"; }; r volume delete --yes',
    "for v in a b; do railway volume delete --volume $v --yes; done",
    'while read -r v; do railway volume delete --volume "$v" -y; done < b.json',
    "echo y | railway volume delete",
    "yes | railway environment delete staging",
    "railway volume list && railway volume delete --volume data -y",
    "railway status || railway down -y",
    "railway volume list | xargs -n1 railway volume delete -y --volume",
    "x=delete; railway volume $x --volume data",
    "bash -c 'railway volume rm'",
    "bash wipe.sh",
    "sh < wipe.sh",
    "npx @railway/cli volume delete",
    "npx railway@latest volume delete -y",
    "bunx railway volume delete",
    "pnpm dlx @railway/cli volume delete",
    "npm exec -- railway volume delete",
    "command railway volume delete",
    "exec railway volume delete",
    "sudo railway volume delete",
    "env RAILWAY_TOKEN=t railway volume delete",
    "RAILWAY_ENVIRONMENT_ID=e RAILWAY_PROJECT_ID=p railway volume delete",
    "~/.railway/bin/railway volume delete",
    "$(which railway) volume delete",
    "railway volume 'delete'",
    "railway volume del\\ete",
    "time railway volume delete",
    "! railway volume delete",
    "railway volume delete > /dev/null 2>&1 &",
    "(cd /tmp && railway delete --yes)",
    "trap 'railway volume delete -y' EXIT",
    "watch -n 60 railway volume delete",
    "parallel railway volume delete -y --volume ::: a b",
  ];

  test.each(stops)("%s", async (line) => {
    expect((await judgeLine(line, { files })).verdict).toBe("ask");
  });

  test("what only looks stays quiet in the same ways", async () => {
    const lines = [
      "alias r=railway; r volume list",
      'r() { railway "$@"; }; r status',
      "for s in api web; do railway logs --service $s -n 50; done",
      "railway volume list --json | jq -r '.[].name'",
      "bash -c 'railway status'",
      "bash q.sh",
      "npx @railway/cli whoami",
      "railway logs | grep -i delete",
      "railway variables --kv > new.env",
      `curl ${url} -d '{"query":"{ me { id } }"}'`,
      `curl ${url} -d '{"query":"query { __schema { mutationType { fields { name } } } }"}'`,
      `curl ${url} -d '{"query":"query introspect { __type(name: \\"Mutation\\") { fields { name } } }"}'`,
      `curl ${url} -d '{"query":"subscription { deploymentLogs(deploymentId: 1) { message } }"}'`,
      `curl ${url} -d '{"query":"query { volume: project(id: 1) { name } # volumeDelete\\n }"}'`,
      `railway api 'query A { me { id } } mutation B { volumeDelete(volumeId: 1) }' --operation-name A`,
      `railway api 'query Q($volumeDelete: String = "mutation { volumeDelete }") { project(id: $volumeDelete) { id } }'`,
      `curl https://docs.railway.com/reference/volumes`,
      `curl ${url} -d '{"query":"mutation($input: VariableUpsertInput!) { variableUpsert(input: $input) }","variables":{"input":{"name":"A","value":"b"}}}'`,
    ];
    expect(await verdictsOf(lines, { files })).toEqual(lines.map((line) => [line, "allow"]));
  });
});

const hidden: readonly string[] = [
  `python3 -c 'import requests; requests.post("${url}", json={"query": "mutation { volumeDelete(volumeId: 1) }"})'`,
  `node -e 'fetch("${url}", {method: "POST", body: JSON.stringify({query: "mutation { volumeDelete(volumeId: 1) }"})})'`,
  "docker run --rm ghcr.io/railwayapp/cli railway volume delete",
];

test.each(hidden)("inside an interpreter's text, or an image: %s", async (line) => {
  expect((await judgeLine(line, { files })).verdict).toBe("ask");
});
