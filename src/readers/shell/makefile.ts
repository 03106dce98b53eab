import { unforeseenName } from "../../model/arg.js";
/** A makefile, as far as it is plain: what its targets need and run. */
export interface Makefile {
  readonly rules: readonly MakeRule[];
  readonly variables: ReadonlyMap<string, string>;
  /** What a shell is given while the file is read: `$(shell …)`, `X != …`. */
  readonly shell: readonly string[];
}

export interface MakeRule {
  readonly targets: readonly string[];
  readonly needs: readonly string[];
  /** Lines for a shell, as written. */
  readonly recipe: readonly string[];
}

/** Rules, recipes, assignments and `define`; both branches of conditionals count. Includes are left out. */
export function parseMakefile(text: string): Makefile {
  const variables = new Map<string, string>();
  const rules: { targets: string[]; needs: string[]; recipe: string[] }[] = [];
  const shell: string[] = [];
  let definition: { readonly name: string; readonly lines: string[] } | undefined;
  const bodies = new Map<string, readonly string[]>();
  for (const line of withEvaluated(joinLines(text), bodies)) {
    if (definition !== undefined) {
      if (/^\s*endef\b/.test(line)) {
        bodies.set(definition.name, definition.lines);
        variables.set(definition.name, definition.lines.map((one) => one.trim()).join("\n"));
        definition = undefined;
      } else definition.lines.push(line);
      continue;
    }
    const rule = rules.at(-1);
    if (line.startsWith("\t")) {
      rule?.recipe.push(line.slice(1));
      continue;
    }
    const plain = line.replace(/(^|[^\\])#.*$/, "$1").trimEnd();
    if (plain.trim() === "") continue;
    const [, defined] = /^\s*(?:override\s+|export\s+)*define\s+([\w.-]+)/.exec(plain) ?? [];
    if (defined !== undefined) {
      definition = { name: defined, lines: [] };
      continue;
    }
    shell.push(...shellTexts(plain));
    const [, name = "", operator = "", value = ""] =
      /^\s*(?:export\s+|override\s+)*([\w.-]+)\s*(\?=|:?:?:?=|\+=|!=)\s*(.*)$/.exec(plain) ?? [];
    if (name !== "") {
      if (operator === "+=") variables.set(name, `${variables.get(name) ?? ""} ${value}`.trim());
      else if (operator === "!=") {
        variables.delete(name);
        shell.push(value);
      } else if (operator !== "?=" || !variables.has(name)) variables.set(name, value);
      continue;
    }
    const [, targets = "", needs = "", inline] =
      /^([^\s:#=][^:=]*)::?(?!=)([^;]*)(?:;(.*))?$/.exec(plain) ?? [];
    if (targets === "") continue;
    rules.push({
      targets: splitNames(targets),
      needs: splitNames(needs),
      recipe: inline === undefined ? [] : [inline],
    });
  }
  return { rules, variables, shell };
}

/** `$(eval $(rules))`, `$(eval $(call rules,x))`: what was defined goes on as lines of the makefile. */
function* withEvaluated(
  lines: Iterable<string>,
  bodies: ReadonlyMap<string, readonly string[]>,
  depth = 0,
): Generator<string> {
  for (const line of lines) {
    yield line;
    if (depth > 3 || line.startsWith("\t")) continue;
    for (const [, text = ""] of line.matchAll(/\$[({]eval\s+(.*?)[)}]\s*\)*\s*$/g)) {
      const [, name] = /^\$+[({](?:call\s+)?([\w.-]+)/.exec(text) ?? [];
      yield* withEvaluated(name === undefined ? [text] : (bodies.get(name) ?? []), bodies, depth + 1);
    }
  }
}

/** The lines in `$(shell …)` of a text, brackets in them counted. */
export function shellTexts(text: string): readonly string[] {
  return [...text.matchAll(/\$([({])shell\s+/g)].map(({ 0: { length }, 1: open = "(", index }) => {
    const start = index + length;
    let depth = 1;
    for (let at = start; at < text.length; at += 1) {
      if (text[at] === open) depth += 1;
      else if (text[at] === (open === "(" ? ")" : "}")) depth -= 1;
      if (depth === 0) return text.slice(start, at);
    }
    return text.slice(start);
  });
}

/** The recipes that making these goals may run, in order; the first target is the goal where none is named. */
export function recipesFor(file: Makefile, goals: readonly string[]): readonly string[] {
  const [first] = file.rules.flatMap(({ targets }) => targets).filter((name) => !/^\.[A-Z]|%/.test(name));
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = (goal: string): void => {
    if (seen.has(goal) || seen.size > 500) return;
    seen.add(goal);
    // A pattern is for what no rule of its own makes.
    const isNamed = file.rules.some(({ targets, recipe }) => recipe.length > 0 && targets.includes(goal));
    for (const { targets, needs, recipe } of file.rules) {
      if (isNamed && !targets.includes(goal)) continue;
      const stem = targets.map((target) => stemOf(target, goal)).find((one) => one !== undefined);
      if (stem === undefined) continue;
      const all = needs.map((need) => need.replace("%", stem));
      for (const need of all) visit(expandMake(need, file.variables, goal));
      for (const line of recipe)
        found.push(
          ...shellTexts(line),
          expandMake(line.replaceAll("$*", stem), file.variables, goal, all[0]),
        );
    }
  };
  for (const goal of goals.length > 0 ? goals : first === undefined ? [] : [first]) visit(goal);
  return found;
}

/** What `%` stands for in the pattern of a rule; empty for a plain name; undefined where it is another. */
function stemOf(pattern: string, goal: string): string | undefined {
  const at = pattern.indexOf("%");
  if (at < 0) return pattern === goal ? "" : undefined;
  const [start, end] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const isOne = goal.length > start.length + end.length && goal.startsWith(start) && goal.endsWith(end);
  return isOne ? goal.slice(start.length, goal.length - end.length) : undefined;
}

/** `$(NAME)`, `${NAME}`, `$@`, `$<`, `$$`; functions and the rest become a variable that is not known. */
export function expandMake(
  text: string,
  variables: ReadonlyMap<string, string>,
  target = "",
  first = "",
  depth = 0,
): string {
  return text.replace(
    /\$(?:\$|\(([^()]*)\)|\{([^{}]*)\}|\(.*\)|(.))/g,
    (whole, round?: string, curly?: string, letter?: string) => {
      if (whole === "$$") return "$";
      if (letter === "@") return target;
      if (letter === "<" && first !== "") return first;
      const value = variables.get(round ?? curly ?? letter ?? "");
      if (value === undefined || depth > 8) return `\${${unforeseenName}}`;
      return expandMake(value, variables, target, first, depth + 1);
    },
  );
}

/** A backslash at the end of a line goes on with the next; in a recipe it is the shell's own. */
function joinLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open: string | undefined;
  for (const raw of text.split("\n")) {
    const line: string =
      open === undefined
        ? raw
        : open + (open.startsWith("\t") ? `\n${raw.replace(/^\t/, "")}` : ` ${raw.trimStart()}`);
    const continues = /(^|[^\\])(\\\\)*\\$/.test(line);
    if (!continues) lines.push(line);
    open = continues ? (line.startsWith("\t") ? line : line.slice(0, -1)) : undefined;
  }
  return open === undefined ? lines : [...lines, open];
}

function splitNames(text: string): string[] {
  return text.split(/\s+/).filter((name) => name !== "" && name !== "|");
}
