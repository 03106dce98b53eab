import { type Arg, isKnown, showArg } from "../model/arg.js";
import type { Call } from "../model/call.js";
import type { ToolTree } from "../model/knowledge.js";
import type { World } from "../model/world.js";
import { readInside, readText } from "./inside.js";
import { join, type Reader, type Reading } from "./reader.js";
import { readTree } from "./tree.js";
import { optionOf, type Walk, walkTree } from "./tree-walk.js";

interface Door {
  /** The subcommand, by its last words: `ssh`, `run`. */
  readonly path: RegExp;
  /** Options that carry the command as one text. */
  readonly texts: readonly string[];
  /** The command's words stand behind this many others; undefined: only behind `--`. */
  readonly skip?: number;
}

/** Platforms whose subcommands run a command on a machine of theirs: what it does is judged, not that it is run. */
const doors: Readonly<Record<string, readonly Door[]>> = {
  heroku: [{ path: /^(run(:.*)?|ps:exec|console)$/, texts: ["-c", "--command"], skip: 0 }],
  platform: [
    { path: /(^| )(ssh|console|exec)$/, texts: ["-C", "--command", "--ssh-command", "-c"] },
    { path: /^apps ssh$/, texts: ["-C", "--command"] },
  ],
  gcp: [{ path: /(^| )ssh$/, texts: ["--command"] }],
  azure: [
    { path: /(^| )(invoke|create)$/, texts: ["--scripts", "--script"] },
    { path: /(^| )(exec|ssh)$/, texts: ["--exec-command", "--command"] },
  ],
  nomad: [{ path: /(^| )exec$/, texts: [], skip: 1 }],
};

/** The tree, with commands that run on a machine elsewhere judged as lines there. */
export function remoteReader(tree: ToolTree): Reader {
  const own = doors[tree.provider] ?? [];
  return {
    names: tree.names,
    read(call, world) {
      const reading = readTree(tree, call, world);
      const [walk] = walkTree(tree, call.argv.slice(1));
      const door = walk === undefined ? undefined : own.find(({ path }) => path.test(walk.path.join(" ")));
      const isRun = reading.effects.some(({ action }) => action === "execute");
      if (walk === undefined || door === undefined || !isRun) return reading;
      const inside = readDoor(door, walk, call, world);
      // A command that was read says more than that one runs.
      return inside === undefined
        ? reading
        : join({ ...reading, effects: reading.effects.filter(({ action }) => action !== "execute") }, inside);
    },
  };
}

/** Undefined: no command is given, or it cannot be seen. */
function readDoor(door: Door, walk: Walk, call: Call, world: World): Reading | undefined {
  const words = [...walk.words, ...walk.rest];
  const where = {
    via: `${showArg(call.tool)} ${walk.path.join(" ")}`,
    host: {
      name: `${showArg(call.tool)} ${showArg(optionOf(walk, "-a", "--app", "-n", "--name") ?? walk.words[0] ?? "")}`.trim(),
      kind: "container",
    } as const,
  };
  const text = textOf(door, walk, words);
  if (text !== undefined) return isKnown(text) ? readText(text, where) : undefined;
  const marker = words.indexOf("--");
  const command =
    marker >= 0 ? words.slice(marker + 1) : door.skip === undefined ? [] : operands(words).slice(door.skip);
  const [first, second] = command;
  if (first === undefined) return undefined;
  // `heroku run "rake db:migrate"`: one word, and a shell over there.
  if (second === undefined && isKnown(first) && /\s/.test(first)) return readText(first, where);
  // A shell that is opened there takes what nobody sees here.
  if (second === undefined && /^(ba|z|da|a)?sh$/.test(showArg(first)))
    return call.stdin.kind === "text" ? readInside(call, command, where, world) : undefined;
  return readInside(call, command, where, world);
}

function textOf(door: Door, walk: Walk, words: readonly Arg[]): Arg | undefined {
  const option = walk.options.findLast(({ name }) => door.texts.includes(name))?.value;
  if (option !== undefined) return option;
  for (const [at, word] of words.entries()) {
    const text = showArg(word);
    if (door.texts.includes(text)) return words[at + 1];
    const equals = text.indexOf("=");
    if (equals > 0 && isKnown(word) && door.texts.includes(text.slice(0, equals)))
      return word.slice(equals + 1);
  }
  return undefined;
}

/** Without the platform's own options in front: `heroku run -a shop rails console`. */
function operands(words: readonly Arg[]): readonly Arg[] {
  let at = 0;
  while (at < words.length && showArg(words[at] ?? "").startsWith("-")) {
    const text = showArg(words[at] ?? "");
    at += /^(-a|--app|-s|--size|-r|--remote|-e|--env|--type|-task|-job)$/.test(text) ? 2 : 1;
  }
  return words.slice(at);
}
