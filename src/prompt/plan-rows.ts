import { assertNever } from "../model/assert-never.js";
import type { Credential } from "../model/effect.js";
import type { Plan, PlanDeed, PlanStep, PlanSummary } from "../model/plan.js";
import { type CredentialView, credentialWords, warningWords } from "./credential-words.js";
import type { Look } from "./paint.js";
import { allSteps, foldSteps, type ManyDeed, type ShownStep } from "./plan-fold.js";
import { type Frame, labelled, labelWidth } from "./section.js";
import { showUntrusted } from "./visible.js";
import { cutMiddle } from "./width.js";
import { type Row, wrapPieces } from "./wrapping.js";

/**
 * A plan for a terminal: what it comes to, then call by call. The card's whole plan and `explain --plan` show these very rows.
 * `all`: nothing folded.
 */
export function planRows(plan: Plan, frame: Frame, all = false): readonly Row[] {
  const steps = all ? allSteps(plan.steps) : foldSteps(plan.steps);
  const page = new PlanPage(frame, String(plan.summary.calls).length);
  const summary = summaryRows(plan, frame);
  for (const step of steps) page.step(step, 0);
  return page.rows.length === 0 ? summary : [...summary, [], ...page.rows];
}

function summaryRows({ summary, unread }: Plan, frame: Frame): readonly Row[] {
  const { columns, redact } = frame;
  const width = columns - labelWidth - 2;
  const prose = (label: string, texts: readonly string[], look: Look = "plain"): readonly Row[] =>
    labelled(
      label,
      texts.flatMap((text) => wrapPieces([{ text: showUntrusted(redact(text)), look }], width)),
    );
  const { environments, credentials } = summary;
  const hidden =
    summary.unread === 0 ? [] : [`not everything about ${calls(summary.unread)} is known before it runs`];
  return [
    ...labelled("plan", wrapPieces(totals(summary), width)),
    ...prose("where", environments.length === 0 ? [] : [environments.map(placeWords).join(", ")]),
    ...prose(
      "using",
      credentials.map((each) => credentialWords(each, { ...viewOf(frame), isWhole: true })),
    ),
    ...prose("warning", distinctWarnings(credentials, viewOf(frame)), "warning"),
    ...prose("unread", [...hidden, ...unread], "warning"),
  ];
}

function totals({ calls: count, held, lost, doubtful, unread }: PlanSummary): Row {
  const plain = (text: string, look: Look = "plain") => ({ text, look });
  const losses = [
    ...(lost > 0 ? [plain(`, ${things(lost)} destroyed for good`, "danger")] : []),
    ...(doubtful > 0 ? [plain(`, ${things(doubtful)} with no known way back`, "warning")] : []),
  ];
  return [
    plain(calls(count)),
    ...(held === 0
      ? []
      : [plain(held < count ? `, ${held} of them held` : count === 1 ? ", held" : ", all held")]),
    ...(losses.length > 0
      ? losses
      : [
          plain(
            unread + held > 0 ? ", nothing known to be destroyed for good" : ", nothing destroyed for good",
          ),
        ]),
  ];
}

function calls(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "call" : "calls"}`;
}

function things(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "thing" : "things"}`;
}

function placeWords(environment: string): string {
  return environment === "unknown" ? "environment unknown" : environment;
}

/** Steps below each other: numbers in a column of their own, deeper ones indented. */
class PlanPage {
  readonly rows: Row[] = [];
  /** Rules, each with a reason that was given already. */
  private readonly told = new Set<string>();

  constructor(
    private readonly frame: Frame,
    private readonly digits: number,
  ) {}

  step(shown: ShownStep, depth: number): void {
    switch (shown.kind) {
      case "one":
        this.head(shown.step.number, depth, this.title(shown.step));
        this.body(
          shown.step,
          shown.step.deeds.map((deed) => ({ deed, count: deed.count, last: "" })),
          depth,
        );
        break;
      case "many":
        this.head(
          shown.first.number,
          depth,
          `${shown.count.toLocaleString("en-US")} × ${this.title(shown.first)}`,
        );
        this.put(depth, "to", [{ text: this.clean(shown.last.text), look: "plain" }]);
        this.body(shown.first, shown.deeds, depth);
        break;
      case "quiet":
        this.head(
          shown.first,
          depth,
          `${calls(shown.count)} that only read: ${this.clean(shown.tools.join(", "))}`,
          "dim",
        );
        return;
      default:
        assertNever(shown);
    }
    for (const one of shown.inner) this.step(one, depth + 1);
  }

  /** Of what starts others two rows are enough: they stand below it. */
  private title({ via, text, inner }: PlanStep): string {
    const title = this.clean(via.length === 0 ? text : `by ${via.join(", ")}: ${text}`);
    return inner.length === 0 ? title : cutMiddle(title, Math.max(40, this.frame.columns * 2 - 20));
  }

