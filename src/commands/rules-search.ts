import { jsonText } from "../model/json-text.js";
import type { ApiMutation, ApiPath, ToolCommand } from "../model/knowledge.js";
import type { Rule } from "../model/rule.js";
import type { Case } from "../policy/case.js";
import type { Loaded } from "./knowledge.js";
import { Page } from "./page.js";
import { ruleJson } from "./rule-json.js";
import { conditionWords, showCondition } from "./rule-words.js";
import { searchWords, type Text, weigh } from "./search-words.js";
import type { Terminal } from "./terminal.js";

/** `holdpoint rules --search TEXT`: rules, tools and APIs about it, the nearest first. 1 when there are none. */
export function searchRules(text: string, json: boolean, loaded: Loaded, terminal: Terminal): number {
  const words = searchWords(text);
  const near = {
    rules: rank(ruleEntries(loaded), words),
    tools: rank(toolEntries(loaded), words),
    apis: rank(apiEntries(loaded), words),
  };
  // What only some of the words are about counts where nothing is about all of them.
  const isWhole = Object.values(near).some((hits) => hits.some((hit) => hit.isWhole));
  const keep = <T>(hits: readonly Hit<T>[]) => hits.filter((hit) => hit.isWhole || !isWhole);
  const [rules, tools, apis] = [keep(near.rules), keep(near.tools), keep(near.apis)] as const;
  const isFound = rules.length + tools.length + apis.length > 0;
  if (json) {
    const found = {
      rules: rules.map(({ it }) => ruleJson(it)),
      tools: tools.map(({ it, lines }) => ({ names: it, does: lines })),
      apis: apis.map(({ it, lines }) => ({ ...it, does: lines })),
    };
    terminal.print(jsonText(found, 1));
    return isFound ? 0 : 1;
  }
  const page = new Page(terminal);
  section(
    "rules",
    rules,
    page,
    (rule) => `${rule.id} (${rule.then})`,
    ({ it }) => [it.because],
  );
  section("tools", tools, page, few, ({ lines }) => lines);
  section(
    "APIs",
    apis,
    page,
    ({ provider, hosts }) => `${provider}: ${few(hosts)}`,
    ({ lines }) => lines,
  );
  const [first] = rules;
  if (!isFound)
    page.whole(
      `nothing is known about "${text}"; docs/writing-rules.md says how to make a tool known`,
      "plain",
    );
  else if (first !== undefined) page.whole(`holdpoint explain --why ${first.it.id}`, "dim");
  for (const row of page.rows) terminal.print(row);
  return isFound ? 0 : 1;
}

/** One thing that can be found: by its own texts, and by lines of which the fitting ones are shown. */
interface Entry<T> {
  readonly it: T;
  readonly texts: readonly Text[];
  readonly lines: readonly string[];
}

interface Hit<T> {
  readonly it: T;
  readonly lines: readonly string[];
  /** Every word is about it. */
  readonly isWhole: boolean;
}

const mostLines = 3;
const lineWeight = 3;

/** Those that a word is about, by themselves or with one of their lines, the nearest first. */
function rank<T>(entries: readonly Entry<T>[], words: readonly string[]): readonly Hit<T>[] {
  const weighed = entries.map(({ it, texts, lines }) => {
    const own = weigh(words, texts);
    const told = lines
      .map((line) => ({ line, weights: weigh(words, [{ text: line, weight: lineWeight }]) }))
      .filter(({ weights }) => sum(weights) > 0)
      .map(({ line, weights }) => ({
        line,
        weights: weights.map((each, at) => Math.max(each, own[at] ?? 0)),
      }))
      .toSorted(
        (a, b) =>
          covered(b.weights) - covered(a.weights) ||
          sum(b.weights) - sum(a.weights) ||
          a.line.length - b.line.length,
      );
    const best = told[0]?.weights ?? own;
    const fitting = told.filter(({ weights }) => covered(weights) === covered(best));
    return { it, lines: fitting.slice(0, mostLines).map(({ line }) => line), weights: best };
  });
  return weighed
    .filter(({ weights }) => sum(weights) > 0)
    .map((hit) => ({ ...hit, isWhole: covered(hit.weights) === words.length }))
    .toSorted((a, b) => sum(b.weights) - sum(a.weights) || shortest(a.lines) - shortest(b.lines));
}

