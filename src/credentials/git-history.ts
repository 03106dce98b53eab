import { decodeBytes } from "../model/bytes.js";
import type { GitStream } from "../world/git-stream.js";

/** A file's content as some commit had it. */
export interface PastFile {
  readonly blob: string;
  /** From the top of the work tree. */
  readonly path: string;
  /** The oldest commit that has it there. */
  readonly commit: { readonly id: string /** Milliseconds since the epoch. */; readonly time: number };
}

export interface HistoryQuestion {
  readonly git: GitStream;
  readonly top: string;
  /** From the top; undefined: all. */
  readonly paths: readonly string[] | undefined;
  /** Also what no branch, tag or stash leads to any longer, as long as git remembers. */
  readonly reflog: boolean;
  readonly signal: AbortSignal;
}

export type History =
  | { readonly ok: true; readonly files: readonly PastFile[]; readonly commits: number }
  | { readonly ok: false; readonly reason: string };

/** Every content that these paths had in any commit. By plumbing alone: `git log` would run what the repository's settings name. */
export async function walkHistory({ git, top, paths, reflog, signal }: HistoryQuestion): Promise<History> {
  const limit = paths === undefined ? [] : ["--", ...paths];
  const run = { cwd: top, workTree: top, signal };
  const listed: Buffer[] = [];
  const refs = ["--all", ...(reflog ? ["--reflog"] : [])];
  const asked = await git(
    {
      ...run,
      args: [
        "--literal-pathspecs",
        "rev-list",
        "--timestamp",
        "--topo-order",
        "--full-history",
        ...refs,
        ...limit,
      ],
    },
    (chunk) => listed.push(chunk),
  );
  if (!asked.ok) return asked;
  const times = new Map(
    Buffer.concat(listed)
      .toString("latin1")
      .split("\n")
      .flatMap((line): readonly (readonly [string, number])[] => {
        const [time, id] = line.split(" ");
        return id === undefined ? [] : [[id, Number(time) * 1000]];
      }),
  );
  if (times.size === 0) return { ok: true, files: [], commits: 0 };
  const reader = new DiffReader(times);
  const compared = await git(
    {
      ...run,
      // A merge is compared with each of its parents: what stands in it alone would not show otherwise.
      args: [
        ...[
          "--literal-pathspecs",
          "diff-tree",
          "--stdin",
          "-r",
          "-m",
          "--root",
          "--raw",
          "--no-abbrev",
          "-z",
        ],
        ...["--no-renames", "--no-ext-diff", "--no-textconv", ...limit],
      ],
      input: `${[...times.keys()].join("\n")}\n`,
    },
    (chunk) => reader.take(chunk),
  );
  return compared.ok ? { ok: true, files: [...reader.found.values()], commits: times.size } : compared;
}

/** `ID NUL :MODE MODE OLD NEW STATUS NUL PATH NUL …`, again for each commit, none before those that came of it. */
class DiffReader {
  readonly found = new Map<string, PastFile>();
  private rest = "";
  private commit = { id: "", time: 0 };
  private blob: string | undefined;
  constructor(private readonly times: ReadonlyMap<string, number>) {}

  take(chunk: Buffer): void {
    const tokens = (this.rest + chunk.toString("latin1")).split("\0");
    this.rest = tokens.pop() ?? "";
    for (const token of tokens) this.read(token);
  }

  private read(token: string): void {
    if (this.blob !== undefined) {
      const { blob, commit } = this;
      this.blob = undefined;
      if (blob !== "") this.found.set(`${blob} ${token}`, { blob, path: pathOf(token), commit });
      return;
    }
    const [, mode, blob = ""] = /^:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) /.exec(token) ?? [];
    // Only regular files have content to look at: 120000 is a link, 160000 a submodule; a deleted one is all zeros.
    if (mode !== undefined) this.blob = /^100/.test(mode) && !/^0+$/.test(blob) ? blob : "";
    else if (this.times.has(token)) this.commit = { id: token, time: this.times.get(token) ?? 0 };
  }
}

function pathOf(name: string): string {
  return /[\x80-\xff]/.test(name) ? decodeBytes(Buffer.from(name, "latin1")) : name;
}

/** Contents of blobs, one after the other; those above the size are left out. The answer is how many could not be had. */
export async function readBlobs(
  { git, top, signal }: Pick<HistoryQuestion, "git" | "top" | "signal">,
  ids: readonly string[],
  most: number,
  take: (id: string, content: Buffer) => void,
): Promise<
  { readonly ok: true; readonly missing: number } | { readonly ok: false; readonly reason: string }
> {
  if (ids.length === 0) return { ok: true, missing: 0 };
  const run = { cwd: top, workTree: top, signal };
  const sizes: Buffer[] = [];
  const checked = await git(
    { ...run, args: ["cat-file", "--batch-check"], input: `${ids.join("\n")}\n` },
    (chunk) => sizes.push(chunk),
  );
  if (!checked.ok) return checked;
  const lines = Buffer.concat(sizes).toString("latin1").split("\n");
  const wanted = lines.flatMap((line) => {
    const [id = "", type, size] = line.split(" ");
    return type === "blob" && Number(size) <= most ? [id] : [];
  });
  const missing = lines.filter((line) => line.endsWith(" missing")).length;
  if (wanted.length === 0) return { ok: true, missing };
  const reader = new BlobReader(take);
  const read = await git(
    { ...run, args: ["cat-file", "--batch"], input: `${wanted.join("\n")}\n` },
    (chunk) => reader.take(chunk),
  );
  return read.ok ? { ok: true, missing } : read;
}

/** `ID blob SIZE LF`, SIZE bytes, LF. */
class BlobReader {
  private chunks: Buffer[] = [];
  private length = 0;
  /** Bytes without which nothing can be told. */
  private needed = 1;
  constructor(private readonly onBlob: (id: string, content: Buffer) => void) {}

  take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length < this.needed) return;
    let rest = Buffer.concat(this.chunks);
    for (;;) {
      const end = rest.indexOf(10);
      if (end < 0) {
        this.needed = rest.length + 1;
        break;
      }
      const [id = "", , size] = rest.subarray(0, end).toString("latin1").split(" ");
      const after = end + 1 + Number(size ?? 0) + 1;
      // `ID missing` has no content.
      if (size === undefined) {
        rest = rest.subarray(end + 1);
        continue;
      }
      if (rest.length < after) {
        this.needed = after;
        break;
      }
      this.onBlob(id, rest.subarray(end + 1, after - 1));
      rest = rest.subarray(after);
    }
    this.chunks = [rest];
    this.length = rest.length;
  }
}
