// Starts a part of the program that the build made (dist/parts) from what V8 compiled of it before: without that, a third
// of a start is reading code. V8 itself refuses what another version or other flags made; then it compiles, and what it made is
// kept for the next start, beside the program. CommonJS: Node's loader of modules keeps no compiled code.
const fs = require("node:fs");
const { join } = require("node:path");
const { Script, constants } = require("node:vm");

const dist = join(__dirname, "..", "dist");
const { files, next } = JSON.parse(fs.readFileSync(join(dist, "parts.json"), "latin1"));
/** What was opened ahead, and what runs. */
const held = new Map();
const loaded = new Map();

/**
 * Runs a module of a part: `run/commands/shell`. `under`: names the flags that the process has set by then, which it was not
 * started with.
 */
module.exports = function start(name, under = "") {
  const at = name.indexOf("/");
  const part = name.slice(0, at);
  if (!loaded.has(part)) loaded.set(part, loadPart(part, under));
  return loaded.get(part)[name.slice(at + 1)]();
};

function loadPart(part, under) {
  const filename = join(dist, "parts", files[part]);
  if (!held.has(part)) held.set(part, openPart(part, under));
  const { source, cachedData, kept } = readPart(part, held.get(part));
  // One byte a character (the build writes ASCII): decoding would cost as much as running it.
  const script = new Script(source.latin1Slice(), {
    filename,
    ...(cachedData === undefined ? {} : { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cachedData === undefined || script.cachedDataRejected) keepLater(script, filename, kept);
  // A session's later part decides about what its command does: it is as it was before that one began.
  const later = next[part];
  if (later !== undefined) held.set(later, openPart(later, under));
  const module = { exports: {} };
  const url = urlOf(join(dist, "cli.js"));
  script.runInThisContext()(module.exports, requireFrom, module, filename, dist, url);
  held.delete(part);
  if (isLater(part)) tuneForCalls();
  return module.exports.modules;
}

/** Node's own way takes half a millisecond. */
function urlOf(path) {
  return /^[\w/.-]+$/.test(path) ? `file://${path}` : require("node:url").pathToFileURL(path).href;
}

/** Open, and as its files are now: a megabyte and more is read when it is needed. */
function openPart(part, under) {
  const kept = join(dist, "compiled", `${files[part]}-${environmentName()}${under}`);
  const text = openFile(join(dist, "parts", files[part]));
  try {
    return { text, compiled: openFile(kept), kept };
  } catch {
    return { text, kept };
  }
}

function openFile(path) {
  return asItIs(fs.openSync(path));
}

function asItIs(descriptor) {
  const { ctimeNs, size } = fs.fstatSync(descriptor, { bigint: true });
  return { descriptor, ctimeNs, size };
}

/** What another program made of the open files meanwhile is not used; a text that is not what its name says ends this. */
function readPart(part, opened) {
  const { text, compiled, kept } = opened;
  opened.source ??= readFile(text) ?? readNamed(text, files[part]);
  if (compiled !== undefined) opened.cachedData ??= readFile(compiled);
  return { source: opened.source, cachedData: opened.cachedData, kept };
}

/** Undefined for one that was changed. It stays open where it cannot be read now: whoever asks again begins at its start. */
function readFile(file) {
  const bytes = Buffer.allocUnsafe(Number(file.size));
  let length = 0;
  for (let count = 1; count > 0 && length < bytes.length; length += count)
    count = fs.readSync(file.descriptor, bytes, length, bytes.length - length, length);
  if (!isUntouched(file) || length < bytes.length) return undefined;
  fs.closeSync(file.descriptor);
  return bytes;
}

/** No program can set the time of a file's last change. */
function isUntouched({ descriptor, ctimeNs, size }) {
  const now = asItIs(descriptor);
  return now.ctimeNs === ctimeNs && now.size === size;
}

/** The build names each part by its hash. A package manager that links its files elsewhere changes their times. */
function readNamed({ descriptor }, file) {
  const source = readFile(asItIs(descriptor)) ?? "";
  const hash = require("node:crypto").createHash("sha256").update(source).digest("hex");
  if (file.split(".")[1] !== hash.slice(0, 16)) throw new Error(`"${file}" was changed meanwhile`);
  return source;
}

/** `part:run/commands/shell`: a module of another part. */
function requireFrom(name) {
  if (name.startsWith("part:")) return module.exports(name.slice("part:".length));
  return rare.has(name) ? whenUsed(name) : require(name);
}

/** Of Node's own modules: together they take four milliseconds, and many a start uses none. */
const rare = new Set(
  ["crypto", "fs/promises", "module", "v8", "worker_threads", "zlib"].map((name) => `node:${name}`),
);

function whenUsed(name) {
  let loaded;
  return new Proxy(
    {},
    {
      get: (_, key) => {
        loaded ??= require(name);
        return loaded[key];
      },
    },
  );
}

/** What a part's compiled form depends on, as far as it can be told without asking V8, which takes longer than it is worth. */
function environmentName() {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ").trim();
  let sum = 0;
  for (let at = 0; at < flags.length; at++) sum = (sum * 31 + flags.charCodeAt(at)) >>> 0;
  return `${process.version}-${process.arch}${sum === 0 ? "" : `-${sum.toString(36)}`}`;
}

/** Once it has run for a moment, so that the functions of a start are in it; a long session's are more than a start wants. */
function keepLater(script, filename, path) {
  const { cachedDataVersionTag } = require("node:v8");
  const tag = cachedDataVersionTag();
  let isKept = false;
  const keep = () => {
    if (isKept) return;
    isKept = true;
    underFirstFlags(write);
  };
  const write = () => {
    try {
      // Under other flags than it was started with: the next start would refuse it, and compile and write it again.
      if (cachedDataVersionTag() !== tag) return;
      // Replaced or removed meanwhile: nothing is to be put there.
      if (!fs.existsSync(filename)) return;
      fs.mkdirSync(join(dist, "compiled"), { recursive: true });
      // Flags differ without end; whoever starts with new ones each time fills no disk.
      if (fs.readdirSync(join(dist, "compiled")).length >= most) return;
      const fresh = `${path}.${process.pid}`;
      // Another thread of this process may be at it.
      fs.writeFileSync(fresh, script.createCachedData(), { flag: "wx" });
      fs.renameSync(fresh, path);
    } catch {
      // Installed by somebody else, or nothing may be written: every start compiles.
    }
  };
  setTimeout(keep, 1000).unref();
  process.on("exit", keep);
}

const most = 40;

function isLater(part) {
  return Object.values(next).includes(part);
}

/** What each flag is set to, and V8's own value. */
const tuned = [
  // Keeps the part of the heap where new values are made as small as it is now: a few megabytes. Left alone it grows to 32 in the
  // first thousand calls, which a call gains nothing from: what it makes is garbage by its end, and small stays in the
  // processor's cache.
  ["semi-space-growth-factor", 1, 2],
  // V8 optimizes a function after some hundred runs, beside the work. Of a session's first calls one in fifty waited for the
  // processor behind that, several milliseconds. What runs often is optimized all the same, later: a few thousand calls in a row
  // take up to a tenth more of the processor for it, and the first thousand a tenth less.
  ["interrupt-budget", 400_000, 67_584],
];
let isTuned = false;

/**
 * For many short calls. Not before a session's later part is there: V8 refuses all that was compiled under other flags, Node's
 * own modules included. One that may not know a setting would say so on stderr.
 */
function tuneForCalls() {
  if (Number.parseInt(process.versions.v8, 10) > 13) return;
  isTuned = true;
  setFlags(1);
}

/** What V8 compiles is marked with the flags of that moment. */
function underFirstFlags(work) {
  if (!isTuned) return work();
  setFlags(2);
  work();
  setFlags(1);
}

/** `column`: of the table above. */
function setFlags(column) {
  const { setFlagsFromString } = require("node:v8");
  for (const flag of tuned) setFlagsFromString(`--${flag[0]}=${flag[column]}`);
}
