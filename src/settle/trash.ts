import type { FileEffect } from "../model/effect.js";
import type { World } from "../model/world.js";

export type Trashed =
  | { readonly kind: "settled"; readonly effect: FileEffect }
  /** It is lost; `because`: why the trash would not have it, where that is not plain. */
  | { readonly kind: "not taken"; readonly because: string | undefined };

/** A settled deletion: what would be lost of the work goes to the session's trash where that takes it. */
export function orTrash(effect: FileEffect, world: World): Trashed {
  const { operand, prompts, ...plain } = effect;
  const { recovery, place, action, aspect, because, target, extent } = plain;
  const isLost = recovery === "none" || recovery === "unknown";
  const isWork = place === "workspace" && action === "delete" && aspect === "content";
  if (!isLost) return { kind: "settled", effect: plain };
  if (!isWork || operand === undefined) return { kind: "not taken", because: undefined };
  const fit = world.trash?.takes(target, prompts === true) ?? { ok: false, because: "there is none" };
  if (!fit.ok) return { kind: "not taken", because: fit.because };
  const counted = { kind: "exact", count: fit.files, unit: "files" } as const;
  const kept = "kept in the trash";
  return {
    kind: "settled",
    effect: {
      ...plain,
      recovery: "trash",
      operand,
      extent: extent.kind === "unknown" ? counted : extent,
      because: recovery === "unknown" ? kept : `${because}; ${kept}`,
    },
  };
}
