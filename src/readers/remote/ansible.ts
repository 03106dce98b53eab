import { type Arg, isKnown, showArg, type Unknown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { type CloudEffect, type Effect, opaqueEffect, plainEffect } from "../../model/effect.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { openInputs } from "../inputs.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { optionOf, type Walk, walkTree } from "../tree/walk.js";
import { isDestructiveName } from "../verbs.js";
import { type ModuleDeed, moduleDeed, type Settings, settingsOf } from "./ansible-modules.js";
import { readText } from "./inside.js";

/** `ansible`: its module as what it does on those hosts. Of a playbook, what its name, its tags and its variables say. */
export function ansibleReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read(call, world) {
      const [walk] = walkTree(tree, call.argv.slice(1));
      if (walk === undefined || walk.options.some(({ name }) => tree.quiet.includes(name))) return nothing;
      const tool = showArg(call.tool);
      if (tool === "ansible") return readModule(walk, call, world);
      return tool === "ansible-console" ? readConsole(call) : readPlaybook(walk, call);
    },
  };
}

function readModule(walk: Walk, call: Call, world: World): Reading {
  const module = optionOf(walk, "-m", "--module-name") ?? "command";
  const args = optionOf(walk, "-a", "--args") ?? "";
  const hidden = [module, args].find((word): word is Unknown => !isKnown(word));
  if (hidden !== undefined) return unseen(call, hidden.reason);
  const pattern = showArg(walk.words[0] ?? "");
  const name = showArg(module).replace(/^.*\./, "");
  const text = showArg(args);
  if (name === "script") return readScript(text, pattern, walk, call, world);
  const deed = shells.has(name)
    ? ({ kind: "line", text: asLine(name, withoutSettings(text)) } as const)
    : moduleDeed(name, settingsOf(text));
  return readDeed(deed, pattern, name, walk, call);
}

function asLine(name: string, text: string): string {
  return name.startsWith("win_") ? `pwsh -Command '${text.replaceAll("'", "'\\''")}'` : text;
}

const shells: ReadonlySet<string> = new Set(["command", "shell", "raw", "win_shell", "win_command"]);

/** `chdir=/srv creates=/srv/a rm -rf b`: what is in front belongs to the module. */
function withoutSettings(text: string): string {
  const [, folder] = /(?:^|\s)chdir=(\S+)/.exec(text) ?? [];
  const command = text
    .replace(/(?:^|\s)(?:chdir|creates|removes|executable|warn|stdin|_uses_shell)=\S+/g, " ")
    .replace(/^\s*cmd=/, "")
    .trim();
  return folder === undefined ? command : `cd ${folder} && ${command}`;
}

function readDeed(deed: ModuleDeed, pattern: string, module: string, walk: Walk, call: Call): Reading {
  switch (deed.kind) {
    case "nothing":
      return nothing;
    case "line":
      return onHosts(deed.text, pattern, walk);
    default:
      return effects(change(call, walk, deed, `${pattern} ${module}`));
  }
}

/** On those hosts, or on this machine: `ansible localhost -m shell -a …`. */
function onHosts(text: string, pattern: string, walk: Walk): Reading {
  const isHere =
    /^(localhost|127\.0\.0\.1|::1)$/.test(pattern) ||
    showArg(optionOf(walk, "-c", "--connection") ?? "") === "local";
  const line: Inner = { kind: "line", text, shell: "sh", via: "ansible", stdin: { kind: "none" } };
  return isHere ? inner(line) : readText(text, { via: "ansible", host: { name: pattern, kind: "machine" } });
}

/** `-m script -a "cleanup.sh --all"`: a file of this machine that runs over there. */
function readScript(text: string, pattern: string, walk: Walk, call: Call, world: World): Reading {
  const [file = ""] = withoutSettings(text).split(/\s+/);
  const content = openInputs(call, world).readText(file);
  return isKnown(content) ? onHosts(content, pattern, walk) : unseen(call, content.reason);
}

function readConsole(call: Call): Reading {
  const isQuiet = call.stdin.kind === "terminal" || call.stdin.kind === "none";
  return isQuiet ? nothing : unseen(call, "it takes its orders from stdin");
}

/** `teardown.yml`, `--tags uninstall`, `-e state=absent`: what it does is not read, so the words count. */
function readPlaybook(walk: Walk, call: Call): Reading {
  const files = walk.words.map(showArg).filter((word) => isTelling(word.replace(/^.*\//, "")));
  const tags = valuesOf(walk, "-t", "--tags").filter(isTelling);
  const variables = valuesOf(walk, "-e", "--extra-vars").filter(isTellingSetting);
  const [found] = [...files, ...tags, ...variables];
  if (found === undefined) return nothing;
  const because = `"${found}" says that something goes; what a playbook does is not read`;
  const target = walk.words.map(showArg).join(" ");
  return effects(change(call, walk, { action: "delete", recovery: "unknown", because }, target));
}

function valuesOf(walk: Walk, ...names: readonly string[]): readonly string[] {
  return walk.options.flatMap(({ name, value }) =>
    names.includes(name) && value !== undefined ? [showArg(value)] : [],
  );
}

function isTelling(name: string): boolean {
  return isDestructiveName(name) || /(^|[^a-z])(tear[-_]?down|clean[-_]?up|absent)([^a-z]|$)/i.test(name);
}

/** `state=absent`, `{"action": "destroy"}`, `confirm_delete=yes`. */
function isTellingSetting(text: string): boolean {
  const settings: Settings = settingsOf(text);
  return [...settings].some(
    ([name, value]) => isTelling(value) || (isTelling(name) && /^(yes|true|1|on)$/i.test(value)),
  );
}

function change(
  call: Call,
  walk: Walk,
  { action, recovery, because }: Pick<Effect, "action" | "recovery" | "because">,
  target: string,
): CloudEffect {
  return {
    ...plainEffect(showArg(call.tool), action, target),
    resource: "cloud",
    provider: "ansible",
    service: "ansible",
    type: "infrastructure",
    operation: walk.words.map(showArg).join(" "),
    recovery,
    because,
    environment: showArg(optionOf(walk, "-l", "--limit") ?? "unknown"),
  };
}

function unseen(call: Call, reason: string): Reading {
  if (call.sight === "later") return { ...nothing };
  const shown = call.argv.map((word: Arg) => showArg(word)).join(" ");
  return join(
    effects(opaqueEffect(showArg(call.tool), shown, `what it does there cannot be foreseen: ${reason}`)),
  );
}
