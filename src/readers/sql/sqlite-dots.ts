import { opaqueEffect } from "../../model/effect.js";
import { readTexts } from "./client-texts.js";
import { sqlEffect } from "./effects.js";
import { addSql, openDatabase, runText, type SqliteRun, writeFile } from "./sqlite-run.js";

const dotCommands = [
  "archive",
  "backup",
  "clone",
  "excel",
  "import",
  "load",
  "log",
  "once",
  "open",
  "output",
  "read",
  "restore",
  "save",
  "shell",
  "system",
  "trace",
  "www",
];

/** https://sqlite.org/cli.html; names may be abbreviated. */
export function runDot(line: string, run: SqliteRun, depth: number): void {
  const [, short = "", rest = ""] = /^\.([a-z_]+)\s*(.*)$/is.exec(line) ?? [];
  const name =
    short.length < 2 ? undefined : dotCommands.find((command) => command.startsWith(short.toLowerCase()));
  const words = [...rest.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? "",
  );
  const plain = words.filter((word) => !word.startsWith("-"));
  const via = `${run.server.tool} .${name}`;
  // `.once '|cat'`: what stands behind the bar is a command.
  const bar = plain.some((word) => word.startsWith("|")) ? rest.indexOf("|") : -1;
  if (bar >= 0 && /^(read|import|once|output)$/.test(name ?? "")) {
    const text = rest.slice(bar + 1).replace(/['"](\s+\S+)?$/, "");
    run.inner.push({ kind: "line", text, shell: "sh", via });
    return;
  }
  switch (name) {
    case "shell":
    case "system":
      run.inner.push({ kind: "line", text: rest, shell: "sh", via });
      return;
    case "load":
      addOpaque(rest, "loads code from a library", run);
      return;
    case "archive":
      readArchive(rest, words, run);
      return;
    case "restore": {
      const target = run.server.database;
      addSql(
        sqlEffect(run.server, { action: "delete", statement: "RESTORE", target, restricted: false }),
        run,
      );
      return;
    }
    case "read":
      include(plain[0] ?? "", run, depth);
      return;
    case "import":
      addSql(
        sqlEffect(run.server, { action: "create", statement: "IMPORT", target: plain.at(-1) ?? "" }),
        run,
      );
      return;
    case "open":
      if (words.includes("--new")) writeFile(plain[0] ?? "", run);
      openDatabase(plain[0] ?? ":memory:", true, run);
      return;
    case "backup":
    case "clone":
    case "log":
    case "once":
    case "output":
    case "save":
    case "trace": {
      const file = plain.at(-1) ?? "";
      if (!/^(stdout|stderr|off|on|)$/.test(file)) writeFile(file, run);
      return;
    }
    default:
  }
}

/** .archive is tar for a table of files: -c and -r and -u write the table, -x the files. */
function readArchive(rest: string, words: readonly string[], run: SqliteRun): void {
  const letters = words.flatMap((word, at) =>
    at === 0 || /^-[a-z]/i.test(word) ? [word.replace(/^-/, "")] : [],
  );
  const has = (letter: string, long: string) =>
    words.includes(`--${long}`) || letters.some((word) => !word.startsWith("-") && word.includes(letter));
  if (has("x", "extract")) addOpaque(rest, "unpacks files over those of the same name", run);
  else if (has("r", "remove"))
    addSql(
      sqlEffect(run.server, { action: "delete", statement: "DELETE", target: "files of the archive" }),
      run,
    );
}

function include(file: string, run: SqliteRun, depth: number): void {
  const input = readTexts(run.call, run.world, depth < 8 ? [{ file }] : []);
  run.wantsStdin ||= input.wantsStdin;
  run.effects.push(...input.effects);
  for (const text of input.texts) runText(text, run, depth + 1);
  if (depth >= 8) addOpaque(file, "files include one another without end", run);
}

function addOpaque(target: string, because: string, run: SqliteRun): void {
  run.effects.push(opaqueEffect(run.server.tool, target, because));
}
