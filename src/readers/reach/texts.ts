import { type Arg, isKnown } from "../../model/arg.js";

/** Which words of a call are text to it, whatever they look like: patterns, messages, filters, names to leave out. */
export function textsAmong(tool: string, argv: readonly Arg[]): ReadonlySet<number> {
  const texts = new Set<number>();
  const name = tool.replace(/^g(?=sed$|awk$|grep$)/, "");
  const words = argv.map((word) => (isKnown(word) ? word : "\0"));
  const own = tools.get(name);
  words.forEach((word, at) => {
    if (at === 0) return;
    const [option = ""] = word.split("=", 1);
    const isText =
      leftOut.test(option) || own?.texts.has(option) === true || (own === undefined && said.has(option));
    if (!isText) return;
    texts.add(at);
    if (word === option) texts.add(at + 1);
  });
  if (name === "git") return withGit(words, texts);
  if (own?.first === undefined) return texts;
  const at = firstOperand(words, own, texts);
  if (at !== undefined) texts.add(at);
  return texts;
}

interface TextTool {
  /** Options whose value is text. */
  readonly texts: ReadonlySet<string>;
  /** Its first operand is text, unless one of these says it; undefined: it is a file like the others. */
  readonly first?: RegExp;
  /** Short options that take the next word as a value which is no file. */
  readonly values?: RegExp;
}

const set = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const grep: TextTool = {
  texts: set("-e --regexp --color --colour -m --max-count -A -B -C --label -d -D --include --binary-files"),
  first: /^(-[a-zA-Z]*[ef].*|--(regexp|file)(=.*)?)$/,
};
const ripgrep: TextTool = {
  texts: set(
    "-e --regexp -g --glob --iglob -t --type -T --type-not -A -B -C -m -M -j -r -E --max-count --max-columns --max-depth -d --context --after-context --before-context --replace --sort --sortr --color --threads --encoding --type-add --engine",
  ),
  first: /^(-[a-zA-Z]*[ef].*|--(regexp|file|files|type-list)(=.*)?)$/,
};
const sed: TextTool = {
  texts: set("-e --expression -l"),
  first: /^(-[a-zA-Z]*[ef].*|--(expression|file)(=.*)?)$/,
};
const awk: TextTool = {
  texts: set("-F -v -e --source --assign --field-separator"),
  first: /^(-f.*|-e|--(file|source)(=.*)?)$/,
};
const jq: TextTool = { texts: set("--arg --argjson --indent --args --tab"), first: /^(-f|--from-file)$/ };
const message: TextTool = {
  texts: set(
    "-t --title -b --body -m --message -l --label --notes -n --name --description -d --subject -a --assignee -r --reviewer -q --jq --search -S",
  ),
};

const tools: ReadonlyMap<string, TextTool> = new Map<string, TextTool>([
  ...["grep", "egrep", "fgrep", "zgrep", "rgrep", "ugrep", "ag", "ack"].map((name) => [name, grep] as const),
  ["rg", ripgrep],
  ["sed", sed],
  ...["awk", "gawk", "mawk", "nawk"].map((name) => [name, awk] as const),
  ...["jq", "yq", "gojq", "jaq", "dasel"].map((name) => [name, jq] as const),
  ...["gh", "glab", "hub", "tea"].map((name) => [name, message] as const),
  ...["perl", "python", "python3", "node", "ruby", "php", "bun", "deno", "lua", "Rscript", "julia"].map(
    (name) => [name, { texts: set("-e -E -c -p --eval --print -pe -ne -le -m") }] as const,
  ),
  ...["find", "gfind", "bfs"].map(
    (name) =>
      [
        name,
        {
          texts: set(
            "-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname -printf -user -group -perm -size -type -mtime -mmin -regextype",
          ),
        },
      ] as const,
  ),
  ...["fd", "fdfind"].map(
    (name) => [name, { texts: set("-e --extension -t --type -E -d"), first: /^$/ }] as const,
  ),
  [
    "curl",
    {
      texts: set("-H --header -A --user-agent -X --request -w --write-out -e --referer -u --user -x --proxy"),
    },
  ],
  ["tr", { texts: set("-d -s"), first: /^$/ }],
  ["cut", { texts: set("-d -f -c -b") }],
  ["xargs", { texts: set("-I -n -P -L -d -E -s") }],
]);

/** Said by many a tool in the same words. */
const said = set(
  "--message --title --body --subject --description --comment --notes --author --grep --label --reason",
);
/** What is not to be looked at is named so. */
const leftOut = /^--?(exclude|ignore|skip|omit|prune|without|not|negate)(?!.*from)[\w-]*$/;

/** The first word that is neither an option nor an option's value. */
function firstOperand(
  words: readonly string[],
  { first }: TextTool,
  texts: ReadonlySet<number>,
): number | undefined {
  const end = words.indexOf("--");
  const options = end < 0 ? words : words.slice(0, end);
  if (options.some((word, at) => at > 0 && word.startsWith("-") && first?.test(word) === true))
    return undefined;
  return words.findIndex((word, at) => at > 0 && !texts.has(at) && !/^-./.test(word));
}

/** By its subcommand: those that tell of names alone, and the words of messages. */
function withGit(words: readonly string[], texts: Set<number>): ReadonlySet<number> {
  const at = words.findIndex(
    (word, place) =>
      place > 0 && !word.startsWith("-") && !/^(-C|-c|--git-dir|--work-tree)$/.test(words[place - 1] ?? ""),
  );
  const verb = words[at] ?? "";
  const everything = () => new Set(words.keys());
  if (at < 0 || namesOnly.has(verb)) return everything();
  if (verb === "log" && !words.some((word) => /^(-[puL].*|--patch.*|-G.*|-S.*)$/.test(word)))
    return everything();
  texts.add(at);
  const valued =
    verb === "grep"
      ? /^-(e|A|B|C|m)$/
      : /^(-m|--message|--author|--date|--grep|-S|-G|-b|-B|--format|--pretty)$/;
  words.forEach((word, place) => {
    if (place > at && valued.test(word)) texts.add(place).add(place + 1);
    // `-am "…"`, `-mfix`
    if (place > at && /^-[a-z]*m$/.test(word) && verb !== "grep") texts.add(place + 1);
    if (place > at && /^-m./.test(word)) texts.add(place);
  });
  if (verb === "grep" && !words.some((word) => /^-[ef]/.test(word))) {
    const pattern = words.findIndex(
      (word, place) => place > at && !texts.has(place) && !word.startsWith("-"),
    );
    if (pattern > 0) texts.add(pattern);
  }
  return texts;
}

/** They change, or tell of names and commits: what they change is an effect already. */
const namesOnly = set(
  "status ls-files ls-tree ls-remote check-ignore check-attr branch tag remote push pull fetch clone init config rev-parse rev-list " +
    "reflog shortlog describe submodule worktree merge rebase bisect gc prune fsck switch reset revert cherry-pick rm mv clean " +
    "notes sparse-checkout update-index help version symbolic-ref for-each-ref count-objects name-rev var maintenance",
);