function shortest([first]: readonly string[]): number {
  return first?.length ?? 0;
}

function covered(weights: readonly number[]): number {
  return weights.filter((weight) => weight > 0).length;
}

function ruleEntries({ policy, examples }: Loaded): readonly Entry<Rule>[] {
  const lines = new Map<string, string[]>();
  for (const one of examples()) {
    const rule = ruleOf(one);
    if (rule !== undefined) lines.set(rule, [...(lines.get(rule) ?? []), one.line]);
  }
  return policy.rules.map((rule) => ({
    it: rule,
    texts: [
      { text: rule.id, weight: 10 },
      { text: rule.because, weight: 4 },
      { text: rule.instead ?? "", weight: 2 },
      { text: rule.back ?? "", weight: 2 },
      { text: `${conditionWords(rule.when)} ${showCondition(rule.when)}`, weight: 3 },
      { text: (lines.get(rule.id) ?? []).join("\n"), weight: 2 },
    ],
    lines: [],
  }));
}

/** Lines that a rule leaves alone are no more about it than any other. */
function ruleOf({ expected }: Case): string | undefined {
  return expected.kind === "rule" && expected.matches ? expected.rule : undefined;
}

function toolEntries({ tools, table }: Loaded): readonly Entry<readonly string[]>[] {
  const trees = tools.map(({ names, tree }) => {
    const { root, anywhere, provider } = tree();
    return {
      it: names,
      texts: [
        { text: names.join(" "), weight: 10 },
        { text: provider, weight: 6 },
      ],
      lines: [...commandLines(root, []), ...anywhere.flatMap((one) => commandLines(one, ["…"]))],
    };
  });
  const named = new Set(tools.flatMap(({ names }) => names));
  const readers = [...table.keys()].filter((name) => !named.has(name));
  return [
    ...trees,
    ...readers.map((name) => ({ it: [name], texts: [{ text: name, weight: 10 }], lines: [] })),
  ];
}

function commandLines(command: ToolCommand, above: readonly string[]): readonly string[] {
  const path = command.name === "" ? above : [...above, command.name];
  const { deed } = command;
  return [
    ...(deed === undefined || path.length === 0 ? [] : [`${path.join(" ")}: ${deed.because}`]),
    ...command.flags.map(({ flag, deed: made }) => `${[...path, flag].join(" ")}: ${made.because}`),
    ...command.commands.flatMap((one) => commandLines(one, path)),
  ];
}

interface NamedApi {
  readonly provider: string;
  readonly hosts: readonly string[];
}

function apiEntries({ apis }: Loaded): readonly Entry<NamedApi>[] {
  return apis().map(({ provider, hosts, paths, mutations }) => ({
    it: { provider, hosts },
    texts: [
      { text: provider === "*" ? "" : provider, weight: 10 },
      { text: hosts.join(" "), weight: 6 },
    ],
    lines: [...paths.map(pathLine), ...mutations.map(mutationLine)],
  }));
}

function pathLine({ request, deed }: ApiPath): string {
  return `${request}: ${deed.because}`;
}

function mutationLine({ field, deed }: ApiMutation): string {
  return `${field}: ${deed.because}`;
}

const mostHits = 8;

function section<T>(
  title: string,
  hits: readonly Hit<T>[],
  page: Page,
  nameOf: (it: T) => string,
  more: (hit: Hit<T>) => readonly string[],
): void {
  if (hits.length === 0) return;
  page.plain(title, "bold");
  for (const hit of hits.slice(0, mostHits)) {
    page.plain(`  ${nameOf(hit.it)}`, "notice");
    for (const line of more(hit)) page.plain(`    ${line}`, "plain");
  }
  if (hits.length > mostHits) page.plain(`  … and ${hits.length - mostHits} more; --json has all`, "dim");
  page.rows.push("");
}

function few(names: readonly string[]): string {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 4).join(", ")}, …`;
}

function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0);
}
