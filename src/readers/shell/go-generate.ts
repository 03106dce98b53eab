import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { readText } from "../files/text-file.js";
import { joinPath, resolvePath } from "../path.js";
import { inner, nothing, type Reader } from "../reader.js";
import { wrap } from "../sight.js";

/** `go generate ./...` starts what `//go:generate` lines of the packages say. https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source */
export const goGenerate: Reader = {
  names: ["go"],
  read(call, world) {
    const [order, ...words] = call.argv.slice(1);
    if (order !== "generate" || words.includes("-n")) return nothing;
    const named = words.filter(isKnown).filter((word) => !word.startsWith("-"));
    const files = (named.length === 0 ? ["."] : named).flatMap((one) => sourcesOf(one, call, world));
    return inner(...files.slice(0, maxFiles).flatMap((file) => generators(file, call, world)));
  },
};

const maxFiles = 500;
const maxFolders = 200;

function sourcesOf(word: string, call: Call, world: World): readonly string[] {
  const start = resolvePath(call, world, word.replace(/\/?\.\.\.$/, "") || ".");
  if (start === undefined || !isKnown(start)) return [];
  if (start.endsWith(".go")) return [start];
  const isDeep = word.endsWith("...");
  const found: string[] = [];
  const folders = [start];
  for (let at = 0; at < folders.length && at < maxFolders; at += 1) {
    const folder = folders[at] ?? "";
    const listing = world.readdir(folder, maxFiles);
    for (const name of listing.ok ? listing.names : []) {
      if (name.endsWith(".go")) found.push(joinPath(folder, name));
      // As go does: names that begin with a dot or an underscore, and these two, are no packages.
      else if (isDeep && !/^[._]|\.|^(vendor|testdata|node_modules)$/.test(name)) {
        const stat = world.lstat(joinPath(folder, name));
        if (stat.exists && stat.kind === "directory") folders.push(joinPath(folder, name));
      }
    }
  }
  return found;
}

function generators(file: string, call: Call, world: World) {
  const text = readText(call, world, file) ?? "";
  const cwd = file.replace(/\/[^/]*$/, "") || "/";
  const name = file.slice(cwd.length + 1);
  return [...text.matchAll(/^\/\/go:generate[ \t]+(.+)$/gm)].flatMap(([, line = ""]) => {
    const words = [...line.matchAll(/"((?:\\.|[^"\\])*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole);
    const filled = words.map((word) => word.replace(/\$\{?GOFILE\}?/g, name).replace(/\$\{?DOLLAR\}?/g, "$"));
    return filled[0] === "-command" ? [] : wrap(call, world, filled, "go generate", { cwd });
  });
}
