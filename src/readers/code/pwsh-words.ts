/** A word of PowerShell; `plain` is undefined where a variable or an expression stands in it. */
export interface PwshWord {
  readonly text: string;
  readonly plain: string | undefined;
  readonly isQuoted: boolean;
}

export type PwshCommand = readonly PwshWord[];

/** Commands that hand their objects to one another. */
export type PwshPipeline = readonly PwshCommand[];

/** Blocks in braces and parentheses are looked into as pipelines of their own. */
export function splitPipelines(text: string): readonly PwshPipeline[] {
  const state: State = { pipelines: [], pipeline: [], command: [], variables: new Map() };
  for (piece.lastIndex = 0; ; ) {
    const found = piece.exec(text);
    if (found === null || found[0] === "") break;
    readPiece(state, found);
  }
  endPipeline(state);
  return state.pipelines;
}

interface State {
  readonly pipelines: PwshPipeline[];
  pipeline: PwshCommand[];
  command: PwshWord[];
  readonly variables: Map<string, string>;
}

const piece =
  /(<#[\s\S]*?(?:#>|$)|(?<=^|\s)#[^\n]*)|'((?:''|[^'])*)'|"((?:`[\s\S]|""|[^"`])*)"|([;\n{}()])|(\|\|?|&&)|(\s+)|(\[[\w.]+\]::\w+\()|((?:`[\s\S]|[^\s;{}()|'"`])+)|[\s\S]/gy;

function readPiece(state: State, found: RegExpExecArray): void {
  const [, comment, single, double, end, pipe, space, method, bare] = found;
  if (comment !== undefined || space?.includes("\n") === false) return;
  if (end !== undefined || space !== undefined) {
    endPipeline(state);
    return;
  }
  if (pipe === "|") {
    endCommand(state);
    return;
  }
  if (pipe !== undefined) {
    endPipeline(state);
    return;
  }
  if (method !== undefined) {
    endPipeline(state);
    state.command.push({ text: method.slice(0, -1), plain: method.slice(0, -1), isQuoted: false });
    return;
  }
  if (single !== undefined)
    state.command.push({ text: single, plain: single.replaceAll("''", "'"), isQuoted: true });
  else if (double !== undefined) {
    const text = filled(state, double.replace(/`([\s\S])/g, "$1"));
    state.command.push({ text, plain: text.includes("$") ? undefined : text, isQuoted: true });
  } else if (bare !== undefined) {
    for (const part of bare.split(/(?<=[^,])(?=,)|(?<=,)(?=[^,])/)) {
      const text = filled(state, part.replace(/`(.)/g, "$1"));
      if (text !== "")
        state.command.push({ text, plain: text.startsWith("$") ? undefined : text, isQuoted: false });
    }
  }
}

function filled({ variables }: State, text: string): string {
  return text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => variables.get(name.toLowerCase()) ?? whole);
}

function endCommand(state: State): void {
  if (state.command.length > 0) state.pipeline.push(state.command);
  state.command = [];
}

/** `$p = "notes"` gives a value, and is no command. */
function endPipeline(state: State): void {
  endCommand(state);
  const [first, second, third] = state.pipeline[0] ?? [];
  const name = first?.isQuoted === false ? /^\$(\w+)$/.exec(first.text)?.[1] : undefined;
  if (name !== undefined && second?.text === "=" && third?.plain !== undefined && third.isQuoted)
    state.variables.set(name.toLowerCase(), third.plain);
  if (state.pipeline.length > 0)
    state.pipelines.push(name === undefined ? state.pipeline : state.pipeline.map(withoutTarget));
  state.pipeline = [];
}

/** `$x = Remove-Item y` runs what stands behind. */
function withoutTarget(command: PwshCommand, at: number): PwshCommand {
  return at === 0 && command[1]?.text === "=" ? command.slice(2) : command;
}
