import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import { envFrom } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { type Options, readOptions } from "../options.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight, wrap } from "../sight.js";
import { readNodePreloads } from "./node-preloads.js";
import { readPackageScript } from "./package-scripts.js";
import { type Runner, runnerList } from "./runner-list.js";
import { splitAssignment } from "./sudo.js";

/** Package managers and the like that start a program of a project: `npx X`, `yarn X`, `poetry run X`, `bundle exec X`. */
export const runners: readonly Reader[] = runnerList.map((runner) => ({
  names: runner.names,
  read: (call, world) =>
    forNode.test(runner.names[0] ?? "")
      ? join(readRunner(runner, call, world), readNodePreloads(call, world))
      : readRunner(runner, call, world),
}));

const forNode = /^(npm|npx|pnpm|pnpx|yarn|corepack)$/;

/**
 * Without shims. `npm` gives all to a `sh` on PATH. Version managers look themselves up, and `conda` is asked where it
 * lies (`$(dirname $(which conda))/..`): a link in another folder would break both.
 */
export const unshimmed: readonly string[] =
  "npm corepack conda mamba micromamba mise rtx cargo asdf rbenv pyenv nodenv goenv jenv nvm fnm volta direnv spring".split(
    " ",
  );

function readRunner(runner: Runner, call: Call, world: World): Reading {
  // A version manager's own shim (`exec ~/.pyenv/libexec/pyenv exec python3 …`): what stands for `python3` was read as that.
  if (isOwnShim(call)) return nothing;
  const { operands, given } = readOptions(call.argv.slice(1), runner.options);
  const started = commandOf(runner, operands);
  const all = [...given, ...(started?.given ?? [])];
  if (given.some(({ name }) => name === "help" || name === "version")) return nothing;
  const script = scriptOf(runner, operands, given, call, world);
  if (script !== undefined) return script;
  const lines = all.flatMap(({ name, value }) =>
    (name === "call" || name === "command") && value !== undefined ? [value] : [],
  );
  return join(
    ...lines.map((text) => readLine(runner, text, call, world)),
    started === undefined ? nothing : start(runner, started.words, call, world),
  );
}

function isOwnShim({ argv: [program] }: Call): boolean {
  return program !== undefined && isKnown(program) && /\/libexec\/\w+env$/.test(program);
}

/** Verbs that are scripts by themselves, and those whose next word is one. Yarn and pnpm take any word for one first. */
const scriptVerbs = /^(test|start|stop|restart)$/;
const runVerbs = /^(run|run-script|rum|urn)$/;

/** `npm run clean`, `npm test`, `yarn clean`: what the project's own script does. */
function scriptOf(
  runner: Runner,
  operands: readonly Arg[],
  given: Options["given"],
  call: Call,
  world: World,
): Reading | undefined {
  const [via = ""] = runner.names;
  const [first, ...rest] = operands;
  if (!/^(npm|yarn|pnpm)$/.test(via) || first === undefined || !isKnown(first)) return undefined;
  const behind = readOptions(rest, runner.options);
  const isRun = runVerbs.test(first);
  const word = isRun ? behind.operands[0] : /^(t|tst)$/.test(first) ? "test" : first;
  if (word === undefined || !isKnown(word)) return undefined;
  const isOwn = isRun || scriptVerbs.test(word) || (via !== "npm" && runner.own?.has(word) !== true);
  if (!isOwn) return undefined;
  const { own, words } = splitWords(isRun ? behind.operands.slice(1) : rest, via);
  const all = [...given, ...behind.given];
  // Another package of the same repository has scripts of its own.
  const isElsewhere = own.some(
    (one) => isKnown(one) && /^(-ws?|--workspaces?(=.*)?|--prefix(=.*)?|-C)$/.test(one),
  );
  if (isElsewhere || all.some(({ name }) => /^(workspaces?|filter|filter-prod|recursive)$/.test(name)))
    return undefined;
  const folder = all.find(({ name }) => /^(prefix|cwd|dir)$/.test(name))?.value;
  const place = folder === undefined ? undefined : resolvePath(call, world, folder);
  return readPackageScript(call, world, via, {
    name: word,
    words,
    ...(place === undefined ? {} : { folder: place }),
  });
}

