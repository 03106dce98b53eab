import { getSystemErrorName } from "node:util";
import type { Judgement } from "../model/judgement.js";
import { operandPlaces } from "../model/operands.js";
import type { Trash } from "../model/trash.js";
import type { Caller, Move } from "./conversation.js";
import type { ShimCall } from "./protocol.js";
import { removedLine } from "./removed-line.js";

/** What of a deletion goes to the trash instead. */
export interface Keeping {
  readonly id: string;
  /** Indices into argv, in order, each once; and what they name: absolute paths. */
  readonly things: readonly { readonly word: number; readonly path: string }[];
}

/** What became of the way into the trash. */
export type Kept =
  /** `argv`: what is left for the program itself; undefined: nothing. */
  | { readonly kind: "kept"; readonly argv: readonly string[] | undefined }
  /** All is where it was: the call is to be judged as one that deletes. */
  | { readonly kind: "not kept"; readonly reason: string };

/** What the judge found to be for the trash, of the call itself; of what it starts, the shims tell when they run. */
export function findKeeping({ effects, origins }: Judgement, trash: Trash): Keeping | undefined {
  const things: { readonly word: number; readonly path: string }[] = [];
  effects.forEach((effect, at) => {
    if (effect.resource !== "file" || effect.recovery !== "trash" || origins.effects[at] !== 0) return;
    const { operand: word, target: path } = effect;
    // `rm a a`, `rm -r d d/x`: the second is not there any longer when its turn comes, and the program says so.
    const isTaken = things.some((one) => path === one.path || path.startsWith(`${one.path}/`));
    if (word !== undefined && !isTaken) things.push({ word, path });
  });
  return things.length === 0 ? undefined : { id: trash.newId(), things };
}

/**
 * Moves what is for the trash there. The caller itself does it, for rename(2) then asks for the very rights that its own rm
 * would need: in a sandbox that keeps it from a folder, the broker's hand would be a way out. Whatever fails is moved back, so
 * that the call is asked about as a whole.
 */
export async function keep(
  { id, things }: Keeping,
  trash: Trash,
  { call, text, caller }: { readonly call: ShimCall; readonly text: string; readonly caller: Caller },
): Promise<Kept> {
  if (caller.move === undefined) return notKept("nobody is there to move it");
  const room = trash.prepare({ id, text, cwd: call.cwd, paths: things.map(({ path }) => path) });
  if (typeof room === "string") return notKept(room);
  const moves = things.map(({ word }, at) => ({ from: call.argv[word] ?? "", to: room.places[at] ?? "" }));
  const codes = await caller.move(moves);
  // Gone in the middle of it: what it moved is in the trash, written down.
  if (codes === undefined) return notKept("the caller went away");
  if (codes.length === moves.length && codes.every((code) => code === 0) && room.isFull()) {
    room.keep();
    print(call, things, room.list, caller);
    return { kind: "kept", argv: restOf(call.argv, new Set(things.map(({ word }) => word))) };
  }
  const failed = codes.find((code) => code !== 0);
  const reason = failed === undefined ? "what was moved is not what was judged" : errorName(failed);
  const isBack = await moveBack(moves, codes, caller);
  if (isBack) room.drop();
  else room.keep();
  return notKept(isBack ? reason : `${reason}; a part of it is in the trash: holdpoint undo ${id}`);
}

async function moveBack(moves: readonly Move[], codes: readonly number[], caller: Caller): Promise<boolean> {
  const done = moves.filter((_, at) => codes[at] === 0).toReversed();
  if (done.length === 0) return true;
  const back = await caller.move?.(done.map(({ from, to }) => ({ from: to, to: from })));
  return back?.every((code) => code === 0) === true;
}

/** The call without the words that were taken care of; undefined when no other operand is left. */
function restOf(argv: readonly string[], taken: ReadonlySet<number>): readonly string[] | undefined {
  const isLeft = operandPlaces(argv).some((at) => !taken.has(at));
  return isLeft ? argv.filter((_, at) => !taken.has(at)) : undefined;
}

/** What `rm -v` says. */
function print(
  { argv }: ShimCall,
  things: Keeping["things"],
  list: (index: number) => readonly { readonly name: string; readonly isFolder: boolean }[],
  caller: Caller,
): void {
  const places = new Set(operandPlaces(argv));
  if (!argv.some((word, at) => at > 0 && !places.has(at) && /^(-[a-zA-Z]*v|--verb)/.test(word))) return;
  const lines = things.flatMap(({ word }, at) =>
    list(at).map(({ name, isFolder }) => removedLine(argv[word] ?? "", name, isFolder)),
  );
  caller.print?.(lines.map((line) => `${line}\n`).join(""));
}

function notKept(reason: string): Kept {
  return { kind: "not kept", reason };
}

function errorName(code: number): string {
  try {
    return getSystemErrorName(-code);
  } catch {
    return `error ${code}`;
  }
}
