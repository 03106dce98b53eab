import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { cli, type Place, root } from "./session.js";

/** The keys of an action's metadata that a composite action may have. https://docs.github.com/actions/reference/metadata-syntax-reference */
const text = v.pipe(v.string(), v.nonEmpty());
const actionSchema = v.strictObject({
  name: text,
  description: v.pipe(text, v.maxLength(125)),
  author: text,
  branding: v.strictObject({
    icon: text,
    color: v.picklist(["white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"]),
  }),
  inputs: v.record(
    v.pipe(v.string(), v.regex(/^[a-z_][a-z0-9_-]*$/)),
    v.strictObject({ description: text, required: v.optional(v.boolean()), default: v.optional(v.string()) }),
  ),
  outputs: v.record(text, v.strictObject({ description: text, value: text })),
  runs: v.strictObject({
    using: v.literal("composite"),
    steps: v.array(
      v.strictObject({
        id: text,
        if: v.optional(text),
        shell: v.literal("bash"),
        "working-directory": v.optional(text),
        env: v.optional(v.record(text, v.string())),
        run: text,
      }),
    ),
  }),
});

export type Action = v.InferOutput<typeof actionSchema>;

export function readAction(): Action {
  return v.parse(actionSchema, parse(readFileSync(join(root, "action.yml"), "utf8")));
}

/** `${{ inputs.mode }}` and `${{ steps.install.outputs.folder }}`, as a runner fills them in. */
export function fillIn(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => values.get(name) ?? "");
}

/** The code blocks of a page, by their language. */
export function codeBlocks(page: string): readonly { readonly language: string; readonly text: string }[] {
  const source = readFileSync(join(root, page), "utf8");
  return [...source.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
}

/** `sh` reads its script as it comes: each call meets its shim, and a refusal is the script's to handle. */
export function writeJob(place: Place, text: string, name = "job.sh"): readonly string[] {
  const path = join(place.workspace, name);
  writeFileSync(path, `#!/bin/sh\n${text}`);
  chmodSync(path, 0o755);
  return [`./${name}`];
}

/** What a runner gives a step. */
export function githubEnv(place: Place): Readonly<Record<string, string>> {
  const temp = join(place.base, "_temp");
  mkdirSync(temp, { recursive: true });
  const file = (name: string): string => {
    const path = join(temp, name);
    writeFileSync(path, "");
    return path;
  };
  return {
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: place.workspace,
    GITHUB_WORKFLOW_REF: "acme/app/.github/workflows/nightly.yml@refs/heads/main",
    GITHUB_STEP_SUMMARY: file("step_summary"),
    GITHUB_OUTPUT: file("set_output"),
    RUNNER_TEMP: temp,
  };
}

/** `holdpoint` as one that was installed: a program on PATH. */
export function install(place: Place): string {
  const folder = join(place.base, "installed");
  mkdirSync(folder, { recursive: true });
  symlinkSync(cli, join(folder, "holdpoint"));
  return folder;
}
