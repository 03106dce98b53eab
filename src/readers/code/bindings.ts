import { type Cursor, type NameTest, textOf } from "./cursor.js";
import type { Binding } from "./names.js";
import type { CodeToken } from "./tokens.js";
import { type CodeValue, eitherValue, hiddenValue, itemsOf, listValue, nameOf, plainText } from "./values.js";

export function resolve(cursor: Cursor, name: string): CodeValue {
  const { state } = cursor;
  const local = state.locals.get(name);
  if (local !== undefined) return local;
  const bindings = state.names.bindings.get(name) ?? [];
  const [first] = bindings;
  if (first === undefined) return state.library.value(name) ?? { kind: "name", name };
  if (bindings.length === 1) return boundValue(cursor, first, name);
  const known = state.resolved.get(name);
  if (known !== undefined) return known;
  const isWhole = state.busy.size === 0;
  const value =
    bindings.length > maxBindings
      ? hiddenValue(name)
      : eitherValue(
          bindings.map((one) => boundValue(cursor, one, name)),
          name,
        );
  if (isWhole) state.resolved.set(name, value);
  return value;
}

/** A name that is assigned more often than this could be anything. */
const maxBindings = 12;

function boundValue(cursor: Cursor, binding: Binding, name: string): CodeValue {
  const { state } = cursor;
  const known = state.known.get(binding);
  if (known !== undefined) return known;
  if (state.busy.has(binding) || state.busy.size > 40) return hiddenValue(name);
  state.busy.add(binding);
  const value = evaluate(cursor, binding, name);
  state.busy.delete(binding);
  state.known.set(binding, value);
  return value;
}

function evaluate(cursor: Cursor, binding: Binding, name: string): CodeValue {
  const { state } = cursor;
  const read = (at: number): CodeValue =>
    state.read({
      ...cursor,
      ...state.main,
      at,
      nest: 0,
      depth: cursor.depth + 2,
      notes: false,
      base: undefined,
    });
  switch (binding.kind) {
    case "module":
      return state.library.value(binding.name) ?? { kind: "name", name: binding.name };
    case "hidden":
      return hiddenValue(name);
    case "argument": {
      const given = (state.passed.get(binding.of) ?? []).flatMap(({ values, named }) => {
        const value = named.get(name) ?? values[binding.position];
        return value === undefined ? [] : [value];
      });
      return given.length === 0 ? hiddenValue(name) : eitherValue(given, name);
    }
    case "member":
      return member(cursor, read(binding.at), binding.member);
    case "each":
      return elementOf(cursor, read(binding.at), binding.part, name);
    case "value":
      return read(binding.at);
    default:
      return binding satisfies never;
  }
}

/** One element of a list, each in turn: only those that a plain test of its name lets through. */
export function elementOf(
  cursor: Cursor,
  list: CodeValue,
  part: number | undefined,
  name: string,
): CodeValue {
  if (list.kind === "made" || list.kind === "name") return list;
  const items = itemsOf(list).map((item) =>
    part !== undefined && item.kind === "list" ? (item.items[part] ?? hiddenValue(name)) : item,
  );
  // What `for _, f in ipairs(list)` counts with is no text.
  const isCounter = part === 0 && itemsOf(list).every((item) => item.kind === "text");
  if (isCounter && cursor.state.language !== "elixir") return hiddenValue(name);
  const kept = withTests(cursor, items, name);
  return kept.length === 0 ? listValue([]) : eitherValue(kept, name);
}

/** `for f in listdir(d): if f.endswith(".log"): …` */
function withTests({ state }: Cursor, items: readonly CodeValue[], name: string): readonly CodeValue[] {
  state.tests ??= findTests(state.main.tokens);
  const tests = state.tests.get(name);
  if (tests === undefined) return items;
  return items.filter((item) => {
    const text = plainText(item);
    if (text === undefined) return true;
    const base = text.slice(text.lastIndexOf("/") + 1);
    return tests.some((one) => (one.isEnd ? base.endsWith(one.text) : base.startsWith(one.text)));
  });
}

function findTests(tokens: readonly CodeToken[]): ReadonlyMap<string, readonly NameTest[]> {
  const tests = new Map<string, NameTest[]>();
  tokens.forEach(({ kind, text: verb }, at) => {
    if (kind !== "name" || !/^(?:ends?_?with\??|starts?_?with\??)$/i.test(verb)) return;
    const name = tokens[at - 2]?.text ?? "";
    const text = textOf(tokens[at + 2]);
    if (text === undefined || /^(!|not)$/.test(tokens[at - 3]?.text ?? "")) return;
    tests.set(name, [...(tests.get(name) ?? []), { isEnd: /^end/i.test(verb), text }]);
  });
  return tests;
}

/** A module as a table of what is in it: `os.__dict__["remove"]`, `vars(os)["remove"]`. */
function withoutTables(owner: string): string {
  return owner.replace(/\.__dict__$/, "");
}

export function member(cursor: Cursor, value: CodeValue, name: string): CodeValue {
  if (value.kind === "fields") {
    const field = value.fields.get(name);
    if (field !== undefined) return field;
  }
  const owner = withoutTables(nameOf(value));
  // `sys.modules["os"]`, `globals()["os"]`: what stands there under its own name.
  if (/^(sys\.modules|globals\(\)|locals\(\))$/.test(owner)) return { kind: "name", name };
  // Of a chain of thousands of calls the end is enough: else each would copy all in front of it.
  const full = `${owner.length > 400 ? owner.slice(-200) : owner}.${name.slice(0, 200)}`;
  if (value.kind === "name") {
    const known = cursor.state.library.value(full);
    if (known !== undefined) return known;
  }
  // What it is a member of is remembered where that was made by a call.
  const of = value.kind === "name" ? value.of : value;
  return { kind: "name", name: full, ...(of === undefined ? {} : { of }) };
}
