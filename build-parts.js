// The program as a few scripts, dist/parts/NAME.HASH.js, each of which V8 keeps in its compiled form (bin/load.js). One process
// runs the options and help (`cli`), and the work of the command that they lead to; code that several parts use is in each.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

// What the options lead to; all other commands are in `rest`.
const commands = {
  run: ["commands/run", "commands/shell"],
  judge: ["commands/explain", "commands/hook", "commands/batch-thread"],
  "credential-scan": ["commands/credential-scan", "commands/credential-thread"],
};
// What a session imports only when it is needed: the judge of its calls first of all.
const session = { part: "session", of: "run" };
// What a session's start loads, where it is wanted: without the judge, which comes with the first call.
const layers = { "net/net": "net", "launcher/sandbox": "sandbox", "commands/outer-session": "outer" };

/** `shared`: esbuild's options. Writes the parts to `folder`, and what a process can be started with. */
export async function buildParts(root, folder, shared) {
  mkdirSync(join(folder, "parts"));
  const make = (part, modules, leave) => buildPart({ root, folder, shared, part, modules, leave });
  const cli = await make("cli", ["cli"], partOf);
  const run = await make("run", commands.run, (module) => layers[module] ?? session.part);
  const { run: _, ...others } = commands;
  const made = await Promise.all([
    ...Object.entries(others).map(([part, modules]) => make(part, modules)),
    make(
      "rest",
      cli.left.filter((module) => partOf(module) === "rest"),
    ),
    make(
      session.part,
      run.left.filter((module) => !(module in layers)),
    ),
    ...Object.entries(layers).map(([module, part]) => make(part, [module])),
  ]);
  const files = Object.fromEntries([cli, run, ...made].map(({ part, file }) => [part, file]));
  // `next`: read along with it, so that nothing of it can be changed later.
  writeFileSync(
    join(folder, "parts.json"),
    `${JSON.stringify({ files, next: { [session.of]: session.part } })}\n`,
  );
  for (const module of ["cli", "commands/batch-thread", ...commands["credential-scan"]]) {
    // Whose process has set flags of V8 by then (`commands/explain.ts`).
    const under = module === "commands/batch-thread" ? ', "-late"' : "";
    writeFileSync(
      join(folder, `${module.replace("commands/", "")}.js`),
      `require("../bin/load.js")("${partOf(module)}/${module}"${under});\n`,
    );
  }
}

function partOf(module) {
  if (module === "cli") return "cli";
  return Object.keys(commands).find((part) => commands[part].includes(module)) ?? "rest";
}

/** `modules`: what it starts with, run when it is asked for. `leave`: the part that has what this one imports when it needs it. */
async function buildPart({ root, folder, shared, part, modules, leave }) {
  const source = join(root, "src");
  const left = new Set();
  const leaving = {
    name: "parts",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\..*\.js$/ }, ({ path, kind, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const module = relative(source, join(resolveDir, path)).replace(/\.js$/, "");
        left.add(module);
        return { path: `part:${leave(module)}/${module}`, external: true };
      }),
  };
  const rows = modules.map((module) => `"${module}": () => require("./${module}.js"),`);
  const { outputFiles } = await build({
    ...shared,
    write: false,
    stdin: { contents: `export const modules = {\n${rows.join("\n")}\n};\n`, resolveDir: source },
    outfile: `${part}.js`,
    format: "cjs",
    plugins: leave === undefined ? [] : [leaving],
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "__url" },
    banner: { js: "(function(exports,require,module,__filename,__dirname,__url){'use strict';" },
    footer: { js: "})" },
    charset: "ascii",
    legalComments: "none",
    minify: true,
  });
  // esbuild leaves letters beyond ASCII in regular expressions, and the loader reads one byte a character.
  const text = outputFiles[0].text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  // V8 tells one script from another by its length alone: what was compiled of another one must not have this one's name.
  const file = `${part}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}.js`;
  writeFileSync(join(folder, "parts", file), text);
  return { part, file, left: [...left] };
}
