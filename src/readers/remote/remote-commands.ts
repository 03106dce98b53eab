import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { openInputs } from "../inputs.js";
import { inner, join, type Reader, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { readTree } from "../tree/tree.js";
import { optionOf, type Walk, walkTree } from "../tree/walk.js";
import { readInside, readOrders, readText } from "./inside.js";

interface Door {
  /** The subcommand, by its last words: `ssh`, `run`. */
  readonly path: RegExp;
  /** The only ones of the family that it is for. */
  readonly tools?: readonly string[];
  /** Options that carry the command as one text. */
  readonly texts: readonly string[];
  /** The command's words stand behind this many others; undefined: only behind `--`. */
  readonly skip?: number;
  /** Options of the platform that take a value, wherever they stand. */
  readonly own?: RegExp;
  /** Without a command it opens a shell, which takes its orders from stdin. */
  readonly opens: boolean;
}

/** Platforms whose subcommands run a command on a machine of theirs: what it does is judged, not that it is run. */
const doors: Readonly<Record<string, readonly Door[]>> = {
  heroku: [
    {
      path: /^(run(:.*)?|ps:exec|console)$/,
      texts: ["-c", "--command"],
      skip: 0,
      own: /^(-a|--app|-s|--size|-r|--remote|-e|--env|--type)$/,
      opens: true,
    },
  ],
  platform: [
    { path: /^(machine|sandbox) exec$/, texts: [], skip: 1, opens: true },
    {
      path: /^ssh$/,
      tools: ["platform", "upsun"],
      texts: [],
      skip: 0,
      own: /^(-[peA]|--project|--environment|--app)$/,
      opens: true,
    },
    {
      path: /(^| )(ssh|console|exec|ssh console)$/,
      texts: ["-C", "--command", "--ssh-command", "-c"],
      skip: 1,
      opens: true,
    },
    { path: /^apps ssh$/, texts: ["-C", "--command"], opens: true },
  ],
  gcp: [{ path: /(^| )ssh$/, texts: ["--command"], opens: true }],
  azure: [
    { path: /(^| )(invoke|create)$/, texts: ["--scripts", "--script", "--command", "-c"], opens: false },
    { path: /(^| )(exec|ssh)$/, texts: ["--exec-command", "--command"], opens: true },
  ],
  nomad: [{ path: /(^| )exec$/, texts: [], skip: 1, own: /^-(task|job|group)$/, opens: true }],
};

/** The tree, with commands that run on a machine elsewhere judged as lines there. */
export function remoteReader(tree: ToolTree): Reader {
  const own = doors[tree.provider] ?? [];
  return {
    names: tree.names,
    read(given, world) {
      const call = tree.provider === "gcp" ? { ...given, argv: withoutTrack(given.argv) } : given;
      const reading = readTree(tree, call, world);
      const [walk] = walkTree(tree, call.argv.slice(1));
      if (walk?.path.at(-1) === "scp" && tree.provider === "gcp" && reading.effects.length > 0)
        return inner(...wrap(call, world, ["scp", ...walk.words, ...walk.rest], "gcloud compute scp"));
      const door = walk === undefined ? undefined : own.find((one) => isDoor(one, walk, call));
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

function isDoor({ path, tools }: Door, walk: Walk, call: Call): boolean {
  return path.test(walk.path.join(" ")) && tools?.includes(showArg(call.tool)) !== false;
}

/** `gcloud beta sql instances delete` is `gcloud sql instances delete` in a newer version. */
function withoutTrack(argv: readonly Arg[]): readonly Arg[] {
  const isOption = (word: Arg | undefined) => word !== undefined && showArg(word).startsWith("-");
  const at = argv.findIndex((word, index) => index > 0 && !isOption(word) && !isOption(argv[index - 1]));
  return /^(alpha|beta|preview)$/.test(showArg(argv[at] ?? "")) ? argv.toSpliced(at, 1) : argv;
}

/** Undefined: no command is given, or it cannot be seen. */
function readDoor(door: Door, walk: Walk, call: Call, world: World): Reading | undefined {
  const words = [...walk.words, ...walk.rest];
  const app = showArg(optionOf(walk, "-a", "--app", "-n", "--name") ?? walk.words[0] ?? "");
  const where = {
    via: `${showArg(call.tool)} ${walk.path.join(" ")}`,
    host: {
      name: `${showArg(call.tool)} ${app}`.trim(),
      kind: "container",
      machine: app === "" ? "unknown" : app,
    } as const,
  };
  const given = textOf(door, walk, words);
  if (given !== undefined) {
    // `az … --scripts @cleanup.sh`
    const isFile = isKnown(given) && given.startsWith("@");
    const text = isFile ? openInputs(call, world).readText(given.slice(1)) : given;
    return isKnown(text) ? readText(text, where) : undefined;
  }
  const marker = words.indexOf("--");
  const command = marker >= 0 ? words.slice(marker + 1) : commandOf(door, words);
  const [first, second] = command;
  // Typed at a terminal, or by whoever holds the other end of one: the shim asks.
  const isTyped = call.stdin.kind === "terminal" && call.sight !== "later";
  if (first === undefined) return door.opens && !isTyped ? readOrders(call, where, world) : undefined;
  if (isTyped && second === undefined && /^(ba|z|da|a)?sh$/.test(showArg(first))) return undefined;
  // `heroku run "rake db:migrate"`: one word, and a shell over there.
  if (second === undefined && isKnown(first) && /\s/.test(first)) return readText(first, where);
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

/** Without the platform's own options, in front and behind: `heroku run -x rails console -a shop`. */
function commandOf({ skip, own }: Door, words: readonly Arg[]): readonly Arg[] {
  if (skip === undefined) return [];
  const others = words.filter((word, at) => {
    const before = showArg(words[at - 1] ?? "");
    return own === undefined || !(own.test(before) || own.test(showArg(word)));
  });
  const first = others.findIndex((word) => !showArg(word).startsWith("-"));
  return first < 0 ? [] : others.slice(first + skip);
}
