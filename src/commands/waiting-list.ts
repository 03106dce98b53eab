import { showUntrusted } from "../prompt/visible.js";
import { cutEnd, cutMiddle, textWidth } from "../prompt/width.js";
import { type Asked, fullId } from "./sessions.js";

/** What waits, a line each: name, session, age, command. */
export function waitingLines(asked: readonly Asked[], columns: number, now = Date.now()): readonly string[] {
  return asked.map((each) => {
    const age = clock(now - Date.parse(each.question.since));
    const head = `${fullId(each)}  ${cutEnd(visible(each.link.session.label), 20).padEnd(12)}  ${age.padStart(5)}  `;
    return `${head}${cutMiddle(commandText(each), Math.max(20, columns - textWidth(head)))}`;
  });
}

export function commandText({ question }: Asked): string {
  const [first, ...more] = question.commands.map(({ text }) => visible(text));
  return more.length === 0 ? (first ?? "") : `${first}  (and ${more.length} more)`;
}

/** One question for a program. */
export function waitingJson(asked: Asked): object {
  const { id, ...rest } = asked.question;
  const { session, label } = { session: asked.link.session.id, label: asked.link.session.label };
  return { id: fullId(asked), session, label, question: id, ...rest };
}

/** It may be what an agent wrote: nothing of it moves the cursor. */
export function visible(text: string): string {
  return text.split("\n").map(showUntrusted).join(" ⏎ ");
}

/** `0:42`, `12:05`, `3:00:07`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (count: number): string => String(count).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
