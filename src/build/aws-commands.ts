/** One service of `rules/aws/commands.txt`. */
export interface AwsCommands {
  readonly name: string;
  /** What IAM may know it by, the likeliest first. */
  readonly prefixes: readonly string[];
  readonly operations: readonly AwsOperationName[];
  readonly commands: readonly string[];
  readonly dryRun: readonly string[];
}

export interface AwsOperationName {
  readonly verb: string;
  /** "" for an operation that is its verb alone. */
  readonly noun: string;
  /** IAM's name where it is another. */
  readonly action: string | undefined;
}

/** Reads the list that `commands.py` writes; its form is described there. Throws on a line that is not of that form. */
export function parseAwsCommands(text: string): readonly AwsCommands[] {
  return text
    .split("\n\n")
    .slice(1)
    .map((block) => parseBlock(block.trim().split("\n")));
}

function parseBlock([head = "", ...lines]: readonly string[]): AwsCommands {
  const [, name, prefixes = ""] = /^([\w.-]+):(.*)$/.exec(head) ?? [];
  if (name === undefined) throw new Error(`commands.txt: not the head of a service: "${head}"`);
  const words = lines.map((line) => line.split(" "));
  const wordsOf = (mark: string) => words.filter(([first]) => first === mark).flatMap(([, ...rest]) => rest);
  return {
    name,
    prefixes: prefixes.trim().split(" "),
    operations: words
      .filter(([first = ""]) => /^[A-Z]/.test(first))
      .flatMap(([verb = "", ...nouns]) => nouns.map((entry) => parseOperation(verb, entry))),
    commands: wordsOf("$"),
    dryRun: wordsOf("--dry-run"),
  };
}

function parseOperation(verb: string, entry: string): AwsOperationName {
  const [noun = "", action] = entry.split("=");
  return { verb, noun: noun === "." ? "" : noun, action };
}
