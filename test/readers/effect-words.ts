import type { Effect } from "../../src/model/effect.js";

/** An effect in one line: `delete DELETE users, all rows, none`. `?` where it is only possible. */
export function show(effect: Effect): string {
  const words = `${effect.action} ${detail(effect)}`;
  const mark = effect.certainty === "possible" && effect.resource !== "opaque" ? "?" : "";
  if (effect.resource === "opaque") return `opaque ${effect.target}: ${effect.because}`;
  return `${words}${effect.recovery === "needless" ? "" : `, ${effect.recovery}`}${mark}`;
}

function detail(effect: Effect): string {
  switch (effect.resource) {
    case "sql":
      return `${effect.statement} ${effect.target}${effect.restricted ? "" : ", all rows"}${
        effect.recovery === "needless" && effect.action === "delete" ? ` (${effect.because})` : ""
      }`;
    case "cloud":
      return `${effect.operation} ${effect.type} ${effect.target}${effect.extent.kind === "exact" ? "" : `, ${effect.extent.kind}`}`;
    default:
      return `${effect.resource} ${effect.target}`;
  }
}
