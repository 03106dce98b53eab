/** JSON for a person's terminal as well as for programs: what a terminal acts on, or a reader would not see, is written as `\uXXXX`. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeJson(JSON.stringify(value, undefined, indent));
}

/** JSON that is text already: `JSON.stringify` leaves DEL, one-byte CSI, and what turns the reading order round. */
export function escapeJson(text: string): string {
  return text.replace(beyondPlain, escapeRun);
}

/** Nearly all of a text is plain: the classes of Unicode cost a hundred times as much for each unit of it, and milliseconds to be made. */
function escapeRun(run: string): string {
  // Of marks stacked on one letter two stay: no mark is plain, so they stand in one run.
  acted ??= /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<=\p{M}{2})\p{M}/gu;
  return run.replace(acted, escapeUnits);
}

function escapeUnits(units: string): string {
  return Array.from({ length: units.length }, (_, at) => hex(units.charCodeAt(at))).join("");
}

function hex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

// Such characters stand within strings only; the newlines of an indented document are its own.
const beyondPlain = /[^\n -~]+/g;
let acted: RegExp | undefined;
