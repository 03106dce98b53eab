import { isKnown, showArg } from "../model/arg.js";
import type { Effect } from "../model/effect.js";
import type { JudgedCall, Judgement } from "../model/judgement.js";
import type { Previews } from "../model/preview.js";
import type { Decision } from "../model/rule.js";
import { foundLines } from "../prompt/found-section.js";
import { circumstances } from "../prompt/headlines.js";
import type { Look } from "../prompt/paint.js";
import { unknownPrograms } from "../prompt/unknown-programs.js";
import { cutMiddle } from "../prompt/width.js";
import { effectWords, recoveryWords } from "../prompt/words.js";
import type { Piece } from "../prompt/wrapping.js";
import { type Finding, gatherFindings, gatherHarmless } from "./explanation-findings.js";
import { type Mark, underline } from "./explanation-marks.js";
import { Page, type View } from "./page.js";

const mostFindings = 9;
const mostHarmless = 4;
const mostUnforeseen = 4;

/** What the line would do, which rules say so, and what to do instead. A line that is fine takes one row. */
export function explainForPeople(
  judgement: Judgement,
  line: string,
  view: View,
  previews?: Previews,
): readonly string[] {
  const { verdict, severity } = judgement;
  const out = new Page(view);
  if (verdict === "allow") {
    out.plain(`${verdictWords.allow}: ${summary(judgement)}`, "notice");
    sayUnforeseen(judgement, out);
    return out.rows;
  }
  const findings = gatherFindings(judgement);
  out.plain(`${verdictWords[verdict]} (${severity})`, verdictLooks[verdict]);
  out.rows.push("", ...underline(line, marksOf(findings), { ...view, columns: out.columns }), "");
  const told = new Set<string>();
  for (const finding of findings.slice(0, mostFindings)) sayFinding(finding, told, out);
  const more = findings.length - mostFindings;
  if (more > 0) out.plain(`… and ${more} more; --json has all`, "dim");
  const found = foundLines({ items: previews === undefined ? [] : [{ previews }] });
  for (const [at, { text, look }] of found.entries()) out.labelled(at === 0 ? "found" : "", text, look);
  sayHarmless(judgement, out);
  sayUnforeseen(judgement, out);
  const rule = findings[0]?.matches[0]?.rule;
  if (rule !== undefined) out.labelled("more", `holdpoint explain --why ${rule}`, "dim");
  return out.rows;
}

export const verdictWords: Readonly<Record<Decision, string>> = {
  allow: "would run, logged",
  ask: "would ask",
  deny: "would be denied",
};

export const verdictLooks: Readonly<Record<Decision, Look>> = {
  allow: "notice",
  ask: "warning",
  deny: "danger",
};

function marksOf(findings: readonly Finding[]): readonly Mark[] {
  const bySpan = new Map<string, Finding[]>();
  for (const finding of findings.slice(0, mostFindings)) {
    if (finding.span === undefined) continue;
    const key = `${finding.span.start} ${finding.span.end}`;
    bySpan.set(key, [...(bySpan.get(key) ?? []), finding]);
  }
  return [...bySpan.values()].flatMap((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (first?.span === undefined || last === undefined) return [];
    const label = first === last ? `${first.number}` : `${first.number}-${last.number}`;
    const look: Look = group.some((finding) => finding.verdict === "deny") ? "danger" : "warning";
    return [{ span: first.span, label, look }];
  });
}

/** A rule's reason is said once; where it speaks again, by its name. */
function sayFinding(finding: Finding, told: Set<string>, out: Page): void {
  const { number, headline, matches } = finding;
  const words = cutMiddle(`${headline.isCertain ? "Would" : "Might"} ${headline.words}`, 600);
  out.wrapped(`${number}`.padStart(2), 4, [{ text: words, look: "bold" }]);
  out.wrapped("", 4, details(finding));
  for (const { rule, because, instead, back, verdict } of matches) {
    const key = `${rule}\u0000${because}`;
    const isTold = told.has(key);
    told.add(key);
    out.labelled(
      verdict === "deny" ? "  denied" : "  asked",
      isTold ? `[${rule}], as above` : `${because} [${rule}]`,
    );
    if (back !== undefined && !isTold) out.labelled("  back", back);
    if (instead !== undefined && !isTold) out.labelled("  instead", instead);
  }
  out.rows.push("");
}

function details({ headline }: Finding): readonly Piece[] {
  return circumstances(headline).flatMap((text, at): readonly Piece[] => [
    ...(at === 0 ? [] : [{ text: " · ", look: "dim" } as const]),
    { text, look: text === "in production" || text === "no way back" ? "danger" : "plain" },
  ]);
}

/** What an allowed line does, as far as it is more than looking. */
function summary(judgement: Judgement): string {
  const [first, ...rest] = judgement.effects.filter(
    (effect) => effect.action !== "read" && effect.recovery !== "needless",
  );
  if (first === undefined) return "nothing here needs a human";
  const more = rest.length === 0 ? "" : `, and ${rest.length} more`;
  return `${effectText(first)}${more}`;
}

function effectText(effect: Effect): string {
  const back = effect.recovery === "needless" ? effect.because : recoveryWords(effect);
  return back === "" ? effectWords(effect) : `${effectWords(effect)} (${back})`;
}

function sayHarmless(judgement: Judgement, out: Page): void {
  const harmless = gatherHarmless(judgement);
  const texts = [...new Set(harmless.filter((effect) => effect.action !== "read").map(effectText))];
  const shown = texts.slice(0, mostHarmless).map((text) => cutMiddle(text, 120));
  const more = texts.length - shown.length;
  const reads = harmless.filter((effect) => effect.action === "read").length;
  const parts = [
    ...shown,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(reads > 0 ? [`${reads} ${reads === 1 ? "thing is" : "things are"} only read`] : []),
  ];
  if (parts.length > 0) out.labelled("besides", parts.join("; "));
}

/** What is not known now, with the reason; a shim will see most of it when it comes to that. */
function sayUnforeseen({ calls, errors, effects }: Judgement, out: Page): void {
  const said = new Set(effects.map((effect) => effect.because));
  for (const error of errors.filter((one) => !said.has(one))) out.labelled("unread", error);
  const later = [...new Set(calls.flatMap(unforeseen))];
  for (const text of later.slice(0, mostUnforeseen)) out.labelled("later", text);
  if (later.length > mostUnforeseen) out.labelled("later", `and ${later.length - mostUnforeseen} more`);
  const strangers = unknownPrograms(calls);
  if (strangers.length > 0)
    out.labelled(
      "unknown",
      `${strangers.join(", ")}: what it starts is judged, what it does by itself is not`,
    );
}

function unforeseen({ known, sight, argv }: JudgedCall): readonly string[] {
  if (!known || sight !== "later") return [];
  const words = argv.filter((arg) => !isKnown(arg));
  const [first] = words;
  if (first === undefined || isKnown(first)) return [];
  const text = cutMiddle(argv.map(showArg).join(" "), 100);
  return [`${text}: ${first.reason}; judged when it runs, with what it is then`];
}
