import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { listFolder, listPattern, someBelow } from "./listing.js";
import {
  type CodeCall,
  type CodeValue,
  hiddenValue,
  joinTexts,
  listValue,
  showValue,
  textsOf,
  textValue,
} from "./values.js";

/** The files that a call of a language's own library gives: `glob.glob("*.log")`, `fs.readdirSync("d")`, `Path("d").iterdir()`. */
export function readListing(
  { call, world }: { readonly call: Call; readonly world: World },
  { name, values, named, receiver, cwd }: CodeCall,
): CodeValue | undefined {
  const place = { cwd: placeOf(call, cwd) };
  const all = (texts: readonly Arg[], list: (text: Arg) => readonly Arg[], isPath = false): CodeValue =>
    listValue(texts.flatMap(list).map((text) => textValue(text, isPath)));
  const given = values.slice(0, 1).flatMap(textsOf);
  if (/^Pathname\.glob$/.test(name)) return all(given, (text) => listPattern(place, world, text), true);
  if (globs.test(name)) return all(given, (text) => listPattern(place, world, text));
  if (folders.test(name))
    return all(given.length > 0 ? given : ["."], (text) =>
      // Julia's `readdir("d", join=true)`
      listFolder(place, world, text, showValue(named.get("join") ?? listValue([])) === "true"),
    );
  if (/^(os\.scandir|list\.files|dir_ls|Dir\.children|File\.ls!?)$/.test(name))
    return all(given.length > 0 ? given : ["."], (text) =>
      listFolder(place, world, text, name !== "Dir.children" && name !== "File.ls!"),
    );
  if (name === "os.walk" || name === "walkdir") return listValue(given.map((text) => walked(text)));
  if (
    name === "(path).iterdir" ||
    name === "(path).children" ||
    name === "(path).each_child" ||
    name === "(path).listFiles"
  )
    return all(textsOf(receiver ?? hiddenValue("")), (text) => listFolder(place, world, text, true), true);
  if (name === "(path).glob" || name === "(path).rglob") {
    const deep = name === "(path).rglob" ? "**/" : "";
    return all(
      textsOf(receiver ?? hiddenValue("")),
      (text) => {
        const [pattern = "*"] = given;
        return listPattern(
          place,
          world,
          text === "." ? joinTexts(deep, pattern) : joinTexts(joinTexts(text, `/${deep}`), pattern),
        );
      },
      true,
    );
  }
  return undefined;
}

const globs =
  /^(glob\.i?glob|glob|bsd_glob|File\.Glob\.bsd_glob|Dir\.glob|Dir\.\[\]|glob\.sync|glob\.globSync|globSync|fs\.globSync|fg\.sync|fast-glob\.sync|fast-glob|globby|globby\.sync|globbySync|tiny-glob|Path\.wildcard|Sys\.glob|Rake\.FileList)$/;
const folders =
  /^(os\.listdir|fs\.readdirSync|fs\.promises\.readdir|readdirSync|readdir|Dir\.entries|Dir\.children|scandir|fs\.readdir|readdir\(\)|Deno\.readDirSync|lfs\.dir)$/;

/** `for root, dirs, files in os.walk(x)` */
function walked(text: Arg): CodeValue {
  const start = isKnown(text) ? `${text.replace(/\/+$/, "")}/` : "";
  const inside = isKnown(text) ? someBelow(start, `os.walk("${text}")`) : text;
  const name: Arg = { ...unknown("name", "a file that the program finds there"), shape: "name" };
  return listValue([textValue(inside), listValue([textValue(name)]), listValue([textValue(name)])]);
}

/** The folder that relative paths of a call start from. */
export function placeOf(call: Call, cwd: Arg | undefined): Call["cwd"] {
  if (cwd === undefined) return call.cwd;
  if (!isKnown(cwd)) return cwd;
  if (cwd.startsWith("/")) return cwd;
  return isKnown(call.cwd) ? `${call.cwd}/${cwd}` : call.cwd;
}
