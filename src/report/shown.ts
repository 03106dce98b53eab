import { showUntrusted } from "../prompt/visible.js";
import { cutMiddle } from "../prompt/width.js";

/** Any text on one line, nothing of it hidden or moving the reader's cursor. */
export function showLine(text: string): string {
  return text.split("\n").map(showUntrusted).join(" ⏎ ");
}

/**
 * What an agent chose, for a line of a job's log. Beside what moves a terminal, it shows what makes runners obey: GitHub's
 * and Azure's take `##[command]` and `##vso[command]` from the middle of any line, TeamCity `##teamcity[…]`. A marker is broken up.
 */
export function showInLog(text: string): string {
  return showLine(text).replace(/#(?=#\w*\[)/g, "⟨U+0023⟩");
}

/** The same, cut in its middle. */
export function cutInLog(text: string, columns: number): string {
  return cutMiddle(showInLog(text), columns);
}
