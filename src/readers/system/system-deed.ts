import type { OtherEffect } from "../../model/effect.js";

/** What one program does to this machine, by the words that make it do so. */
export interface SystemDeed {
  /** Its names, blanks between them. */
  readonly names: string;
  /** About the words behind the name, joined by blanks. */
  readonly when: RegExp;
  readonly unless?: RegExp;
  readonly deed: Pick<OtherEffect, "action" | "recovery" | "because">;
  /** Left out: `process`. */
  readonly resource?: "package" | "device";
}

export const stops = (because: string) => ({ action: "modify", recovery: "recreate", because }) as const;
export const loses = (because: string) => ({ action: "delete", recovery: "none", because }) as const;
export const gives = (because: string) => ({ action: "grant", recovery: "unknown", because }) as const;
export const help = /(^| )(--help|--version)( |$)/;