/** npm keeps the options in front of `--` for itself; the others hand on all that follows. */
function splitWords(
  words: readonly Arg[],
  via: string,
): { readonly own: readonly Arg[]; readonly words: readonly Arg[] } {
  const marker = words.indexOf("--");
  const front = marker < 0 ? words : words.slice(0, marker);
  const own = via === "npm" ? front.filter((word) => isKnown(word) && word.startsWith("-")) : [];
  return {
    own,
    words: [...front.filter((word) => !own.includes(word)), ...(marker < 0 ? [] : words.slice(marker + 1))],
  };
}

/** `npx -c TEXT`, `doppler run --command TEXT` */
function readLine({ names }: Runner, text: Arg, call: Call, world: World): Reading {
  const via = names[0] ?? "";
  if (isKnown(text)) return inner({ kind: "line", text, shell: "sh", via, ...lineSight(call, world) });
  if (call.sight === "later") return nothing;
  return effects(opaqueEffect(via, text.source, `cannot tell what it would run: ${text.reason}`));
}

interface Started {
  readonly words: readonly Arg[];
  /** Options behind the verb. */
  readonly given: Options["given"];
}

/** The words of the command that is started; undefined when the runner does something of its own. */
function commandOf(runner: Runner, operands: readonly Arg[]): Started | undefined {
  const [first] = operands;
  const word = first !== undefined && isKnown(first) ? first : "";
  const verb = runner.verbs.find((one) => one.word === word);
  if (verb === undefined)
    return runner.own === undefined || runner.own.has(word) ? undefined : { words: operands, given: [] };
  if (verb.itself) return { words: operands, given: [] };
  const rest = operands.slice(1);
  const behind = readOptions(rest, runner.options);
  // `aws-vault exec --duration 1h prod -- X`, `chamber exec api db -- X`
  const marker = verb.marked ? rest.indexOf("--") : -1;
  const words = marker < 0 ? behind.operands.slice(verb.skip) : rest.slice(marker + 1);
  return { words: words[0] === "--" ? words.slice(1) : words, given: behind.given };
}

function start(runner: Runner, words: readonly Arg[], call: Call, world: World): Reading {
  const at = words.findIndex((word) => !isSetting(word));
  const [first, ...rest] = words.slice(Math.max(at, 0));
  if (at < 0 || first === undefined) return nothing;
  const env = envFrom(words.slice(0, at).filter(isKnown).map(splitAssignment), call.env);
  const [via = ""] = runner.names;
  const program = isKnown(first) ? programOf(first) : first;
  if (runner.shell) {
    const text = [program, ...rest].map(showArg).join(" ");
    return inner({ kind: "line", text, shell: "sh", via, ...lineSight(call, world) });
  }
  // What it puts in front of PATH (a virtual environment, `.bin`) leads past the shims.
  const more = runner.fronts ? { env, sight: "never" as const } : { env };
  return inner(...wrap(call, world, [program, ...rest], via, more));
}

/** `cross-env A=1 X` */
function isSetting(word: Arg): boolean {
  return isKnown(word) && /^\w+=/.test(word);
}

/** `prisma@latest` and `@railway/cli` are packages; what they start has a name of its own. */
function programOf(word: string): string {
  const [, name = word] = /^((?:@[^/@]+\/)?[^/@]+)(?:@.*)?$/s.exec(word) ?? [];
  return programs.get(name) ?? (name.startsWith("@") ? name.slice(name.indexOf("/") + 1) : name);
}

const programs: ReadonlyMap<string, string> = new Map([
  ["@railway/cli", "railway"],
  ["@mikro-orm/cli", "mikro-orm"],
  ["@redwoodjs/cli", "rw"],
  ["@medusajs/cli", "medusa"],
  ["@aws-amplify/cli", "amplify"],
  ["@nestjs/cli", "nest"],
  ["@sentry/cli", "sentry-cli"],
  ["@infisical/cli", "infisical"],
  ["@dotenvx/dotenvx", "dotenvx"],
  ["dotenv-cli", "dotenv"],
  ["@changesets/cli", "changeset"],
  ["aws-cdk", "cdk"],
  ["awscli", "aws"],
  ["azure-cli", "az"],
  ["firebase-tools", "firebase"],
  ["netlify-cli", "netlify"],
  ["vercel-cli", "vercel"],
  ["yoyo-migrations", "yoyo"],
]);
