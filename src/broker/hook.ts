import { isUtf8 } from "node:buffer";
import { decodeBytes } from "../model/bytes.js";
import type { Shell } from "../model/call.js";
import type { Request } from "../model/judgement.js";
import { quoteWords } from "../model/quoted.js";
import { type Bench, denied, judgeSafely, modeOf, recordOf } from "./bench.js";
import type { Caller } from "./conversation.js";
import { readDefinitions } from "./definitions.js";
import { release } from "./grants.js";
import type { Reply, ShimCall } from "./protocol.js";
import { execRequest, lineRequest } from "./request.js";
import { readShellWork } from "./shell-call.js";
import { reachesForHook, shellOfToken } from "./typed.js";
import { watchFor } from "./unchanged.js";

/**
 * `holdpoint-ask VERB …`, called by the start-up files of bash and zsh. Status 0 lets the shell go on, 126 ends it.
 * `line SHELL TEXT`: a text before it runs; `command SHELL TEXT [NAME=value …]`: one command, its variables, `1=` for `$1`,
 * `NAME[0]=` for an array's element, `NAME()=` for a function's body, `alias:NAME=` for an alias;
 * `typed SHELL TEXT [NAME=value …]`: the same of a whole line at a prompt; `start SHELL ARGV…`: whatever a shell started with;
 * `script SHELL FILE [ARG …]`: a file's text. By the hook of an agent: `tool files|service NAME [WORD …]`, a tool that no shim
 * sees, with the arguments of a `service` on stdin.
 */
export async function answerHook(bench: Bench, call: ShimCall, caller: Caller): Promise<Reply> {
  const [, verb, shellName, text, ...rest] = call.argv;
  if (verb === "tool") return answerTool(bench, call, caller);
  const token = call.env.get("HOLDPOINT_LINE");
  const shell = shellOf(shellName);
  if (shell === undefined || text === undefined)
    return exit(126, `holdpoint: denied: bad call of holdpoint-ask "${verb}"`);
  switch (verb) {
    case "line":
      if (bench.lines.present(token, text)) return exit(0, "");
      return answerText(bench, call, caller, lineRequest(call, shell, text, [], []));
    case "command":
    case "typed": {
      const values = assignments(rest);
      const variables = values.filter(([name]) => isName(name));
      const positions = values.filter(([name]) => isPosition(name)).map(([, value]) => value);
      const request = lineRequest(call, shell, text, [shell, ...positions], variables);
      const definitions = readDefinitions(shell, values);
      return answerText(bench, call, caller, {
        ...request,
        arrays: readArrays(values),
        ...(definitions === "" ? {} : { definitions }),
      });
    }
    case "start": {
      const work = readShellWork(shell, [text, ...rest]);
      const words =
        work.kind === "text"
          ? ["line", work.text]
          : ["script", ...(work.kind === "script" ? work.words : [])];
      const [kind = "", ...more] = words;
      return more.length === 0
        ? exit(0, "")
        : answerHook(bench, { ...call, argv: [call.argv[0] ?? "", kind, shell, ...more] }, caller);
    }
    case "script": {
      if (bench.lines.present(token, [text, ...rest].join("\0"))) return exit(0, "");
      const path = text.startsWith("/") ? text : `${call.cwd}/${text}`;
      const file = bench.world.readFile(path, scriptCap);
      // What is no regular file is left to the shell's own error message, and to the shims.
      if (!file.ok) return exit(0, "");
      const source = isUtf8(file.bytes) ? Buffer.from(file.bytes).toString("utf8") : decodeBytes(file.bytes);
      const request = { ...lineRequest(call, shell, source, [text, ...rest], []), isFile: true } as const;
      return answerText(bench, call, caller, request, [path]);
    }
    default:
      return exit(126, `holdpoint: denied: holdpoint-ask does not know "${verb}"`);
  }
}

