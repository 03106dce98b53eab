import type { Manifest, ScopeEnvironment } from "../model/scope.js";
import { showUntrusted } from "../prompt/visible.js";

/** What trusting a manifest would let go without a question; one line each. */
export function looseningLines({ environments }: Manifest): readonly string[] {
  const open = environments.filter(({ allow }) => allow.length > 0);
  if (open.length === 0)
    return [
      "It allows nothing that is asked about: trusted or not, it only tightens. Trusted, it goes on holding",
      "when the file is changed or deleted.",
    ];
  return [
    "Trusted, it lets these go without a question, where a rule that is neither locked nor critical would ask:",
    ...open.map((each) => `  ${showUntrusted(each.name)}: ${each.allow.join(", ")} ${placesOf(each)}`),
    "And it goes on holding, without allowing anything, when the file is changed or deleted.",
  ];
}

const mostLabels = 6;

function placesOf({ labels }: ScopeEnvironment): string {
  if (labels.length === 0) return "(nothing belongs to it)";
  const shown = labels.slice(0, mostLabels).map(({ kind, value }) => `${kind} ${showUntrusted(value)}`);
  const more = labels.length > mostLabels ? ` and ${labels.length - mostLabels} more` : "";
  return `on ${shown.join(", ")}${more}`;
}

/** The text as it is, with what would not be seen made visible. Tabs stay: YAML allows them between words. */
export function visibleLines(text: string): readonly string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.replace(/\r$/, "").split("\t").map(showUntrusted).join("\t"));
}
