import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { toolName } from "../file-effects.js";
import { nothing, type Reader } from "../reader.js";
import { readTexts } from "./client-texts.js";
import { openDatabase, runText, type SqliteRun } from "./sqlite-run.js";

/** sqlite3 and duckdb: a file, then SQL and dot-commands as arguments or on stdin. */
export const sqlite: Reader = {
  names: ["sqlite3", "sqlite", "sqlcipher", "duckdb"],
  read(call, world) {
    const words = readWords(call);
    if (words.shows) return nothing;
    const tool = toolName(call);
    const [file, ...operands] = words.operands;
    const texts = [...words.texts, ...operands];
    const takesStdin = operands.length === 0 && !words.final;
    const input = readTexts(call, world, takesStdin ? [...texts, { file: "-" }] : texts);
    const run: SqliteRun = {
      call,
      world,
      server: {
        tool,
        engine: tool === "duckdb" ? "duckdb" : "sqlite",
        host: "localhost",
        database: "",
        credentials: [],
      },
      effects: [...input.effects],
      inner: [],
      readonly: words.readonly,
      disposable: undefined,
      wantsStdin: input.wantsStdin,
    };
    openDatabase(file === undefined ? ":memory:" : showArg(file), file === undefined || isKnown(file), run);
    for (const text of input.texts) runText(text, run, 0);
    return { effects: run.effects, inner: run.inner, wantsStdin: run.wantsStdin };
  },
};

interface Words {
  readonly operands: readonly Arg[];
  readonly texts: readonly (Arg | { readonly file: Arg })[];
  /** Stdin is not read. */
  readonly final: boolean;
  readonly readonly: boolean;
  readonly shows: boolean;
}

const valued: ReadonlySet<string> = new Set(
  "separator newline nullvalue maxsize mmap vfs heap storage-version escape".split(" "),
);

/** Options have one dash or two, and are not abbreviated. */
function readWords(call: Call): Words {
  const operands: Arg[] = [];
  const texts: (Arg | { readonly file: Arg })[] = [];
  const flags = new Set<string>();
  const { argv } = call;
  const isDuck = toolName(call) === "duckdb";
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    const name = isKnown(word) && /^--?[a-z]/i.test(word) ? word.replace(/^--?/, "") : undefined;
    if (name === undefined) operands.push(word);
    else if (name === "cmd" || (isDuck && (name === "c" || name === "s"))) {
      texts.push(argv[at + 1] ?? "");
      if (name !== "cmd") flags.add("final");
      at += 1;
    } else if (name === "init" || (isDuck && name === "f")) {
      texts.push({ file: argv[at + 1] ?? "" });
      if (name === "f") flags.add("final");
      at += 1;
    } else if (/^A\w*/.test(name)) {
      // -A and what follows are the words of .archive.
      texts.push(`.archive ${argv.slice(at).map(showArg).join(" ").replace(/^--?A/, "-")}`);
      break;
    } else if (valued.has(name)) at += 1;
    else if (name === "lookaside" || name === "pagecache") at += 2;
    else flags.add(name);
  }
  return {
    operands,
    texts,
    final: flags.has("final"),
    readonly: flags.has("readonly"),
    shows: flags.has("help") || flags.has("version"),
  };
}
