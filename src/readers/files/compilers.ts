import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { FileEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { overwriting, readPaths, toolName } from "../file-effects.js";
import { isDirectory, isWithin } from "../path.js";
import { effects, type Reader } from "../reader.js";
import { namedFiles, type Output } from "./outputs.js";

const unix = ["-o"];

/** Compilers and linkers, by the option that names what they write. */
const compilers: readonly Output[] = [
  {
    names:
      "cc gcc g++ c++ clang clang++ cpp gfortran c89 c99 tcc nvcc mpicc mpicxx emcc em++ ld ld.bfd ld.gold ld.lld lld as nasm yasm " +
      "gdc gccgo ghc ocamlc ocamlopt ocamlfind valac",
    options: [...unix, "--output", "-MF"],
  },
  { names: "rustc", options: [...unix] },
  { names: "go", options: unix, needs: /^(build|test)$/ },
  { names: "nim", options: ["-o", "--out"] },
  { names: "zig", options: ["-femit-bin"] },
  { names: "esbuild swc", options: ["--outfile", "-o", "--out-file"] },
  { names: "tsc", options: ["--outFile", "--tsBuildInfoFile"] },
  { names: "rollup", options: ["-o", "--file"] },
  { names: "sass sassc lessc", operand: 1 },
  { names: "bison flex lex yacc gperf swig", options: ["-o", "--output", "--output-file", "--outfile"] },
  { names: "dot neato fdp sfdp circo", options: unix },
].map(({ names, ...output }) => ({ names: names.split(" "), ...output }));

const byName = new Map(compilers.flatMap((one) => one.names.map((name) => [name, one] as const)));

/** `cc -o notes.txt a.c`. Without shims: a build calls them by the thousand, and a shell's line is where a person's file is named. */
export const compiling: Reader = {
  names: [...byName.keys()],
  read(call, world) {
    const output = byName.get(toolName(call));
    const files = output === undefined ? [] : namedFiles(call.argv.slice(1), output);
    return effects(
      // A name that cannot be foreseen is most often that of a build.
      ...readPaths({ ...call, sight: "later" }, world, files, "overwrite", (path) =>
        isDirectory(path, world)
          ? []
          : overwriting(toolName(call), path, world).map((effect) => rebuilt(effect, call, world)),
      ),
    );
  },
};

/** What was compiled before is compiled again. */
function rebuilt(effect: FileEffect, call: Call, world: World): FileEffect {
  if (call.via.includes("make")) return { ...effect, recovery: "recreate", because: "make makes it" };
  if (!isWithin(world.realpath(effect.target), world.session.workspace)) return effect;
  const content = world.readFile(effect.target, 8);
  const start = content.ok ? Buffer.from(content.bytes).toString("latin1") : "";
  return compiled.test(start) || generated.test(effect.target) || isDerived(effect.target, call)
    ? { ...effect, recovery: "recreate", because: "a compiler made it" }
    : effect;
}

/** Names that nobody gives to a text of their own. */
const generated =
  /\/(a\.out|lex\.yy\.cc?|y\.(tab|output)\.?[ch]?|[^/]+\.(o|obj|d|i|ii|tab\.[ch]|elf|map|tsbuildinfo))$/;

/** `dot -o graph.png graph.dot`, `cc -o hello hello.c` */
function isDerived(target: string, call: Call): boolean {
  const name = target.slice(target.lastIndexOf("/") + 1);
  const [, stem = "", ending = ""] = /^(.+?)((?:\.min)?\.\w+)?$/.exec(name) ?? [];
  const isOutput = /^(|\.(png|svg|pdf|ps|gif|jpe?g|(min\.)?[cm]?js|css|exe|so|a|dylib|wasm))$/.test(ending);
  const isSource = (word: Arg) =>
    isKnown(word) && word.replace(/^.*\//, "") !== name && word.replace(/^.*\//, "").startsWith(`${stem}.`);
  return isOutput && call.argv.slice(1).some(isSource);
}

/** ELF, Mach-O, PE, WebAssembly, archives, bitcode: what begins so was compiled. */
const compiled = /^(\x7fELF|[\xfe\xcf\xce]\xfa\xed[\xfe\xfa]|\xca\xfe\xba\xbe|MZ|\0asm|!<arch>\n|BC\xc0\xde)/;
