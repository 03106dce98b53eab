import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { deletion, readPaths } from "../file-effects.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";

/** Windows' own shell as WSL starts it: `cmd.exe /c "del /s /q notes"`. */
export const windowsShell: Reader = {
  names: ["cmd.exe"],
  read(call, world) {
    const words = call.argv.slice(1);
    const at = words.findIndex((word) => isKnown(word) && /^\/[ckr]$/i.test(word));
    if (at < 0) return nothing;
    const orders = words.slice(at + 1);
    const hidden = orders.find((word) => !isKnown(word));
    if (hidden !== undefined && !isKnown(hidden))
      return effects(
        opaqueEffect("cmd.exe", hidden.source, `cannot tell what it would run: ${hidden.reason}`),
      );
    return join(...splitOrders(orders.map(showArg).join(" ")).map((order) => readOrder(order, call, world)));
  },
};

/** `wsl.exe -d Debian -- rm -rf notes` runs in the distribution; `--unregister` deletes one with all its files. */
export const windowsSubsystem: Reader = {
  names: ["wsl.exe"],
  read(call) {
    const words = call.argv.slice(1);
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at];
      if (word === undefined || !isKnown(word)) return nothing;
      if (word === "--unregister")
        return effects(
          losing("wsl.exe", showArg(words[at + 1] ?? ""), "a distribution goes with all its files"),
        );
      if (/^(-d|--distribution|--distribution-id|-u|--user|--cd|--shell-type)$/.test(word)) at += 1;
      else if (/^(--|-e|--exec)$/.test(word)) return runInside(words.slice(at + 1));
      else if (word === "~" || word === "--system") continue;
      else return word.startsWith("-") ? nothing : runInside(words.slice(at));
    }
    return nothing;
  },
};

function runInside(argv: readonly Arg[]): Reading {
  return argv.length === 0 ? nothing : inner({ kind: "call", argv, via: "wsl.exe", sight: "never" });
}

/** Commands between `&`, `&&`, `|` and `||`, outside of double quotes; `^` takes the meaning from what follows it. */
function splitOrders(text: string): readonly string[] {
  return (text.match(/(?:"[^"]*"?|\^.|[^&|"^\n])+/gs) ?? []).map((order) =>
    order.replace(/\^(.)/gs, "$1").trim(),
  );
}

function readOrder(order: string, call: Call, world: World): Reading {
  const words = (order.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ""));
  const start = words.findIndex((word) => !/^(@|@?call|\(|\))$/i.test(word));
  const [name = "", ...rest] = words.slice(start < 0 ? words.length : start);
  const given = rest.filter((word) => word.startsWith("/")).map((word) => word.toLowerCase());
  const targets = rest.filter((word) => !word.startsWith("/"));
  // `del/s/q notes`, `rd/s notes`
  const [tool = "", ...joined] = name
    .toLowerCase()
    .replace(/^@/, "")
    .split(/(?=\/)/);
  const flags = [...given, ...joined];
  switch (tool) {
    case "del":
    case "erase":
      return deleting(targets, flags.includes("/s"), call, world);
    case "rd":
    case "rmdir":
      return flags.includes("/s") ? deleting(targets, true, call, world) : nothing;
    case "format":
    case "format.com":
    case "diskpart":
      return effects(losing("cmd.exe", order, "a volume of this machine is made anew"));
    case "vssadmin":
    case "wbadmin":
      return rest[0]?.toLowerCase() === "delete"
        ? effects(losing("cmd.exe", order, "copies that a disk could be restored from go"))
        : nothing;
    default:
      return tool === "" || harmless.has(tool)
        ? nothing
        : inner({ kind: "call", argv: [plainPath(name), ...rest], via: "cmd.exe", sight: "never" });
  }
}

/** Words of cmd.exe itself, which would be other programs here. */
const harmless: ReadonlySet<string> = new Set(
  "cd chdir cls color copy date dir echo exit find for if mkdir md more path pause rem set sort start time title tree type ver vol where".split(
    " ",
  ),
);

function deleting(targets: readonly string[], isTree: boolean, call: Call, world: World): Reading {
  const paths = targets.map(plainPath);
  return effects(
    ...readPaths(call, world, paths, "delete", (path) =>
      namesOf(path, isTree, world).map((one) => deletion("cmd.exe", one, isTree)),
    ),
  );
}

/** `*.*` are the files of a folder, with `/s` those of all below it too. */
function namesOf(path: string, isTree: boolean, world: World): readonly string[] {
  const [, folder = "", pattern] = /^(.*)\/([^/]*[*?][^/]*)$/s.exec(path) ?? [];
  if (pattern === undefined) return [path];
  if (isTree) return [folder || "/"];
  const listing = world.readdir(folder || "/", 1_000);
  const ending = /^\*(\.[^*?]+)$/.exec(pattern)?.[1] ?? "";
  return !listing.ok || !listing.complete
    ? [folder || "/"]
    : listing.names
        .filter((name) => name.endsWith(ending))
        .map((name) => `${folder}/${name}`)
        .filter((one) => isFile(one, world));
}

function isFile(path: string, world: World): boolean {
  const stat = world.lstat(path);
  return stat.exists && stat.kind !== "directory";
}

/** `C:\Users\dev` is `/mnt/c/Users/dev` here. */
function plainPath(path: string): string {
  const [, drive, rest = ""] = /^([A-Za-z]):(.*)$/s.exec(path) ?? [];
  const slashed = (drive === undefined ? path : rest).replaceAll("\\", "/");
  return drive === undefined ? slashed : `/mnt/${drive.toLowerCase()}/${slashed.replace(/^\/+/, "")}`;
}

function losing(tool: string, target: string, because: string) {
  const effect = plainEffect(tool, "delete", target);
  return { ...effect, resource: "device", operation: "delete", recovery: "none", because } as const;
}
