/** JSON for a person's terminal as well as for programs: what a terminal acts on, or a reader would not see, is written as `\uXXXX`. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeJson(JSON.stringify(value, undefined, indent));
}

/** JSON that is text already: `JSON.stringify` leaves DEL, one-byte CSI, and what turns the reading order round. */
export function escapeJson(text: string): string {
  // Nearly all texts are plain: V8 takes milliseconds for the classes of Unicode, even to make such an expression, and asks for each unit of the text.
  if (!beyondPlain.test(text) || !isActedOn(text)) return text;
  // Such characters stand within strings only; the newlines of an indented document are its own. Of marks stacked on one letter two stay.
  const each = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<=\p{M}{2})\p{M}/gu;
  return text.replace(each, (units) =>
    Array.from({ length: units.length }, (_, at) => hex(units.charCodeAt(at))).join(""),
  );
}

function hex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

const beyondPlain = /[^\n -~]/;

function isActedOn(text: string): boolean {
  return /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\p{M}{3}/u.test(text);
}
