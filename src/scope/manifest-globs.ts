import { escapeGlob } from "../model/glob.js";
import { shaped } from "./manifest-text.js";

/** What lies around a manifest. */
export interface Around {
  /** Absolute path of the user's home. */
  readonly home: string;
  /** All links resolved; of what does not exist, its nearest parent that does. */
  readonly realpath: (path: string) => string;
}

// Few signs, so that two programs cannot read one glob differently: `*` and `?` within a name, `**` for any number of
// folders, `{a,b}`. What other tools give a meaning ([a-z], \, !, +(…), $HOME) is refused rather than taken for a name: a
// `never` that fits nothing would be a hole.
const globPattern =
  /^(?!!)(?!~[^/])(?!.*:\/\/)(?!.*[\\[\]])(?!.*[!@+?*]\()(?!.*\$[{A-Za-z_])(?!.*(?:[^/]\*\*|\*\*[^/]))(?:\.\.(?:\/|$))*(?!(?:.*\/)?\.\.(?:\/|$))[^{}]*(?:\{[^{}]*,[^{}]*\}[^{}]*)*$/;
export const globText = shaped(globPattern, globFault);

function globFault(glob: string): string {
  if (glob.startsWith("!")) return 'cannot begin with "!": name what is meant, and what is not under "never"';
  if (/^~[^/]/.test(glob))
    return 'must begin with "~/" for this user\'s home; other homes are written from "/"';
  if (glob.includes("://")) return "must be a path, not a URL";
  if (glob.includes("\\"))
    return 'must be without "\\": folders are parted by "/", and "?" fits any sign of a name';
  if (/[[\]]/.test(glob))
    return 'must be without "[" and "]", a name or a set of signs: write "?" in their place, or {a,b}';
  if (/[!@+?*]\(/.test(glob)) return 'must be without "(…|…)" as a choice: write {a,b}';
  if (/\$[{A-Za-z_]/.test(glob)) return 'must be without variables: write "~/" for the home';
  if (/[^/]\*\*|\*\*[^/]/.test(glob))
    return 'must have "**" alone between slashes: a/**/b, or "*" within a name';
  if (/[{}]/.test(glob)) return "must have braces as a choice of at least two, not within each other: {a,b}";
  return 'may have ".." at its beginning alone: ../other';
}

const mostGlobs = 100;

/**
 * A glob of a file as absolute globs for picomatch, `**` and signs that mean nothing here escaped, without braces. Several, where there is a
 * choice, or where it names a link: the link itself is meant, and what it leads to.
 */
export function absoluteGlobs(
  glob: string,
  folder: string,
  around: Around,
): readonly string[] | { readonly message: string } {
  const choices = unfold(glob);
  if (choices.length > mostGlobs) return { message: `unfolds into more than ${mostGlobs} globs` };
  // {..,a} and {,a} show what they are only now.
  const wrong = choices.find((one) => one === "" || !globPattern.test(one));
  if (wrong !== undefined)
    return {
      message: wrong === "" ? "has an empty choice" : `means "${wrong}", too, which ${globFault(wrong)}`,
    };
  return [...new Set(choices.flatMap((one) => resolveGlob(one, folder, around)))];
}

/** Whether a glob names something above the folder that relative ones start from. */
export function climbs(glob: string): boolean {
  return unfold(glob).some((one) => /^\.\.(?:\/|$)/.test(one));
}

/** `a/{b,c}` → `a/b`, `a/c`. */
function unfold(glob: string): readonly string[] {
  const found = /^([^{]*)\{([^}]*)\}(.*)$/s.exec(glob);
  if (found === null) return [glob];
  const [, before = "", choice = "", after = ""] = found;
  const rest = unfold(after);
  if (rest.length > mostGlobs) return rest;
  return choice.split(",").flatMap((one) => rest.map((tail) => `${before}${one}${tail}`));
}

function resolveGlob(glob: string, folder: string, { home, realpath }: Around): readonly string[] {
  const full =
    glob === "~" || glob.startsWith("~/")
      ? `${home}${glob.slice(1)}`
      : glob.startsWith("/")
        ? glob
        : undefined;
  const from = full === undefined ? folder : "";
  const parts = (full ?? glob).split("/").filter((part) => part !== "" && part !== ".");
  const first = parts.findIndex((part) => /[*?]/.test(part));
  const literal = first < 0 ? parts : parts.slice(0, first);
  const rest = first < 0 ? [] : parts.slice(first);
  const base = clean(`${from}/${literal.join("/")}`);
  const named = literal.length === 0 ? base : clean(`${realpath(parentOf(base))}/${nameOf(base)}`);
  return [realpath(base), named].map((path) => clean([escapeGlob(path), ...rest.map(escapeRest)].join("/")));
}

/** Without `.`, `..`, doubled slashes and one at the end. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function escapeRest(part: string): string {
  return part.replace(/[()!+@|^$"]/g, "\\$&");
}
