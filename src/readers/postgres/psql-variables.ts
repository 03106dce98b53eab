/** `known: undefined`: set to a value that exists only at run time. */
export type Lookup = (name: string) => { readonly set: boolean; readonly known: string | undefined };

export interface Interpolation {
  readonly end: number;
  readonly value: string;
  /** The value is read like the text around it. */
  readonly again: boolean;
  readonly doubt: string | undefined;
}

/** `:name` is the bare value, `:'name'` a literal, `:"name"` an identifier, `:{?name}` true or false. */
export function readVariable(text: string, at: number, lookup: Lookup): Interpolation | undefined {
  // Made here: V8 takes long for the classes of Unicode.
  const variable = /:(?:'([\p{L}\p{N}_]+)'|"([\p{L}\p{N}_]+)"|([\p{L}\p{N}_]+)|\{\?[\p{L}\p{N}_]+\})/uy;
  variable.lastIndex = at;
  const found = variable.exec(text);
  if (found === null) return undefined;
  const end = variable.lastIndex;
  const [, literal, identifier, bare] = found;
  const name = literal ?? identifier ?? bare;
  if (name === undefined) return { end, value: "true", again: false, doubt: undefined };
  const { set, known } = lookup(name);
  if (!set) return undefined;
  if (known === undefined) {
    // As a literal it can be nothing but a value; elsewhere it may be anything.
    if (literal !== undefined) return { end, value: "''", again: false, doubt: undefined };
    const doubt = `the psql variable "${name}" holds a value that exists only at run time`;
    return { end, value: `"${found[0]}"`.replaceAll(/"+/g, '"'), again: false, doubt };
  }
  if (literal !== undefined) return { end, value: quoteLiteral(known), again: false, doubt: undefined };
  if (identifier !== undefined) {
    return { end, value: `"${known.replaceAll('"', '""')}"`, again: false, doubt: undefined };
  }
  return { end, value: known, again: true, doubt: undefined };
}

function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return value.includes("\\") ? ` E${quoted}` : quoted;
}
