import { describe, expect, it, test } from "vitest";
import { showArg } from "../../../src/model/arg.js";
import type { Effect } from "../../../src/model/effect.js";
import type { ToolCommand } from "../../../src/model/knowledge.js";
import { curlReader } from "../../../src/readers/http/curl.js";
import { railwayReader } from "../../../src/readers/railway/railway.js";
import { railwayApi, railwayApis, railwayTree } from "../knowledge-files.js";
import { type Case, casesOf, networkCall, networkWorld, type Setting, showEffect } from "../network-world.js";
import { cliClasses, type Danger, mutationClasses } from "../railway-classes.js";

const reader = railwayReader(railwayTree, railwayApis);
const read = (words: readonly string[], setting: Setting = {}) =>
  reader.read(networkCall(["railway", ...words], setting), networkWorld(setting));

/** What a person would be asked about. */
function classOf(effects: readonly Effect[]): Danger {
  const isDestructive = effects.some(
    ({ action, recovery }) =>
      action === "delete" ||
      action === "execute" ||
      action === "grant" ||
      (action === "modify" && recovery !== "needless"),
  );
  if (isDestructive) return "destructive";
  return effects.every(({ action }) => action === "read") ? "read" : "write";
}

test.each(cliClasses)("railway %s is %s", (line, danger) => {
  const { effects } = read(line.split(" "));
  expect(effects).toHaveLength(1);
  expect(classOf(effects)).toBe(danger);
});

test("every subcommand is classified", () => {
  const paths = (command: ToolCommand, path: string): readonly string[] => [
    ...(command.deed === undefined || path === "" ? [] : [path]),
    ...command.flags.map(({ flag }) => `${path} ${flag}`),
    ...command.commands.flatMap((child) => paths(child, `${path} ${child.name}`.trim())),
  ];
  const classified = new Set(cliClasses.map(([line]) => line));
  expect(paths(railwayTree.root, "").filter((path) => !classified.has(path))).toEqual([]);
});

test.each(mutationClasses)("the mutation %s is %s", (field, danger) => {
  const body = JSON.stringify({ query: `mutation { ${field} }` });
  const call = networkCall(["curl", "-d", body, "https://backboard.railway.com/graphql/v2"], {});
  const { effects } = curlReader(railwayApis).read(call, networkWorld({}));
  expect(effects).toHaveLength(1);
  expect(effects[0]).toMatchObject({ resource: "cloud", provider: "railway", operation: field });
  expect(classOf(effects)).toBe(danger);
});

test("every mutation is classified", () => {
  const classified = new Set(mutationClasses.map(([field]) => field));
  expect(railwayApi.mutations.map(({ field }) => field).filter((field) => !classified.has(field))).toEqual(
    [],
  );
});

const lines: readonly Case[] = [
  [["volume", "delete", "--volume", "data", "--yes"], ["delete railway volume data (volume delete)"]],
  [["volumes", "rm", "-v", "data", "-y"], ["delete railway volume data (volume delete)"]],
  [["volume", "-s", "list", "remove", "-vdata"], ["delete railway volume data (volume delete)"]],
  [["volume", "--brand-new", "list", "delete"], ["delete railway volume unknown (volume delete)"]],
  [["volume", "delete", "--help"], []],
  [["volume", "frobnicate"], []],
  [["volume", "wipe", "data"], ["delete railway volume wipe data (volume)"]],
  [
    ["environment", "production", "delete", "--yes"],
    ["delete railway environment production (environment delete)"],
  ],
  [["env", "rm", "production"], ["delete railway environment production (environment delete)"]],
  [["bucket", "-b", "uploads", "delete"], ["delete railway bucket uploads (bucket delete)"]],
  [["variable", "delete", "KEY"], ["delete railway variable KEY (variable delete)"], {}],
  [["vars", "--set", "A=1"], ["modify railway variable unknown (variable)"]],
  [
    ["list"],
    ["read railway project list (list) by RAILWAY_TOKEN env:RAILWAY_TOKEN"],
    { env: { RAILWAY_TOKEN: "t" } },
  ],
  [
    ["api", "--compact", 'mutation { volumeDelete(volumeId:"v1") }'],
    ["delete railway volume v1 (volumeDelete)"],
  ],
  [["ssh", "--", "rm", "-rf", "/data"], ["execute railway shell rm -rf /data (ssh)"]],
  [["ssh", "sh", "-c", "keys"], ["execute railway shell sh -c keys (ssh)"]],
  [["$SUB"], ['opaque: which subcommand runs cannot be foreseen: variable "SUB" is not set']],
  [["$SUB"], [], { sight: "later" }],
  [["api", 'mutation { volumeDelete(volumeId:"v1") }'], ["delete railway volume v1 (volumeDelete)"]],
  [["api", "{ me { id } }"], ["read railway query me (me)"]],
  [["api", "--help"], []],
  [["api", "schema"], ["read railway api api schema (api schema)"]],
  [
    ["api", "-f", "m.graphql"],
    ["delete railway volume v1 (volumeDelete)"],
    { files: { "/home/dev/project/m.graphql": 'mutation{volumeDelete(volumeId:"v1")}' } },
  ],
  [
    ["api", "--file", "-", "--var", "id=v1"],
    ["delete railway volume v1 (volumeDelete)"],
    { stdin: { kind: "text", text: "mutation($id:String!){volumeDelete(volumeId:$id)}", from: "pipe" } },
  ],
  [
    ["api", "mutation($id:String!){volumeDelete(volumeId:$id)}", "--variables", '{"id":"v1"}'],
    ["delete railway volume v1 (volumeDelete)"],
  ],
  [
    [
      "api",
      "mutation($id:String!){volumeDelete(volumeId:$id)}",
      "--variables",
      "@v.json",
      "--raw-var",
      "id=v2",
    ],
    ["delete railway volume v2 (volumeDelete)"],
  ],
  [
    ["api", "query A{me{id}} mutation B{volumeDelete(volumeId:1)}", "--operation-name", "A"],
    ["read railway query me (me)"],
  ],
  [
    ["api"],
    ["opaque: the GraphQL document cannot be foreseen: a pipe"],
    { stdin: { kind: "unknown", reason: "a pipe" } },
  ],
  [["api", "mutation {"], ["opaque: the GraphQL document cannot be read: Expected Name, found <EOF>"]],
];

