/** A makefile, as far as it is plain: what its targets need and run. */
export interface Makefile {
  readonly rules: readonly MakeRule[];
  readonly variables: ReadonlyMap<string, string>;
}

export interface MakeRule {
  readonly targets: readonly string[];
  readonly needs: readonly string[];
  /** Lines for a shell, as written. */
  readonly recipe: readonly string[];
}

/** Rules, recipes and plain assignments; both branches of conditionals count. Pattern rules, `define` and includes are left out. */
export function parseMakefile(text: string): Makefile {
  const variables = new Map<string, string>();
  const rules: { targets: string[]; needs: string[]; recipe: string[] }[] = [];
  let isDefinition = false;
  for (const line of joinLines(text)) {
    const rule = rules.at(-1);
    if (line.startsWith("\t")) {
      rule?.recipe.push(line.slice(1));
      continue;
    }
    const plain = line.replace(/(^|[^\\])#.*$/, "$1").trimEnd();
    if (/^\s*(define|endef)\b/.test(plain)) isDefinition = plain.trim().startsWith("define");
    if (isDefinition || plain.trim() === "") continue;
    const [, name = "", operator = "", value = ""] =
      /^\s*(?:export\s+|override\s+)*([\w.-]+)\s*(\?=|:?:?:?=|\+=|!=)\s*(.*)$/.exec(plain) ?? [];
    if (name !== "") {
      if (operator === "+=") variables.set(name, `${variables.get(name) ?? ""} ${value}`.trim());
      else if (operator === "!=") variables.delete(name);
      else if (operator !== "?=" || !variables.has(name)) variables.set(name, value);
      continue;
    }
    const [, targets = "", needs = "", inline] =
      /^([^\s:#=][^:=]*)::?(?!=)([^;]*)(?:;(.*))?$/.exec(plain) ?? [];
    if (targets === "" || targets.includes("%")) continue;
    rules.push({
      targets: splitNames(targets),
      needs: splitNames(needs),
      recipe: inline === undefined ? [] : [inline],
    });
  }
  return { rules, variables };
}

/** The recipes that making these goals may run, in order; the first target is the goal where none is named. */
export function recipesFor(file: Makefile, goals: readonly string[]): readonly string[] {
  const [first] = file.rules.flatMap(({ targets }) => targets).filter((name) => !/^\.[A-Z]/.test(name));
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = (goal: string): void => {
    if (seen.has(goal) || seen.size > 500) return;
    seen.add(goal);
    for (const { targets, needs, recipe } of file.rules) {
      if (!targets.includes(goal)) continue;
      for (const need of needs) visit(expandMake(need, file.variables, goal));
      found.push(...recipe.map((line) => expandMake(line, file.variables, goal, needs[0])));
    }
  };
  for (const goal of goals.length > 0 ? goals : first === undefined ? [] : [first]) visit(goal);
  return found;
}

/** A shell variable that nothing sets: what only make can know must not read as nothing (`rm -rf $(OUT)/*`). */
export const unforeseenName = "__hp_made";

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
