/** How a piece of a card looks. Colour never carries meaning alone: every look has its word beside it. */
export type Look = "plain" | "bold" | "dim" | "danger" | "warning" | "notice" | "alarm" | "marked";

/** SGR and back; the text alone where no colour is wanted. The text must be shown text already. */
export function paint(text: string, look: Look, colour: boolean): string {
  return !colour || look === "plain" || text === "" ? text : `\u001b[${codes[look]}m${text}\u001b[0m`;
}

// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, "Character Attributes (SGR)"
const codes: Readonly<Record<Exclude<Look, "plain">, string>> = {
  bold: "1",
  dim: "2",
  danger: "1;31",
  warning: "33",
  notice: "36",
  alarm: "1;97;41",
  marked: "1;4",
};
