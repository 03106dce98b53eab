import { basename, join } from "node:path";
import * as v from "valibot";
import { type Findings, type FoundLabel, joinFindings, noFindings } from "./finding.js";
import { parseYaml } from "./kubernetes.js";
import { type Place, readText } from "./look.js";

const port = v.union([
  v.number(),
  v.string(),
  v.looseObject({ published: v.optional(v.union([v.number(), v.string()])) }),
]);
const service = v.looseObject({
  image: v.optional(v.nullable(v.string())),
  ports: v.optional(v.nullable(v.array(v.unknown()))),
});
const file = v.looseObject({ services: v.optional(v.nullable(v.record(v.string(), v.unknown()))) });

/** Databases that compose starts here, at the ports of this machine. */
export function findCompose(files: readonly string[], { root }: Place): Findings {
  const found = files.filter((one) => /^(docker-)?compose([.-][\w.-]+)?\.ya?ml$/.test(basename(one)));
  return joinFindings(found.map((one) => readFindings(one, join(root, one))));
}

function readFindings(name: string, path: string): Findings {
  const read = v.safeParse(file, parseYaml(readText(path) ?? ""));
  if (!read.success) return { ...noFindings, notes: [`${name} could not be read`] };
  const labels = Object.entries(read.output.services ?? {}).flatMap(([title, one]) => {
    const parsed = v.safeParse(service, one);
    return parsed.success
      ? portsOf(parsed.output).map((value) => labelOf(value, `${name}, service ${title}`))
      : [];
  });
  return { ...noFindings, labels };
}

function labelOf(value: string, origin: string): FoundLabel {
  return { key: "databases", value: `localhost:${value}`, origin, environment: "local" };
}

function portsOf({ image, ports }: v.InferOutput<typeof service>): readonly string[] {
  if (!databases.test(image ?? "")) return [];
  return (ports ?? []).flatMap((one) => {
    const parsed = v.safeParse(port, one);
    const published = parsed.success ? publishedPort(parsed.output) : undefined;
    return published === undefined ? [] : [published];
  });
}

const databases =
  /(^|\/)(postgres|postgis|timescaledb[\w-]*|pgvector|mysql|mariadb|percona[\w-]*|redis|redis-stack[\w-]*|valkey|mongo|mongodb[\w-]*)(:|@|$)/;

/** `5432:5432`, `127.0.0.1:5433:5432`, `${DB_PORT:-5434}:5432`; a port of the container alone is not this machine's. */
function publishedPort(given: v.InferOutput<typeof port>): string | undefined {
  if (typeof given === "number") return undefined;
  const text = typeof given === "string" ? given : `${given.published ?? ""}:0`;
  const plain = text.replace(/\$\{\w+:?-(\d+)\}/g, "$1");
  return /^(?:[\d.]+:|\[[\da-f:]+\]:)?([1-9]\d{0,4}):\d+(?:\/tcp)?$/i.exec(plain)?.[1];
}
