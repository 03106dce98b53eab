import { type Alias, type Document, isNode, isScalar, visit } from "yaml";

/** What makes a text no YAML that anybody should read a guard's rules from. */
export interface Fault {
  /** UTF-16 code units from the beginning. */
  readonly offset: number;
  readonly message: string;
}

/** The first fault of a document; one mistake in YAML makes many errors, and the first is the true one. */
export function findFault(document: Document.Parsed): Fault | undefined {
  const told = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  if (told !== undefined) {
    return { offset: told.pos[0], message: ownWords[told.code] ?? firstLine(told.message) };
  }
  // In YAML 1.1 "no" is false, 0123 is 83, and "<<" is no key.
  if (document.directives.yaml.explicit === true && document.directives.yaml.version !== "1.2")
    return { offset: 0, message: "must be YAML 1.2; leave out the line %YAML" };
  return findBadTag(document) ?? findBadKey(document) ?? findBadAlias(document);
}

const ownWords: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "begins a second document; there may be one",
};

/** `!!binary` is no text, `!!set` and `!!omap` are no keys with values: a schema would see something else than is written. */
function findBadTag(document: Document.Parsed): Fault | undefined {
  let fault: Fault | undefined;
  visit(document, {
    Node: (_, { tag, range }) => {
      if (tag === undefined || /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(tag))
        return undefined;
      const name = tag.replace(/^tag:yaml\.org,2002:/, "!!");
      fault = { offset: range?.[0] ?? 0, message: `must be without the tag ${name}` };
      return visit.BREAK;
    },
  });
  return fault;
}

/** Objects have these from their birth: a schema would pass over a key of this name without a word. */
const inborn: ReadonlySet<unknown> = new Set(["__proto__", "constructor", "prototype"]);

function findBadKey(document: Document.Parsed): Fault | undefined {
  let fault: Fault | undefined;
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const message = badKey(key, seen);
        if (message === undefined) continue;
        fault = { offset: offsetOf(key), message };
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return fault;
}

function badKey(key: unknown, seen: Set<unknown>): string | undefined {
  if (!isScalar(key)) return "a key must be a word";
  if (key.value === null || key.value === "") return "a key is empty";
  if (inborn.has(key.value)) return `"${key.value}" cannot be a key`;
  // 1 and "1" are one name once they are an object's.
  const name = String(key.value);
  if (seen.has(name)) return "this key stands twice";
  seen.add(name);
  return undefined;
}

/** Aliases are refused beyond a few: ten lines of them can unfold into gigabytes ("billion laughs"). */
const maxAliases = 20;

function findBadAlias(document: Document.Parsed): Fault | undefined {
  const aliases: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      aliases.push(alias);
    },
  });
  if (aliases.length === 0) return undefined;
  const unknown = aliases.find((alias) => alias.resolve(document) === undefined);
  if (unknown !== undefined)
    return { offset: offsetOf(unknown), message: `no anchor "&${unknown.source}" stands before this alias` };
  try {
    document.toJS({ maxAliasCount: maxAliases });
    return undefined;
  } catch (error) {
    const message = firstLine(error instanceof Error ? error.message : String(error));
    return {
      offset: offsetOf(aliases[0]),
      message: /alias count/i.test(message)
        ? `unfolds into too much: at most ${maxAliases} aliases`
        : message,
    };
  }
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function firstLine(message: string): string {
  const line = (message.split("\n")[0] ?? "invalid").replace(/\.$/, "");
  return line.charAt(0).toLowerCase() + line.slice(1);
}
