import { expect, test } from "vitest";
import { type Arg, unknown } from "../../src/model/arg.js";
import { shimmedNames } from "../../src/readers/table.js";
import { judgeExample, rulesOf, table } from "../example-judge.js";
import { fakeCall, fakeWorld } from "./fake-world.js";

const config = (context: string) => ({
  files: { "/home/me/.kube/config": { text: `apiVersion: v1\ncurrent-context: ${context}\n` } },
});

test.each<[string, readonly string[], string]>([
  ["kind-dev", ["kubectl", "delete", "ns", "shop"], "local"],
  ["docker-desktop", ["kubectl", "delete", "ns", "shop"], "local"],
  ["prod-eu", ["kubectl", "delete", "ns", "shop"], "prod-eu"],
  ["kind-dev", ["kubectl", "--context=prod-eu", "delete", "ns", "shop"], "prod-eu"],
  ["kind-dev", ["kubectl", "--server", "https://10.0.0.1", "delete", "ns", "shop"], "unknown"],
  ["kind-dev", ["kubectl", "--kubeconfig", "/nowhere", "delete", "ns", "shop"], "unknown"],
])("the environment is the context: %s, %j", (context, argv, expected) => {
  const world = fakeWorldOf(config(context).files);
  const reading = table.get("kubectl")?.read(fakeCall(argv), world);
  expect(reading?.effects.map(({ environment }) => environment)).toEqual([expected]);
});

function fakeWorldOf(files: Readonly<Record<string, { readonly text: string }>>) {
  const world = fakeWorld();
  return {
    ...world,
    user: { ...world.user, home: "/home/me" },
    readFile: (path: string) => {
      const text = files[path]?.text;
      return text === undefined
        ? ({ ok: false, reason: "no such file" } as const)
        : ({ ok: true, bytes: Buffer.from(text), complete: true } as const);
    },
  };
}

const mount: readonly Arg[] = ["docker", "run", "--rm", "-v", "/w/src:/data", "alpine"];
test.each<[readonly Arg[], readonly string[]]>([
  [[...mount, "rm", "-rf", "/data/notes"], ["rm -rf /data/notes"]],
  [[...mount, "sh", "-c", "rm -rf /data/*"], ["sh -c rm -rf /data/*"]],
  [[...mount, "rm", "-rf", "/root/x"], ["rm -rf /root/x"]],
  [["docker", "exec", "-it", "db", "psql", "-c", "DROP TABLE a"], ["psql -c DROP TABLE a"]],
  [["docker", "compose", "exec", "-T", "db", "psql", "-c", "DROP TABLE a"], ["psql -c DROP TABLE a"]],
])("what runs in a container: %j", (argv, expected) => {
  const reading = table.get("docker")?.read(fakeCall(argv), fakeWorld());
  const started = reading?.inner.map((one) =>
    one.kind === "call" ? one.argv.join(" ") : (one.args?.slice(1) ?? [one.text]).join(" "),
  );
  expect(started).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ["docker run alpine rm -rf /data", []],
  ["docker run -v /w:/w:ro alpine rm -rf /w", []],
  ["docker run -v data:/data alpine rm -rf /data", ["remote/lose"]],
])("what a container loses that goes with it is nobody's loss: %s", async (line, rules) => {
  expect(rulesOf(await judgeExample(line))).toEqual(rules);
});

test("a command in a container that cannot be foreseen is asked about, unless a shim sees it", async () => {
  const judged = await judgeExample('/usr/bin/docker exec db "$(./next-order)"');
  expect(judged.verdict).toBe("ask");
  const call = {
    ...fakeCall(["docker", "exec", "db", unknown("$COMMAND", "not set")]),
    sight: "later",
  } as const;
  expect(table.get("docker")?.read(call, fakeWorld())).toMatchObject({ inner: [] });
});

test("java has no shim; programs that start others keep doing so", () => {
  const names = shimmedNames(table);
  expect(names.filter((name) => /^(java|npm|cargo|bun|docker|kubectl)$/.test(name)).sort()).toEqual([
    "docker",
    "kubectl",
  ]);
  const started = table
    .get("doppler")
    ?.read(fakeCall(["doppler", "run", "--", "rm", "-r", "x"]), fakeWorld());
  expect(started?.inner.length).toBe(1);
});
