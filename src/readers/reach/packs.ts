import { decodeBytes } from "../../model/bytes.js";
import { resolvePath } from "../path.js";
import {
  fitsContext,
  fitsName,
  fitsPath,
  foldersNamed,
  type Given,
  has,
  valuesOf,
  type Whole,
} from "./given.js";

export function tar({ call, world, words }: Given): readonly Whole[] {
  const [, first = ""] = words;
  const isBundle = /^[a-zA-Z]+$/.test(first);
  const makes = isBundle
    ? /[cru]/.test(first)
    : has(words, /^(-(?!-)[a-zA-Z]*[cru][a-zA-Z]*|--(create|append|update))$/);
  if (!makes) return [];
  const out = valuesOf(words, /^--exclude$/);
  const at = words.findIndex((word) => /^(-C|--directory)$/.test(word));
  const near = at < 0 ? call : { cwd: resolvePath(call, world, words[at + 1] ?? "") ?? call.cwd };
  const skip = new Set(
    words.flatMap((word, place) =>
      /^(-C|-f|-T|-X|--(directory|file|files-from|exclude(-from)?|transform|owner|group|mode|sort|mtime))$/.test(
        word,
      ) || /^-[a-zA-Z]*f$/.test(word)
        ? [place + 1]
        : [],
    ),
  );
  const archive = isBundle && first.includes("f") ? 2 : -1;
  const names = words.filter(
    (word, place) =>
      place > 0 &&
      !skip.has(place) &&
      place !== archive &&
      !(isBundle && place === 1) &&
      !word.startsWith("-"),
  );
  return foldersNamed(near, world, names, false).map((folder) => ({
    folder,
    skips: (path) => fitsPath(out, path, folder),
  }));
}

export function zip({ call, world, name, words }: Given): readonly Whole[] {
  const isSeven = name !== "zip";
  if (
    isSeven
      ? !/^[au]$/.test(words[1] ?? "")
      : !has(words, /^(-(?!-)[a-zA-Z0-9]*[rR][a-zA-Z0-9]*|--recurse-paths)$/)
  )
    return [];
  const from = words.findIndex((word) => /^(-x|--exclude)$/.test(word));
  const out = [
    ...(from < 0 ? [] : words.slice(from + 1).filter((word) => !word.startsWith("-"))),
    ...words.flatMap((word) => /^-xr?!(.+)$/.exec(word)?.[1] ?? /^-x(.+)$/.exec(word)?.[1] ?? []),
  ];
  const inner = (from < 0 ? words : words.slice(0, from))
    .slice(isSeven ? 2 : 1)
    // A lone `-` is the archive, to stdout.
    .filter((word) => word === "-" || !word.startsWith("-"));
  return foldersNamed(call, world, inner.slice(1), false).map((folder) => ({
    folder,
    skips: (path) => fitsPath(out, path, folder),
  }));
}

/** The sources: all operands but the last, without those of another machine. */
export function copy({ call, world, name, words }: Given): readonly Whole[] {
  const deep =
    name === "cp" || name === "gcp"
      ? /^(-(?!-)[a-zA-Z]*[rRa][a-zA-Z]*|--(recursive|archive))$/
      : /^(-(?!-)[a-zA-Z0-9]*[ra][a-zA-Z0-9]*|--(recursive|archive))$/;
  if (!has(words, deep)) return [];
  const out = valuesOf(words, /^--exclude$/);
  const target = words.findIndex((word) => /^(-t|--target-directory)$/.test(word));
  const skip = new Set(
    words.flatMap((word, at) =>
      /^(-e|--rsh|--exclude|--include|--filter|-f|-i|-P|-o|-F|-t|--target-directory)$/.test(word) &&
      !(name === "rsync" && /^-[iPot]$/.test(word))
        ? [at + 1]
        : [],
    ),
  );
  const all = words.filter((word, at) => at > 0 && !skip.has(at) && !word.startsWith("-"));
  const sources = (target < 0 ? all.slice(0, -1) : all).filter((word) => !/^[^/]+:/.test(word));
  return foldersNamed(call, world, sources, false).map((folder) => ({
    folder,
    skips: (path) => fitsPath(out, path, folder),
  }));
}

export function diff({ call, world, words }: Given): readonly Whole[] {
  if (!has(words, /^(-(?!-)[a-zA-Z]*r[a-zA-Z]*|--recursive)$/)) return [];
  const out = valuesOf(words, /^(-x|--exclude)$/);
  return foldersNamed(
    call,
    world,
    words.slice(1).filter((word) => !word.startsWith("-")),
    false,
  ).map((folder) => ({ folder, skips: (path) => fitsName(out, path) }));
}

/** To a store: `aws s3 sync . s3://bucket`, `gsutil -m cp -r`, `rclone copy`. */
export function upload({ call, world, name, words }: Given): readonly Whole[] {
  const verb = words.findIndex((word) => /^(sync|cp|mv|rsync|copy|copyto|move)$/.test(word));
  if (verb < 0) return [];
  const isDeep = /^(sync|rsync|copy|move)$/.test(words[verb] ?? "") || has(words, /^(-[rR]|--recursive)$/);
  if (!isDeep || (name === "aws" && !words.includes("s3"))) return [];
  const out = valuesOf(words, /^(--exclude|-x)$/);
  const source = words.slice(verb + 1).filter((word) => !word.startsWith("-"))[0] ?? "";
  if (/^[\w-]+:/.test(source)) return [];
  return foldersNamed(call, world, [source], false).map((folder) => ({
    folder,
    skips: (path) => fitsPath(out, path, folder),
  }));
}

/** The context of an image: all of the folder but what `.dockerignore` names. */
export function build({ call, world, words }: Given): readonly Whole[] {
  const at = words.indexOf("build");
  if (words[1] === "cp" || words[2] === "cp")
    return foldersNamed(
      call,
      world,
      words.slice(2).filter((word) => !word.startsWith("-") && !word.includes(":")),
      false,
    ).map((folder) => ({ folder, skips: () => false }));
  if (at < 0 || at > 2 || words[1] === "compose") return [];
  const skip = new Set(
    words.flatMap((word, place) =>
      /^(-[tfmo]|--(tag|file|build-arg|target|platform|label|secret|ssh|cache-from|cache-to|network|output|progress|builder|iidfile|add-host))$/.test(
        word,
      )
        ? [place + 1]
        : [],
    ),
  );
  const context = words
    .filter((word, place) => place > at && !skip.has(place) && !word.startsWith("-"))
    .slice(-1);
  return foldersNamed(call, world, context, false).map((folder) => {
    const listed = world.readFile(`${folder}/.dockerignore`, 64 * 1024);
    const lines = listed.ok
      ? decodeBytes(listed.bytes)
          .split("\n")
          .map((line) => line.trim().replace(/^\/|\/$/g, ""))
          .filter((line) => line !== "" && !/^[#!]/.test(line))
      : [];
    return { folder, skips: (path) => fitsContext(lines, path.slice(folder.length + 1)) };
  });
}
