import { posix } from "node:path";
import type { Arg } from "../../src/model/arg.js";
import type { Call } from "../../src/model/call.js";
import { type FileEffect, type OpaqueEffect, opaqueEffect, plainEffect } from "../../src/model/effect.js";
import { envFrom } from "../../src/model/env.js";
import type { World } from "../../src/model/world.js";
import { type FakeFile, fakeWorld as plainWorld } from "../fake-world.js";

/** Path → text of a file; `null` is a folder, `-> path` a link, `device` a device. Folders above are there too. */
export type Files = Readonly<Record<string, string | null>>;

export const shimPath = "/shims:/usr/bin:/bin";

/** A world of these files, with a repository in `/w`, and a shim for every name on a PATH that has `/shims`. */
export function fakeWorld({
  files = {},
  ignored = [],
}: {
  files?: Files;
  ignored?: readonly string[];
} = {}): World {
  const base = plainWorld({
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [path, entryOf(content)])),
  });
  const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
  return {
    ...base,
    git: {
      ...base.git,
      repository: (path) => (isBelow(path, "/w") ? { top: "/w", gitDir: "/w/.git" } : undefined),
      ignoredSinceStart: (top, relative) => ignored.some((folder) => isBelow(`${top}/${relative}`, folder)),
    },
    isShimmed: (_name, path) => path.split(":").includes("/shims"),
  };
}

function entryOf(content: string | null): FakeFile {
  if (content === null) return { dir: true };
  if (content === "device") return { kind: "device" };
  return content.startsWith("-> ") ? { link: content.slice(3) } : { text: content };
}

/** A call of these words in `/w`; a string is split at its spaces. */
export function fakeCall(words: string | readonly Arg[], more: Partial<Call> = {}): Call {
  const argv = typeof words === "string" ? words.split(" ").filter((word) => word !== "") : words;
  const [name = ""] = argv;
  return {
    tool: typeof name === "string" ? posix.basename(name) : name,
    argv,
    cwd: "/w",
    env: envFrom([["PATH", shimPath]]),
    stdin: { kind: "none" },
    redirects: [],
    via: [],
    sight: "now",
    certain: true,
    span: undefined,
    ...more,
  };
}

/** The effect that a reader should give for one plain file. */
export function fileEffect(
  tool: string,
  action: FileEffect["action"],
  target: string,
  more: Partial<FileEffect> = {},
): FileEffect {
  return {
    ...plainEffect(tool, action, target),
    resource: "file",
    place: "unknown",
    recursive: false,
    aspect: "content",
    extent: { kind: "exact", count: 1, unit: "files" },
    ...more,
  };
}

export function tree(tool: string, target: string, more: Partial<FileEffect> = {}): FileEffect {
  return fileEffect(tool, "delete", target, { recursive: true, extent: { kind: "unknown" }, ...more });
}

export function renamed(tool: string, target: string, to: string): FileEffect {
  return fileEffect(tool, "modify", target, { aspect: "name", recovery: "needless", to });
}

export function opaque(tool: string, target: string, because: string, guarded = true): OpaqueEffect {
  return opaqueEffect(tool, target, because, guarded);
}
