import { isKnown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { deletion, editing, overwriting, readPaths, toolName } from "../file-effects.js";
import type { ApiTable } from "../http/api-table.js";
import { plainRequest, readRequest } from "../http/http-request.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import type { PwshCommand, PwshPipeline, PwshWord } from "./pwsh-words.js";

export interface PwshScene {
  readonly call: Call;
  readonly world: World;
  readonly apis: ApiTable;
  /** A text in the text: what `Invoke-Expression` runs. */
  readonly read: (text: string) => Reading;
}

export function readPipeline(pipeline: PwshPipeline, scene: PwshScene): Reading {
  return join(
    ...pipeline.map((command, at) => readCommand(command, pipeline[at - 1], scene)),
    ...pipeline.map((command) => readRedirection(command, scene)),
  );
}

/** A cmdlet's words: what belongs to a parameter, and what stands alone. */
interface Parameters {
  readonly named: ReadonlyMap<string, readonly PwshWord[]>;
  readonly words: readonly PwshWord[];
}

const noParameters: Parameters = { named: new Map(), words: [] };

/** Switches take no value. */
const switches =
  /^(r|recurse|fo|force|whatif|wi|confirm:?.*|v|verbose|passthru|asjson|usebasicparsing|nonewline|append|noclobber|wait|nonewwindow|file|directory|hidden|ea:.*)$/i;

function readParameters(words: PwshCommand): Parameters {
  const named = new Map<string, PwshWord[]>();
  const rest: PwshWord[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const name =
      word?.isQuoted === false ? /^-([A-Za-z][\w:$]*)$/.exec(word.text)?.[1]?.toLowerCase() : undefined;
    if (word === undefined) continue;
    if (word.text === "," && !word.isQuoted) continue;
    if (name === undefined) rest.push(word);
    else if (/^rec?\w*$/.test(name) || switches.test(name)) named.set(/^r/.test(name) ? "recurse" : name, []);
    else {
      const values = words.slice(at + 1, at + 2);
      for (at += 1; words[at + 1]?.text === ","; at += 2) values.push(...words.slice(at + 2, at + 3));
      named.set(name, values);
    }
  }
  return { named, words: rest };
}

const aliases: Readonly<Record<string, string>> = {
  ...many("remove-item", "ri rm rd del erase rmdir"),
  ...many("move-item", "mi mv move rename-item rni ren"),
  ...many("copy-item", "ci cp copy cpi"),
  ...many("clear-content", "clc"),
  ...many("set-content", "sc out-file add-content-new tee-object export-csv export-clixml"),
  ...many("invoke-restmethod", "irm iwr invoke-webrequest"),
  ...many("invoke-expression", "iex"),
  ...many("start-process", "saps start"),
  ...many("get-childitem", "gci ls dir get-item gi"),
  ...many("foreach-object", "% foreach"),
};

function many(name: string, spellings: string): Readonly<Record<string, string>> {
  return Object.fromEntries(spellings.split(" ").map((spelling) => [spelling, name]));
}

function readCommand(command: PwshCommand, before: PwshCommand | undefined, scene: PwshScene): Reading {
  const isCalled = command[0]?.text === "&" || command[0]?.text === ".";
  const [first, ...rest] = isCalled ? command.slice(1) : command;
  if (first === undefined || (first.isQuoted && !isCalled)) return nothing;
  const name = first.text.toLowerCase();
  const full = Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
  const parameters = readParameters(rest);
  if (parameters.named.has("whatif") || parameters.named.has("wi")) return nothing;
  if (name.startsWith("[")) return readMethod(name, rest, scene);
  // `gci notes | % { $_.Delete() }`
  if (/^\$_\.delete\b/.test(name)) return readRemoval(noParameters, undefined, scene);
  const { call, world } = scene;
  const tool = toolName(call);
  switch (full) {
    case "remove-item":
    case "clear-item":
      return readRemoval(parameters, before, scene);
    // `gci notes | % Delete`
    case "foreach-object":
      return /^delete$/i.test(parameters.words[0]?.plain ?? "")
        ? readRemoval(noParameters, before, scene)
        : readOther(first.text, full, rest, parameters, scene);
    case "move-item":
    case "copy-item":
      return readTransfer(full === "move-item" ? "mv" : "cp", parameters, scene);
    case "clear-content":
      return writes(pathsOf(parameters), scene, (path) => overwriting(tool, path, world));
    case "set-content":
      return writes(pathsOf(parameters).slice(0, 1), scene, (path) => editing(tool, path, world));
    case "invoke-restmethod":
      return readRequestOf(parameters, scene);
    case "invoke-expression": {
      const text = parameters.words[0]?.plain;
      return text === undefined ? nothing : scene.read(text);
    }
    case "start-process": {
      const list = parameters.named.get("argumentlist") ?? parameters.words.slice(1);
      const words = list.flatMap(({ plain }) => plain?.split(/[ ,]+/) ?? []);
      return start(
        [
          ...(parameters.named.get("filepath") ?? parameters.words.slice(0, 1)).map(({ text }) => text),
          ...words,
        ],
        scene,
      );
    }
    case "stop-computer":
    case "restart-computer":
      return start(["shutdown", full === "stop-computer" ? "-h" : "-r", "now"], scene);
    case "format-volume":
    case "clear-disk":
    case "initialize-disk":
    case "remove-partition":
      return effects({
        ...plainEffect(tool, "delete", shown(rest)),
        resource: "device",
        operation: full,
        recovery: "none",
      });
    default:
      return readOther(first.text, full, rest, parameters, scene);
  }
}

function shown(words: PwshCommand): string {
  return words.map(({ text }) => text).join(" ");
}

function pathsOf({ named, words }: Parameters): readonly PwshWord[] {
  return named.get("path") ?? named.get("literalpath") ?? named.get("filepath") ?? named.get("lp") ?? words;
}

function readRemoval(parameters: Parameters, before: PwshCommand | undefined, scene: PwshScene): Reading {
  const given = pathsOf(parameters).filter(({ text }) => text !== "$_" && !text.startsWith("$_."));
  // `Get-ChildItem notes | Remove-Item`: what lies there.
  const source =
    given.length === 0 && before !== undefined ? pathsOf(readParameters(before.slice(1))).slice(0, 1) : given;
  const isTree = parameters.named.has("recurse") || given.length === 0;
  const { call } = scene;
  const tool = toolName(call);
  if (source.length === 0)
    return effects(
      opaqueEffect(tool, "Remove-Item", "cannot tell what it would delete: it comes through a pipe"),
    );
  return writes(source, scene, (path) => [
    deletion(tool, path.replace(/\/\*[^/]*$/, ""), isTree || /\*/.test(path)),
  ]);
}

function readTransfer(program: "mv" | "cp", { named, words }: Parameters, { call }: PwshScene): Reading {
  const [from, to] = [
    ...(named.get("path") ?? []),
    ...words,
    ...(named.get("destination") ?? named.get("newname") ?? []),
  ];
  if (from?.plain === undefined || to?.plain === undefined) return nothing;
  const argv = [program, ...(program === "cp" ? ["-r"] : []), "--", from.plain, to.plain];
  return inner({ kind: "call", argv, via: toolName(call), sight: "never" });
}

function writes(
  words: readonly PwshWord[],
  { call, world }: PwshScene,
  read: (path: string) => readonly Effect[],
): Reading {
  const paths = words.map(({ plain, text }) => plain ?? unknown(text, "a value that the program makes"));
  return effects(
    ...readPaths(
      call,
      world,
      paths.map((path) => (isKnown(path) ? path.replaceAll("\\", "/") : path)),
      "change",
      read,
    ),
  );
}

/** `> file` */
function readRedirection(command: PwshCommand, scene: PwshScene): Reading {
  const at = command.findIndex(({ text, isQuoted }) => !isQuoted && /^[12*]?>$/.test(text));
  const file = at < 0 ? undefined : command[at + 1];
  const tool = toolName(scene.call);
  if (file === undefined || file.text.startsWith("$null")) return nothing;
  return writes([file], scene, (path) => editing(tool, path, scene.world));
}

function readRequestOf({ named, words }: Parameters, { call, apis }: PwshScene): Reading {
  const url = (named.get("uri") ?? words)[0];
  const method = named.get("method")?.[0]?.plain ?? named.get("custommethod")?.[0]?.plain ?? "GET";
  const body = named.get("body")?.[0];
  const tool = toolName(call);
  if (url?.plain === undefined)
    return /^delete$/i.test(method)
      ? effects(opaqueEffect(tool, url?.text ?? "", "it sends DELETE, and nobody can tell where to"))
      : nothing;
  const text =
    body === undefined ? undefined : (body.plain ?? unknown(body.text, "a value that the program makes"));
  return effects(
    ...readRequest({ ...plainRequest, tool, method: method.toUpperCase(), url: url.plain, body: text }, apis),
  );
}

/** `[System.IO.File]::Delete("x")` */
function readMethod(name: string, words: PwshCommand, scene: PwshScene): Reading {
  const [, type = "", method = ""] = /^\[(?:system\.)?([\w.]+)\]::(\w+)$/.exec(name) ?? [];
  const { call, world } = scene;
  const tool = toolName(call);
  const [first] = words;
  if (first === undefined || !/^io\.(file|directory)$/.test(type)) return nothing;
  if (method === "delete")
    return writes([first], scene, (path) => [deletion(tool, path, type === "io.directory")]);
  if (/^(writealltext|writeallbytes|writealllines|create)$/.test(method))
    return writes([first], scene, (path) => editing(tool, path, world));
  return nothing;
}

/** Remove-X of a module that manages something elsewhere; what only leaves the session is not meant. */
const local =
  /^remove-(variable|job|module|pssession|event|alias|itemproperty|typedata|psdrive|psbreakpoint|cimsession|pssnapin|member|property)$/;

function readOther(
  written: string,
  name: string,
  words: PwshCommand,
  parameters: Parameters,
  scene: PwshScene,
): Reading {
  const tool = toolName(scene.call);
  if (/^(remove|clear|uninstall|disable|reset|revoke)-[a-z]\w+$/.test(name)) {
    const isLoss = name.startsWith("remove-") && !local.test(name);
    if (!isLoss) return nothing;
    return effects({
      ...plainEffect(tool, "delete", shown(parameters.words) || shown(words)),
      resource: "cloud",
      provider: /^remove-az/.test(name) ? "azure" : "powershell",
      service: "cmdlet",
      type: name.slice("remove-".length).replace(/^az/, ""),
      operation: written,
      recovery: "none",
      because: `calls ${written}`,
    });
  }
  if (/^[a-z]+-[a-z]/.test(name) && !/^(apt|docker|git|npm|yarn)-/.test(name)) return nothing;
  if (
    /^[$@%?]|^(if|else|elseif|foreach|for|while|function|param|return|try|catch|finally|switch|do|until|throw|exit|where|select|sort|echo|write|cat|type|sleep|cd|pwd|sl|gc|measure|group|ft|fl|tee|foreach-object)$/.test(
      name,
    )
  )
    return nothing;
  return start([written, ...words.map(({ plain, text }) => plain ?? text)], scene);
}

function start(words: readonly string[], { call, world }: PwshScene): Reading {
  return inner(...wrap(call, world, words, toolName(call)));
}
