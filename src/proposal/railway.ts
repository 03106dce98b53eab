import { dirname, join } from "node:path";
import * as v from "valibot";
import { environmentOf, type Findings, type FoundLabel, noFindings } from "./finding.js";
import { type Place, readText } from "./look.js";

const link = v.object({
  project: v.optional(v.nullable(v.string())),
  name: v.optional(v.nullable(v.string())),
  environment: v.optional(v.nullable(v.string())),
  environmentName: v.optional(v.nullable(v.string())),
});
const config = v.object({ projects: v.record(v.string(), link) });

/** The project and the environment that `railway link` chose for this folder, or for one above it. */
export function findRailway({ root, home }: Place): Findings {
  const file = join(home, ".railway", "config.json");
  const text = readText(file);
  if (text === undefined) return noFindings;
  const read = parse(text);
  if (read === undefined) return { ...noFindings, notes: ["~/.railway/config.json could not be read"] };
  for (let folder = root; ; folder = dirname(folder)) {
    const found = read.projects[folder];
    if (found !== undefined) return { ...noFindings, labels: labelsOf(found) };
    if (folder === dirname(folder)) return noFindings;
  }
}

function labelsOf({
  project,
  name,
  environment,
  environmentName,
}: v.InferOutput<typeof link>): readonly FoundLabel[] {
  const origin = `~/.railway/config.json, linked to ${name ?? "a project"}, environment ${environmentName ?? "unknown"}`;
  const label = (value: string, guess: FoundLabel["environment"], about: string): FoundLabel => ({
    key: "railway",
    value,
    origin: about,
    environment: guess,
  });
  const chosen = environment ?? environmentName ?? undefined;
  return [
    ...(chosen === undefined ? [] : [label(chosen, environmentOf(environmentName ?? ""), origin)]),
    // All environments of a project carry its id: to which of them it is to belong, nothing here says.
    ...(project == null
      ? []
      : [label(project, undefined, `the whole project ${name ?? ""}, with all its environments`)]),
  ];
}

function parse(text: string): v.InferOutput<typeof config> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const result = v.safeParse(config, value);
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
