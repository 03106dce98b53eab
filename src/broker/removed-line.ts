/** A line of GNU's `rm -v`: `removed 'notes/a.txt'`, `removed directory 'notes'`. `below`: name below the operand, "" for itself. */
export function removedLine(operand: string, below: string, isFolder: boolean): string {
  const path = below === "" ? operand : operand.endsWith("/") ? operand + below : `${operand}/${below}`;
  return `removed ${isFolder ? "directory " : ""}${quoteAlways(path)}`;
}

/** As coreutils write names in messages: in quotes that a shell would take, control characters and odd bytes by their codes. */
function quoteAlways(text: string): string {
  if (/^[^'\x00-\x1f\x7f\udc80-\udcff]*$/.test(text)) return `'${text}'`;
  if (/^[^"$`\\!\x00-\x1f\x7f\udc80-\udcff]*$/.test(text)) return `"${text}"`;
  const parts = text.split(/([\x00-\x1f\x7f\udc80-\udcff]+)/);
  const quoted = parts.map((part, at) => {
    if (at % 2 === 1) return `$'${[...part].map(escapeOf).join("")}'`;
    return part === "" && at > 0 ? "" : `'${part.replaceAll("'", "'\\''")}'`;
  });
  return quoted.join("");
}

function escapeOf(char: string): string {
  const short = shorts[char];
  if (short !== undefined) return short;
  const code = char.charCodeAt(0);
  return `\\${(code >= 0xdc80 ? code - 0xdc00 : code).toString(8).padStart(3, "0")}`;
}

const shorts: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
};
