import picomatch from "picomatch";
import { globMatcher } from "../model/glob.js";
import type { Rank } from "./pattern.js";

/** A glob of absolute paths; one that names a folder is all below it. */
export interface PathGlob {
  /** Undefined: it does not fit. One without a star is exact. */
  rank(path: string): Rank | undefined;
  /** Whether what it names lies below this folder, or may. */
  isBelow(folder: string): boolean;
}

export function compilePathGlob(glob: string): PathGlob {
  const { base: escaped, isGlob } = picomatch.scan(glob);
  const base = withoutEscapes(escaped);
  const plain = withoutEscapes(glob);
  const isFit = globMatcher([glob, `${glob.replace(/\/+$/, "")}/**`], { flags: "s" });
  const literal = glob.replace(/[*?]/g, "").length;
  return {
    rank: (path) => (isFit(path) ? literal + (isGlob || path !== plain ? 0 : 100_000) : undefined),
    isBelow: (folder) =>
      folder === "/" || base.startsWith(`${folder}/`) || (isGlob && `${folder}/`.startsWith(`${base}/`)),
  };
}

/** A folder may be called `app(1)`. */
function withoutEscapes(glob: string): string {
  return glob.replace(/\\(.)/g, "$1");
}