  private body({ isCertain, unread }: PlanStep, deeds: readonly ManyDeed[], depth: number): void {
    for (const one of deeds) this.deed(one, depth);
    for (const text of usesWords(deeds, viewOf(this.frame))) this.line(depth, "uses", text);
    for (const text of distinctWarnings(credentialsOf(deeds), viewOf(this.frame)))
      this.line(depth, "warning", text, "warning");
    for (const text of unread) this.line(depth, "unread", text, "warning");
    if (!isCertain && deeds.length > 0) this.line(depth, "when", "only if it comes to that");
  }

  private deed({ deed, count, last }: ManyDeed, depth: number): void {
    const { words, isCertain, loss, back } = deed;
    const one = isCertain ? words : `might ${words}`;
    const text = last === "" || count === 1 ? one : `${things(count)}: ${one} … ${last}`;
    this.line(depth, deedLabel(deed), text, loss === "good" ? "danger" : "plain");
    const where = [
      ...(deed.environment === undefined ? [] : [placeWords(deed.environment)]),
      ...boundsWords(deed),
    ];
    if (where.length > 0) this.line(depth, "where", where.join("; "), placeLook(deed.environment));
    const because = deed.because.join(", ");
    const evidence = because === "" ? back : back === "" ? because : `${back} (${because})`;
    if (evidence !== "" && deed.action !== "read")
      this.line(depth, back === "" ? "because" : "back", evidence, backLook(deed));
    for (const { rule, verdict, because: reason, instead, back: way } of deed.held) {
      const key = `${rule}\u0000${reason}`;
      const isTold = this.told.has(key);
      this.told.add(key);
      this.line(
        depth,
        verdict === "deny" ? "denied" : "asked",
        isTold ? `[${rule}], as above` : `${reason} [${rule}]`,
      );
      if (way !== undefined && !isTold) this.line(depth, "back", way);
      if (instead !== undefined && !isTold) this.line(depth, "instead", instead);
    }
  }

  private head(number: number, depth: number, text: string, look: Look = "bold"): void {
    const front = ` ${String(number).padStart(this.digits)} ${" ".repeat(this.indent(depth))}`;
    const rows = wrapPieces([{ text, look }], this.frame.columns - front.length - 1);
    for (const [at, row] of rows.entries())
      this.rows.push([{ text: at === 0 ? front : " ".repeat(front.length), look: "dim" }, ...row]);
  }

  private line(depth: number, label: string, text: string, look: Look = "plain"): void {
    this.put(depth, label, [{ text: this.clean(text), look }]);
  }

  private put(depth: number, label: string, row: Row): void {
    const margin = " ".repeat(this.digits + 4 + this.indent(depth));
    const wide = `${margin}${label.padEnd(deedLabelWidth)}`;
    for (const [at, pieces] of wrapPieces(row, this.frame.columns - wide.length - 1).entries())
      this.rows.push([{ text: at === 0 ? wide : " ".repeat(wide.length), look: "dim" }, ...pieces]);
  }

  /** Two columns a level, as long as most of the row is left for words. */
  private indent(depth: number): number {
    return Math.min(depth * 2, Math.max(0, Math.floor((this.frame.columns - 40) / 4)));
  }

  /** Secrets first: half of one would not be known for one. */
  private clean(text: string): string {
    return cutMiddle(showUntrusted(this.frame.redact(text)), longest);
  }
}

/** What the summary says in full of each. */
function usesWords(deeds: readonly ManyDeed[], view: CredentialView): ReadonlySet<string> {
  const words = deeds.flatMap(({ deed: { credentials, environment } }) =>
    credentials.map((each) => credentialWords(each, { ...view, environment })),
  );
  return new Set(words);
}

function credentialsOf(deeds: readonly ManyDeed[]): readonly Credential[] {
  return deeds.flatMap(({ deed }) => deed.credentials);
}

function distinctWarnings(credentials: readonly Credential[], view: CredentialView): readonly string[] {
  return [...new Set(credentials.flatMap((each) => warningWords(each, view) ?? []))];
}

function viewOf({ around, now = Date.now() }: Frame): CredentialView {
  return { around, now };
}

const deedLabelWidth = 9;
const longest = 4000;

function deedLabel({ action, resource, loss }: PlanDeed): string {
  if (resource === "opaque") return "unread";
  if (loss === "none") return "does";
  return action === "delete" ? "destroys" : "changes";
}

/** Unless a rule says it below. */
function boundsWords({ boundsBecause, held }: PlanDeed): readonly string[] {
  return boundsBecause === undefined || held.some(({ because }) => because === boundsBecause)
    ? []
    : [boundsBecause];
}

function placeLook(environment: string | undefined): Look {
  return environment?.startsWith("production") ? "danger" : environment === "unknown" ? "warning" : "plain";
}

function backLook({ recovery, back }: PlanDeed): Look {
  return back === ""
    ? "plain"
    : recovery === "none"
      ? "danger"
      : recovery === "unknown"
        ? "warning"
        : "plain";
}
