import { type Arg, isKnown } from "../../model/arg.js";
import type { ToolCommand, ToolTree } from "../../model/knowledge.js";
import type { Walk } from "../tree/walk.js";
import { walkTree } from "../tree/walk.js";

/**
 * The words without the switches that never take a value: `railway ssh --json keys list` must not be read as a `--json`
 * that takes `keys`. What is passed on to another program stays as it is.
 */
export function withoutSwitches(tree: ToolTree, words: readonly Arg[]): readonly Arg[] {
  const [first] = walkTree(tree, words);
  if (first === undefined) return words;
  const end = ownWords(first, words);
  const isSwitch = (word: Arg | undefined) =>
    word !== undefined && isKnown(word) && (switches.has(word) || (word === "-v" && isVerbose(first)));
  // `railway -e help volume delete`: an environment of that name is not the subcommand.
  const isHelp = (at: number) =>
    at < end && words[at] === "help" && isOption(words[at - 1]) && !isSwitch(words[at - 1]);
  return words.flatMap((word, at) => {
    if (at >= end) return [word];
    if (isSwitch(word) || isHelp(at)) return [];
    return [isHelp(at + 1) && isKnown(word) ? `${word}${word.startsWith("--") ? "=" : ""}help` : word];
  });
}

/** `railway volume help delete` explains; behind an option nobody says whether `help` is its value. */
export function asksForHelp(tree: ToolTree, words: readonly Arg[]): boolean {
  const [walk] = walkTree(tree, words);
  if (walk?.options.some(({ name }) => tree.quiet.includes(name)) === true) return true;
  let command: ToolCommand = tree.root;
  for (const word of words) {
    if (word === "help") return command.commands.length > 0;
    const below = command.commands.find(
      ({ name, aliases }) => name === word || aliases.some((one) => one === word),
    );
    if (below === undefined) return false;
    command = below;
  }
  return false;
}

function isOption(word: Arg | undefined): boolean {
  return word !== undefined && isKnown(word) && /^--?\w/.test(word);
}

/** How many words are the tool's own: up to the first that it hands on, the `--` before it included. */
function ownWords(walk: Walk, words: readonly Arg[]): number {
  const dashes = words.indexOf("--");
  const end = walk.rest.length > 0 ? words.length - walk.rest.length : words.length;
  return dashes < 0 ? end : Math.min(end, dashes);
}

/** `-v` names a volume or a variable elsewhere. */
function isVerbose({ path }: Walk): boolean {
  return path[0] === "run" || path[0] === "dev";
}

const switches: ReadonlySet<string> = new Set(
  (
    "--all --allow-errors --apply --browserless --build --check --ci --claude --codex --compact --confirm-destructive " +
    "--cpu --daily --decrypt-variables --deployment --detach --detailed-exit-code --dry-run --ephemeral --from-source " +
    "--full --grok --include-types --json --keep-awake --kv --latest --local --memory --monthly --native --new " +
    "--no-deploy --no-ephemeral --no-gitignore --no-https --no-local --no-ssh --no-swr --no-tui --no-verify --no-wait " +
    "--path-as-root --print --private-network --raw --refresh-auth --remote --resume-from-last-read --rollback " +
    "--show --show-values --silent --skip-deploys --ssh --stdin --strict --swr --verbose --wait --weekly " +
    "--yes -y -a"
  ).split(" "),
);