async function answerText(
  bench: Bench,
  call: ShimCall,
  caller: Caller,
  request: Request & { readonly door: "line" },
  /** Of a script: what the shell reads once more. */
  files: readonly string[] = [],
): Promise<Reply> {
  const judged = await judgeSafely(bench, request);
  const judgement = reachesForHook(call.argv[1], request, judged)
    ? denied(request.shell, request.text, "it reaches for the hook that holds this shell's commands")
    : judged;
  const token = call.env.get("HOLDPOINT_LINE");
  const outcome = await bench.decisions.decide({
    judgement,
    text: () => request.text,
    cwd: call.cwd,
    record: recordOf(call, { event: "line", line: request.text }),
    line: bench.lines.find(token),
    uses: false,
    mode: modeOf(bench, call),
    process: call,
    caller,
    watch: () =>
      watchFor({
        ...{ judgement, cwd: call.cwd, files, world: bench.world },
        again: () => judgeSafely(bench, request),
      }),
  });
  if (!outcome.allowed) return exit(126, outcome.message);
  if (outcome.released.length > 0)
    release(bench.lines.adopt(token, shellOfToken(token) ?? call.parentPid).released, outcome.released);
  return exit(0, "");
}

/** One tool of an agent's own, or of a server's: judged and asked about like a program's call. */
async function answerTool(bench: Bench, call: ShimCall, caller: Caller): Promise<Reply> {
  const [, , kind, ...words] = call.argv;
  if ((kind !== "files" && kind !== "service") || words.length === 0)
    return exit(126, `holdpoint: denied: bad call of holdpoint-ask "tool"`);
  const read = kind === "service" ? await caller.readStdin(inputCap, 2000) : undefined;
  if (read !== undefined && read.state !== "eof")
    return exit(126, "holdpoint: denied: the tool's arguments are too long, or did not come");
  const argv = read === undefined ? words : [...words, Buffer.from(read.bytes).toString("utf8")];
  const request = { ...execRequest(call, { kind: "none" }), tool: `agent/${kind}`, argv };
  const again = () => judgeSafely(bench, request);
  const judgement = await again();
  const outcome = await bench.decisions.decide({
    judgement,
    text: () => quoteWords(argv),
    cwd: call.cwd,
    record: recordOf(call, { event: "exec", argv }),
    line: bench.lines.find(call.env.get("HOLDPOINT_LINE")),
    uses: true,
    mode: modeOf(bench, call),
    process: call,
    caller,
    watch: () => watchFor({ judgement, again, cwd: call.cwd, files: [], world: bench.world }),
  });
  return outcome.allowed ? exit(0, "") : exit(126, outcome.message);
}

const inputCap = 8 * 1024 * 1024;

function exit(status: number, message: string): Reply {
  return { verb: "exit", status, message };
}

function shellOf(name: string | undefined): Shell | undefined {
  if (name === "dash") return "sh";
  return name === "bash" || name === "sh" || name === "zsh" || name === "fish" ? name : undefined;
}

function assignments(words: readonly string[]): readonly (readonly [string, string])[] {
  return words.flatMap((word) => {
    const at = word.indexOf("=");
    return at > 0 ? [[word.slice(0, at), word.slice(at + 1)] as const] : [];
  });
}

/** `name[3]=value`, one an element. */
function readArrays(
  values: readonly (readonly [string, string])[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const arrays = new Map<string, Map<string, string>>();
  for (const [word, value] of values) {
    const [, name, index] = /^(\w+)\[(\d+)\]$/.exec(word) ?? [];
    if (name === undefined || index === undefined) continue;
    const elements = arrays.get(name) ?? new Map<string, string>();
    arrays.set(name, elements.set(index, value));
  }
  return arrays;
}

/** More than the judge takes for foreseeable: a longer script is read so far that it says so. */
const scriptCap = 1024 * 1024 + 1;

function isName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

function isPosition(name: string): boolean {
  return /^[1-9]\d*$/.test(name);
}
