import { type Command, parse } from "unbash";

/** `set -k`: what looks like an assignment is one for the command alone, wherever it stands: `ls -l PATH=/evil`. */
export function withKeywords(node: Command): Command {
  const words = node.args.filter((word) => word.type === "Word" && /^[A-Za-z_]\w*\+?=/.test(word.text));
  if (words.length === 0) return node;
  const assignments = words.flatMap((word) => {
    // Read in its place, so that what it starts is where it is.
    const command = parse(`${" ".repeat(word.pos)}${word.text} :`).commands[0]?.command;
    return command?.type === "Command" ? command.prefix : [];
  });
  return {
    ...{ type: node.type, pos: node.pos, end: node.end, name: node.name },
    ...{ redirects: node.redirects, prefix: [...node.prefix, ...assignments] },
    suffix: node.suffix.filter((part) => !words.some((word) => word === part)),
    args: node.args.filter((word) => !words.includes(word)),
  };
}
