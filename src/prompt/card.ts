import type { Question } from "../model/question.js";
import type { Severity } from "../model/rule.js";
import { shareRows, shortSections, wholeRows } from "./card-sections.js";
import { worstSeverity } from "./headlines.js";
import { withLookups } from "./looked-up.js";
import { type Look, paint } from "./paint.js";
import { allowPhrase } from "./phrase.js";
import { showUntrusted } from "./visible.js";
import { cutEnd, cutMiddle, textWidth } from "./width.js";
import { paintRow, type Row, wrapPieces } from "./wrapping.js";

export interface CardView {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  /** The whole plan instead of what fits. */
  readonly full: boolean;
  /** A word to type, where keys could come from someone else than the human. */
  readonly challenge: string | undefined;
  readonly remainingMs: number;
  readonly redact: (text: string) => string;
  /** Somebody else may answer as well: `q` and Ctrl-C leave it to them. */
  readonly canLeave?: boolean;
}

/** What the human is typing, or was told. */
export interface CardState {
  /** First row of the whole plan that is shown. */
  readonly offset: number;
  readonly entry: { readonly prompt: string; readonly text: string } | undefined;
  readonly notice: string | undefined;
}

export interface Card {
  readonly lines: readonly string[];
  /** Highest useful `offset`. */
  readonly lastOffset: number;
  /** Rows of the plan that are seen at once. */
  readonly page: number;
}

/** The card as lines of at most `columns`, with SGR when `colour`. With `full` all rows of the plan, however many. */
export function renderCard(question: Question, view: CardView): string[] {
  const state: CardState = { offset: 0, entry: undefined, notice: undefined };
  return [
    ...composeCard(question, view.full ? { ...view, rows: Number.MAX_SAFE_INTEGER } : view, state).lines,
  ];
}

/** The card for a screen: never more than `rows` lines. */
export function composeCard(question: Question, view: CardView, state: CardState): Card {
  const foot = footLines(question, view, state);
  const hasRules = view.rows >= 12;
  const head = [titleLine(question, view), ...(hasRules ? [rule(view)] : [])];
  const page = Math.max(1, view.rows - head.length - foot.length - (hasRules ? 1 : 0));
  const seen = withLookups(question);
  const body: readonly Row[] | readonly string[] = view.full
    ? wholeRows(seen, view)
    : shareRows(shortSections(seen, view), page, view.colour);
  const lastOffset = Math.max(0, body.length - page);
  const offset = Math.min(state.offset, lastOffset);
  const shown = body
    .slice(offset, offset + page)
    .map((row) => (typeof row === "string" ? row : paintRow(row, view.colour)));
  const lines = [
    ...head,
    ...shown,
    ...(hasRules ? [pageRule(offset, shown.length, body.length, view)] : []),
    ...foot,
  ];
  return { lines: lines.slice(0, view.rows), lastOffset, page };
}

function titleLine(question: Question, view: CardView): string {
  const severity = worstSeverity(question);
  const badge = ` ${severity.toUpperCase()} `;
  const count = question.items.reduce((sum, item) => sum + item.callers, 0);
  const behind = question.behind ?? 0;
  const waits = `${count > 1 ? `${count} commands wait for you` : "a command waits for you"}${behind > 0 ? `, ${number(behind)} more behind` : ""}`;
  const left = clock(view.remainingMs);
  const room = view.columns - textWidth(badge) - 1;
  const wide = ` holdpoint: ${waits}`;
  const right = room >= textWidth(wide) + left.length + 12 ? `denied in ${left} ` : `${left} `;
  const middle = cutEnd(
    room >= textWidth(wide) + right.length + 1 ? wide : " holdpoint",
    Math.max(0, room - right.length),
  );
  const blank = " ".repeat(Math.max(0, room + 1 - textWidth(middle) - right.length));
  return paint(badge, badges[severity], view.colour) + paint(middle, "bold", view.colour) + blank + right;
}

const badges: Readonly<Record<Severity, Look>> = {
  info: "notice",
  low: "notice",
  medium: "warning",
  high: "danger",
  critical: "alarm",
};

function rule(view: CardView): string {
  return paint("─".repeat(view.columns), "dim", view.colour);
}

function pageRule(offset: number, shown: number, total: number, view: CardView): string {
  if (!view.full || shown >= total) return rule(view);
  const place = ` ${offset + 1} to ${offset + shown} of ${total} · space, j, k scroll `;
  const text = cutEnd(`──${place}`, view.columns);
  return paint(text + "─".repeat(Math.max(0, view.columns - textWidth(text))), "dim", view.colour);
}

function footLines(question: Question, view: CardView, state: CardState): readonly string[] {
  const { columns, colour } = view;
  const width = columns - 2;
  const notice =
    state.notice === undefined ? [] : [` ${paint(cutEnd(state.notice, width), "warning", colour)}`];
  if (state.entry !== undefined) {
    const { prompt, text } = state.entry;
    const shown = showUntrusted(text);
    const tail = textWidth(shown) > width - 3 ? `…${[...shown].slice(-(width - 4)).join("")}` : shown;
    return [
      ...notice,
      ...wrapPieces([{ text: prompt, look: "bold" }], width).map((row) => ` ${paintRow(row, colour)}`),
      ` > ${tail}▏`,
      ` ${paint(cutEnd(`Enter when done   Esc back   Ctrl-C ${view.canLeave ? "leave" : "deny"}`, width), "dim", colour)}`,
    ];
  }
  const phrase = allowPhrase(question.typed, view.challenge);
  const hint =
    phrase === undefined
      ? []
      : [cutEnd(` To allow, press a or s and type ${cutMiddle(phrase, Math.max(8, columns - 34))}`, columns)];
  return [...notice, ...hint, ...keyLines(view, question.behind ?? 0)];
}

function keyLines(view: CardView, behind: number): readonly string[] {
  const isWide = view.columns >= 78;
  const keys = [
    ...(isWide ? longKeys : shortKeys),
    ["v", view.full ? "less" : isWide ? "whole plan" : "all"] as const,
    ...(view.canLeave ? [["q", "leave"] as const] : []),
    ...(behind > 0 ? [["D", `deny all ${number(behind + 1)}`] as const] : []),
  ];
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const [key, words] of keys) {
    const width = key.length + 1 + words.length;
    const isFull = line !== "" && used + 2 + width > view.columns;
    if (isFull) lines.push(line);
    line = isFull || line === "" ? " " : `${line}  `;
    used = isFull || used === 0 ? 1 + width : used + 2 + width;
    line += `${paint(key, "bold", view.colour)} ${words}`;
  }
  return [...lines, line];
}

const longKeys = [
  ["d", "deny"],
  ["a", "allow once"],
  ["s", "allow this session"],
  ["r", "deny with reason"],
] as const;
const shortKeys = [
  ["d", "deny"],
  ["a", "once"],
  ["s", "session"],
  ["r", "why"],
] as const;

function number(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