test.each(casesOf(lines))("railway %j", (words, effects, setting) => {
  expect(read(words, setting).effects.map(showEffect)).toEqual(effects);
});

describe("railway run", () => {
  it.each([
    [["run", "psql", "-c", "x"], "psql -c x", "later", "railway run"],
    [
      ["local", "-e", "production", "-s", "api", "--", "/bin/rm", "-rf", "x"],
      "/bin/rm -rf x",
      "never",
      "railway run (production)",
    ],
    [["run", "-v", "rm"], "rm", "later", "railway run"],
  ] as const)("%j", (words, argv, sight, via) => {
    const { inner } = read(words);
    expect(
      inner.map((one) => (one.kind === "call" ? [one.argv.map(showArg).join(" "), one.sight, one.via] : one)),
    ).toEqual([[argv, sight, via]]);
  });
});

const traps: readonly (readonly [args: string, effects: string])[] = [
  [
    "variableCollectionUpsert(input:{serviceId:1,replace:true})",
    "delete railway variable 1 (variableCollectionUpsert)",
  ],
  [
    "variableCollectionUpsert(input:{serviceId:1,replace:false})",
    "modify railway variable 1 (variableCollectionUpsert)",
  ],
  ["variableCollectionUpsert(input:$input)", "delete railway variable $input (variableCollectionUpsert)"],
  [
    "volumeInstanceUpdate(volumeId:1,input:{state:DELETING})",
    "delete railway volume 1 (volumeInstanceUpdate)",
  ],
  [
    "volumeInstanceUpdate(volumeId:1,input:{mountPath:2})",
    "modify lossy railway volume 1 (volumeInstanceUpdate)",
  ],
  [
    "environmentPatchCommit(environmentId:1,patch:{services:{a:{isDeleted:true}}})",
    "delete railway config 1 (environmentPatchCommit)",
  ],
  [
    'environmentPatchCommit(environmentId:1,patch:"{\\"isDeleted\\":true}")',
    "delete railway config 1 (environmentPatchCommit)",
  ],
  [
    "environmentPatchCommit(environmentId:1,patch:{services:{}})",
    "modify lossy railway config 1 (environmentPatchCommit)",
  ],
  [
    "volumeInstanceBackupRestore(volumeInstanceId:1,wipeServiceIds:[2])",
    "delete railway volume 1 (volumeInstanceBackupRestore)",
  ],
  [
    "volumeInstanceBackupRestore(volumeInstanceId:1,wipeServiceIds:[])",
    "modify lossy railway volume 1 (volumeInstanceBackupRestore)",
  ],
  ["volumeVaporize(id:1)", "modify railway unlisted 1 (volumeVaporize)"],
  ["volumeWipe(id:1)", "delete railway unlisted 1 (volumeWipe)"],
];

test.each(traps)("mutation { %s }", (args, effects) => {
  const document = `mutation($input: Json) { ${args} }`;
  expect(read(["api", document]).effects.map(showEffect)).toEqual([effects]);
});
