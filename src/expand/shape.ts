import { type Arg, isKnown, type Shape, type Unknown, unknown } from "../model/arg.js";

/** A value that is not known, of a shape that is. */
export function shaped(source: string, reason: string, shape: Shape, prefix = "", ending = ""): Unknown {
  return { ...unknown(source, reason, prefix, true), shape, ending };
}

/** `${x#p}`, `${x%p}` … of a value that is not known. */
export function shapeRemoved(value: Unknown, pattern: Arg, operator: string): Unknown {
  // What stands behind the last slash has none.
  if (operator === "##" && pattern === "*/" && value.shape !== "climbing") return change(value, "name");
  if (operator.startsWith("%") && isKnown(pattern) && /^[^*?[\]\\/(]+$/.test(pattern)) {
    const folder = value.prefix.slice(0, value.prefix.lastIndexOf("/") + 1);
    if (value.shape === "path" && folder !== "") return change(value, "path", folder);
    if (value.shape === "relative") return change(value, "relative", folder);
  }
  return shapeEdited(value);
}

/** `${x/p/r}` … of a value that is not known. */
export function shapeReplaced(value: Unknown, pattern: Arg, replacement: Arg, operator: string): Unknown {
  if (!isKnown(replacement) || !isKnown(pattern) || replacement.includes(".."))
    return change(value, undefined);
  if (operator === "//" && pattern === "/" && !replacement.includes("/")) return change(value, "name");
  return replacement.startsWith("/") ? change(value, undefined) : shapeEdited(value);
}

/** Some characters of it are others, or gone: what was relative is so still. */
export function shapeEdited(value: Unknown): Unknown {
  const { shape, prefix, ending = "" } = value;
  if (shape === "climbing") return change(value, shape);
  if (shape === undefined || shape === "fresh" || prefix.startsWith("/")) return change(value, undefined);
  if (shape === "name" && !`${prefix}${ending}`.includes("/")) return change(value, "name");
  return change(value, shape === "path" && prefix === "" ? undefined : "relative");
}

/** Words of an unquoted list: a name with a blank in it comes apart. */
export function shapeSplit(value: Arg): Arg {
  if (isKnown(value) || !value.splits || value.shape === undefined || value.shape === "fresh") return value;
  return { ...shapeEdited(value), splits: true };
}

/** What each word of a text is like; undefined when they have nothing in common. */
export function shapeText(text: string, reason: string): Unknown | undefined {
  // Whatever separates fields, no slash may come to stand in front: `IFS=:` and `a:/etc/hosts`.
  if (text.length > 65_536 || text.includes("..") || /(?<![\w.@%+~-])\//.test(text)) return undefined;
  return shaped("", reason, text.includes("/") ? "relative" : "name");
}

function change(value: Unknown, shape: Shape | undefined, prefix = ""): Unknown {
  const plain = unknown(value.source, value.reason, prefix, value.splits);
  return shape === undefined ? plain : { ...plain, shape };
}
