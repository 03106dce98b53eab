import { isLookAlike } from "./look-alike.js";
import { type Candidate, decodeBase64, type Source } from "./source.js";
import { findStore } from "./store-files.js";

/** Credentials in files whose form is a tool's own: where they stand in it says all, however they look. */
export function findInStores(source: Source): readonly Candidate[] {
  const name = source.path.slice(source.path.lastIndexOf("/") + 1);
  if (/^[._]netrc$/.test(name)) return readNetrc(source.text);
  if (/^\.?pgpass(?:\.conf)?$/.test(name)) return readPassFile(source.text);
  if (findStore(source.path)?.isWhole === true) return readWhole(source);
  if (source.file.role !== "settings") return [];
  return [...readRegistries(source.text), ...readCluster(source.text), ...readNpm(source)];
}

/** `machine HOST login USER password SECRET`, in lines or all in one. */
function readNetrc(text: string): readonly Candidate[] {
  return [...text.matchAll(netrcEntry)].flatMap(([whole, host = "", user = "", value = ""], at, all) => {
    const start = (all[at]?.index ?? 0) + whole.length - value.length;
    if (isLookAlike(value)) return [];
    return [
      {
        kind: host.includes("heroku") ? "heroku" : "netrc",
        key: "password",
        value,
        start,
        end: start + value.length,
        target: host,
        forms: [Buffer.from(`${user}:${value}`).toString("base64")],
      },
    ];
  });
}

const netrcEntry =
  /\b(?:machine\s{1,20}(\S{1,200})|default)(?:\s{1,20}(?:login\s{1,20}(\S{1,200})|account\s{1,20}\S{1,200}|port\s{1,20}\d{1,5})){0,3}\s{1,20}password\s{1,20}(\S{1,2000})/g;

/** `host:port:database:user:password` in each line; a colon or backslash that belongs to a field has a backslash before it. */
function readPassFile(text: string): readonly Candidate[] {
  return [
    ...text.matchAll(
      /^(?!#)((?:\\.|[^:\\\n]){1,300}):(\d+|\*):((?:\\.|[^:\\\n]){1,300}):((?:\\.|[^:\\\n]){1,300}):((?:\\.|[^:\\\n]){1,1000})$/gm,
    ),
  ].flatMap((match): readonly Candidate[] => {
    const [whole, host = "", port = "", database = "", user = "", written = ""] = match;
    const value = written.replace(/\r$/, "").replaceAll(/\\(.)/g, "$1");
    if (isLookAlike(value)) return [];
    const start = match.index + whole.length - written.length;
    const target = `postgres://${user}@${host}:${port}/${database}`;
    return [{ kind: "postgres", key: undefined, value, start, end: start + written.length, target }];
  });
}

function readWhole({ text, path }: Source): readonly Candidate[] {
  const value = text.trim();
  const kind = findStore(path)?.kind;
  if (kind === undefined || !/^\S{16,4000}$/.test(value) || isLookAlike(value)) return [];
  const start = text.indexOf(value);
  return [{ kind, key: undefined, value, start, end: start + value.length }];
}

/** `"auths": {"HOST": {"auth": "base64 of user:password"}}` */
function readRegistries(text: string): readonly Candidate[] {
  if (!text.includes('"auth"') || !/"auths"|"https:\/\//.test(text)) return [];
  return [
    ...text.matchAll(
      /"([^"\s]{3,200})"\s{0,20}:\s{0,20}\{[^{}]{0,4000}?"auth"\s{0,20}:\s{0,20}"([^"\s]{8,6000})"/g,
    ),
  ].flatMap((match): readonly Candidate[] => {
    const [whole, host = "", written = ""] = match;
    const login = decodeBase64(written);
    const value = login?.slice(login.indexOf(":") + 1) ?? "";
    if (login?.includes(":") !== true || isLookAlike(value)) return [];
    const start = match.index + whole.length - 1 - written.length;
    return [
      {
        kind: "docker-registry",
        key: "auth",
        value,
        start,
        end: start + written.length,
        target: host,
        forms: [written],
      },
    ];
  });
}

/** A kubeconfig's users: a token, or the key of a certificate. */
function readCluster(text: string): readonly Candidate[] {
  if (!text.includes("cluster") || !/^kind:\s*["']?Config\b|"kind"\s*:\s*"Config"/m.test(text)) return [];
  const server = /["']?server["']?\s*:\s*["']?(https?:\/\/[^\s"',]{3,200})/.exec(text)?.[1];
  return [
    ...text.matchAll(
      /["']?\b(token|client-key-data|password|id-token|refresh-token)["']?\s{0,4}:\s{1,4}["']?([^\s"',]{6,8000})/g,
    ),
  ].flatMap((match): readonly Candidate[] => {
    const [whole, key = "", value = ""] = match;
    if (isLookAlike(value)) return [];
    const start = match.index + whole.length - value.length;
    return [
      {
        kind: "kubernetes",
        key,
        value,
        start,
        end: start + value.length,
        ...(server === undefined ? {} : { target: server }),
      },
    ];
  });
}

/** `//registry.npmjs.org/:_authToken=…`, and `_auth`, `_password` in base64. */
function readNpm({ text, path }: Source): readonly Candidate[] {
  if (!/(?:^|\/)\.?(?:npmrc|yarnrc(?:\.yml)?)$/.test(path)) return [];
  return [
    ...text.matchAll(
      /^[ \t]*(?:\/\/([^\s=]{1,200}?)\/?:)?(_authToken|_auth|_password)[ \t]*=[ \t]*["']?([^\s"']{8,4000})/gm,
    ),
  ].flatMap((match): readonly Candidate[] => {
    const [whole, host, key = "", written = ""] = match;
    const decoded = key === "_authToken" ? undefined : decodeBase64(written);
    const value = decoded?.replace(/^[^:]*:/, "") ?? written;
    if (isLookAlike(value)) return [];
    const start = match.index + whole.length - written.length;
    return [
      {
        kind: "npm",
        key,
        value,
        start,
        end: start + written.length,
        ...(decoded === undefined ? {} : { forms: [written] }),
        ...(host === undefined ? {} : { target: host }),
      },
    ];
  });
}
