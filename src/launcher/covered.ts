import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path/posix";
import type { Sight } from "../world/view.js";

/** Folders over which a sandbox has links to shims. */
export class Covered {
  /** Real path of a folder → where the links that lie over it are put, and their names. */
  private readonly folders = new Map<
    string,
    { readonly farm: string; readonly names: ReadonlySet<string> }
  >();

  /** `farms`: a folder of our own, in which one is made for each. */
  constructor(
    private readonly farms: string,
    private readonly bin: string,
    private readonly sight: Pick<Sight, "linkAt" | "realpath">,
  ) {}

  get overlays(): readonly { readonly target: string; readonly lowers: readonly string[] }[] {
    return [...this.folders].map(([target, { farm }]) => ({ target, lowers: [farm, target] }));
  }

  /** Of `inside`, before the overlays. */
  get steps(): readonly string[] {
    return [...this.folders.values()].flatMap(({ farm, names }) => ["links", farm, this.bin, ...names, ";"]);
  }

  /** `folder`: a real path. Nothing is put over a folder without any of the names. */
  add(folder: string, names: readonly string[]): void {
    if (names.length === 0 || this.folders.has(folder)) return;
    const farm = join(this.farms, String(this.folders.size));
    mkdirSync(farm, { recursive: true, mode: 0o755 });
    this.folders.set(folder, { farm, names: new Set(names) });
  }

  /** Whether a path leads the sandbox's processes to a shim, by itself or by a link on the way. */
  covers(path: string): boolean {
    const { linkAt, realpath } = this.sight;
    for (let at = path, hops = 0; hops < mostLinks; hops++) {
      const folder = realpath(dirname(at));
      if (this.folders.get(folder)?.names.has(basename(at)) === true) return true;
      const target = linkAt(join(folder, basename(at)));
      if (target === undefined) return false;
      at = target.startsWith("/") ? target : join(folder, target);
    }
    return true;
  }
}

/** As the kernel has it: MAXSYMLINKS. */
const mostLinks = 40;
