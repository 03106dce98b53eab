import { besideNames, lookOf } from "./by-look.js";
import { kindByName } from "./kind-by-name.js";
import { isLookAlike } from "./look-alike.js";
import { isSecretValue } from "./secret-value.js";
import {
  type Candidate,
  decodeBase64,
  lineAround,
  type Source,
  unescapeMarkup,
  unescapeText,
} from "./source.js";
import { findStore } from "./store-files.js";
import { readName, type Telling } from "./telling-name.js";

/** Values under telling names, in the spellings of settings, data and code: `KEY=…`, `"key": "…"`, `<key>…</key>`. */
export function findByName(source: Source): readonly Candidate[] {
  const { text, path, file, landmarks } = source;
  if (landmarks.names.length === 0) return [];
  if (text.startsWith("$ANSIBLE_VAULT") || text.includes("kind: SealedSecret")) return [];
  const forms = file.isBare ? [...quoted, ...bare] : quoted;
  const isManifest = /\.(?:ya?ml|json)$/.test(path) && /\bkind["']?: ["']?Secret\b/.test(text);
  const found: Candidate[] = [];
  let from = 0;
  for (const at of landmarks.names) {
    if (at <= from) continue;
    const end = wordEnd(text, at);
    from = end;
    // What is called, counted or compared stands in most texts, and costs the time.
    if (!/[\s"'`\]:=<>?|,-]/.test(text[end] ?? "")) continue;
    const name = text.slice(wordStart(text, at), end);
    const telling = readName(name);
    if (telling === undefined) continue;
    const value = valueAfter(text, end, forms);
    if (value === undefined || value.text.length < 5) continue;
    // In a text that explains, a word with a bracket or a quote in it is code.
    if (file.role === "prose" && /['"`[\](){}<>]/.test(value.text)) continue;
    const candidate = weigh(value, name, telling, source, isManifest);
    if (candidate === undefined) {
      // Of `password=password=password=…` each would be looked at to its end.
      if (value.text.length > longestWord) from = value.end;
      continue;
    }
    found.push(candidate);
    from = candidate.end;
  }
  return found;
}

const longestWord = 400;

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A name may have dots and dashes in it; 80 characters to either side at most. */
function wordStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && from - at < 80 && isNameCode[text.charCodeAt(at - 1)] === 1) at--;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < 80 && isNameCode[text.charCodeAt(at)] === 1) at++;
  return at;
}

const isNameCode = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w.$-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

const inQuotes = `(?:"(?<d>(?:[^"\\\\\\n]|\\\\.){0,4000})"|'(?<q>(?:[^'\\\\\\n]|\\\\.){0,4000})'|\`(?<b>[^\`\\n]{0,4000})\`)`;

/** Between a name and its value, and the value; each begins where the name ends. */
const quoted: readonly RegExp[] = [
  // `key: "…"`, `"key" => '…'`, `key := "…"`, `['key'] = …`, `key: string = "…"`, `var key string = "…"`
  new RegExp(
    `["'\`]?\\]?\\??(?:[ \\t]{0,4}:[ \\t]{0,4}[A-Za-z][\\w.<>[\\]| ]{0,40}?|[ \\t]{1,4}[A-Za-z*]{2,12})?[ \\t]{0,30}(?::=|=>|->|\\?\\?=|\\|\\|=|[=:])\\s{0,30}[rbuf@]?${inQuotes}(?!\\s*\\+)`,
    "y",
  ),
  // `define('KEY', '…')`, `setProperty("key", "…")`
  new RegExp(`["'],[ \\t]{0,4}${inQuotes}`, "y"),
  // `<key>…</key>`, `name="key" value="…"`, `{"name": "key", "value": "…"}`
  /\s{0,4}>\s{0,4}(?<x>[^<>\s]{1,1000})\s{0,4}<\//y,
  new RegExp(`["'],?\\s{1,40}["']?value["']?\\s{0,4}[=:]\\s{0,4}${inQuotes}`, "y"),
  // `<key>Password</key><string>…</string>`
  /<\/key>\s{0,40}<string>(?<x>[^<>\n]{1,1000})<\/string>/y,
];
const bare: readonly RegExp[] = [
  // `KEY=…`, `key: …`
  /["']?[ \t]{0,30}(?:[:?]?=|:(?!:))[ \t]{0,30}(?<u>[^\s"'`<>|&;]\S{0,4000})/y,
  // `- name: KEY` and, a line below, `value: …`
  /["']?[ \t]{0,4}\r?\n[ \t-]{1,40}value:[ \t]{1,8}["']?(?<v>[^\s"'`]{1,1000})/y,
  // `{"Key": …` without quotes around the value, `setx KEY …`, `password …` of .netrc-like lines
  /[ \t]{1,8}(?<w>[^\s"'`<>=:,;.()[\]{}]{8,400})[ \t]{0,4}(?=\r?\n|$)/y,
];

function valueAfter(text: string, at: number, forms: readonly RegExp[]): Piece | undefined {
  for (const form of forms) {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match?.groups === undefined) continue;
    const [kind, raw] = Object.entries(match.groups).find(([, group]) => group !== undefined) ?? [];
    if (raw === undefined) continue;
    const start = at + match[0].lastIndexOf(raw);
    const written = kind === "u" ? trimWord(raw, lineAround(text, start)) : raw;
    return {
      text:
        kind === "d" || kind === "q"
          ? unescapeText(written)
          : kind === "x"
            ? unescapeMarkup(written)
            : written,
      start,
      end: start + written.length,
    };
  }
  return undefined;
}

/** A value without quotes ends at a space; in a list at its sign, in a connection string at the next name. */
function trimWord(word: string, line: string): string {
  const alone = /^([^;&]+)[;&][\w .-]+=/.exec(word)?.[1] ?? word;
  const before = line.slice(0, Math.max(0, line.indexOf(word.slice(0, 40))));
  // Within quotes that opened before the name.
  if (before.split('"').length % 2 === 0) return alone.replace(/;?".*$|;$/s, "");
  return /[({[]/.test(before) ? alone.replace(/[,;)}\]"'`]+$/, "") : alone.replace(/[;,"'`]$/, "");
}

function weigh(
  { text: written, start, end }: Piece,
  key: string,
  telling: NonNullable<Telling>,
  { text, path, file }: Source,
  isManifest: boolean,
): Candidate | undefined {
  // A Secret of Kubernetes holds its values in base64.
  const decoded = isManifest ? decodeBase64(written)?.trim() : undefined;
  const value = decoded ?? written;
  // Who knows the look of it has said what it is, or that it is none.
  const look = lookOf(value);
  if (look !== undefined && decoded === undefined && !besideNames.has(look)) return undefined;
  if (isLookAlike(value) || !isSecretValue(value, telling, file)) return undefined;
  const line = lineAround(text, start);
  // The key that a page searches with is in the page.
  if (/^api_?key$/i.test(key) && /algolia|docsearch|indexName/i.test(text)) return undefined;
  const kind = look ?? findStore(path)?.kind ?? kindByName(key, "", value) ?? byConnection(line) ?? "generic";
  return {
    kind,
    key,
    value,
    start,
    end,
    ...(decoded === undefined ? {} : { forms: [written] }),
    ...(file.role === "prose" ? { confidence: "low" } : {}),
  };
}

/** `Server=db;Database=shop;User Id=app;Password=…` */
function byConnection(line: string): "database" | undefined {
  return /(?:Server|Data Source|Host|Initial Catalog|Database)\s*=[^;\n]{1,200};/i.test(line)
    ? "database"
    : undefined;
}
