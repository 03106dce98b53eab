// The shim for machines without a C compiler: the same protocol (docs/inside/protocol.md), over the socket only. Node cannot
// replace itself by another program, so it starts the real one as a child, hands on signals, and ends as the child ended.
// Started as `node shim.js SESSION/bin/NAME ARG…` by a wrapper that the launcher writes for each name:
//   #!/bin/sh
//   [ -z "${NODE_OPTIONS+x}" ] || { export HOLDPOINT_NODE_OPTIONS="$NODE_OPTIONS"; unset NODE_OPTIONS; }
//   exec 'NODE' 'SHIM.JS' "$0" "$@"
import { Buffer, isUtf8 } from "node:buffer";
import { spawn } from "node:child_process";
import { existsSync, fstatSync, readFileSync, readlinkSync, readSync, renameSync } from "node:fs";
import { connect } from "node:net";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { isatty } from "node:tty";

const [, , own = "", ...args] = process.argv;
const env = { ...process.env };
if (env["HOLDPOINT_NODE_OPTIONS"] !== undefined) env["NODE_OPTIONS"] = env["HOLDPOINT_NODE_OPTIONS"];
delete env["HOLDPOINT_NODE_OPTIONS"];
const kind = stdinKind();
let spooled = Buffer.alloc(0);
let isTaken = false;
let isEnded = false;

// Node would hand on U+FFFD for what is not UTF-8: another command than the one that was judged.
if ([own, ...args].some((word) => word.includes("\ufffd")) && !isUtf8(readOr("/proc/self/cmdline")))
  deny("the Node shim cannot carry arguments that are not UTF-8");

const session = dirname(dirname(own));
const socket = connect(join(session, "sock"));
const patience = 15_000;
let timer = awaitFrame();
let isConnected = false;
socket.on("error", ({ code }) => {
  if (isConnected || !startAfterSession()) deny(`cannot reach the session's guard: ${code}`);
});
socket.on("close", () => deny("the session's guard is gone"));
socket.on("connect", () => {
  isConnected = true;
  const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const ids = [String(process.pid), String(process.ppid)];
  const head = ["holdpoint/1", "call", basename(own), ...ids, cwd(), kind];
  const argv = [own, ...args];
  sendFrame(Buffer.from(`${[...head, argv.length, ...argv, entries.length, ...entries].join("\0")}\0`));
});

let pending = Buffer.alloc(0);
socket.on("data", (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
    const size = pending.readUInt32BE(0);
    const fields = pending
      .toString("utf8", 4, 4 + size)
      .split("\0")
      .slice(0, -1);
    pending = pending.subarray(4 + size);
    clearTimeout(timer);
    timer = awaitFrame();
    obey(fields);
  }
});

/** Long past the time means that we were stopped, and who answers may have been with us: then the wait begins anew. */
function awaitFrame() {
  const due = Date.now() + patience;
  return setTimeout(() => {
    if (Date.now() > due + 1000) timer = awaitFrame();
    else deny("the session's guard does not answer");
  }, patience);
}

function obey([verb, ...fields]) {
  if (verb === "wait") return;
  if (verb === "stdin") return void spool(Number(fields[0]), Number(fields[1]));
  if (verb === "move") return void moveFiles(fields.slice(1));
  if (verb === "print") return void process.stdout.write(fields[0]);
  if (verb === "program")
    deny("a sandbox needs the native shim (install a C compiler, then holdpoint again)");
  clearTimeout(timer);
  socket.removeAllListeners("close").destroy();
  if (verb === "exit") {
    if (fields[1]) process.stderr.write(`${fields[1].replace(/\n$/, "")}\n`);
    process.exitCode = Number(fields[0]);
  } else if (verb === "exec" && isWhole(fields)) {
    const argcAt = 2 + Number(fields[1]);
    for (const change of fields.slice(2, argcAt)) {
      const at = change.indexOf("=");
      if (at < 0) delete env[change];
      else env[change.slice(0, at)] = change.slice(at + 1);
    }
    const [argv0, ...words] = fields[argcAt] === "-" ? [own, ...args] : fields.slice(argcAt + 1);
    start(fields[0], words, argv0);
  } else deny("the session's guard sent something unreadable");
}

// Each from one name to another; answers 0 or errno for each.
function moveFiles(names) {
  const codes = [];
  for (let at = 0; at < names.length; at += 2) {
    try {
      renameSync(names[at], names[at + 1]);
      codes.push(0);
    } catch ({ errno }) {
      codes.push(Math.abs(errno));
    }
  }
  sendFrame(Buffer.from(`${["moved", codes.length, ...codes].join("\0")}\0`));
}

// program, count, changes …, argc or "-", arguments ….
function isWhole(fields) {
  const argcAt = 2 + Number(fields[1]);
  const argc = fields[argcAt] === "-" ? 0 : Number(fields[argcAt]);
  return fields.length === argcAt + 1 + argc;
}

// A session that ended in order leaves links to the programs that may go on without it; one that crashed leaves none.
function startAfterSession() {
  const after = join(session, "after");
  if (!existsSync(after)) return false;
  let program;
  try {
    program = readlinkSync(join(after, basename(own)));
  } catch {
    deny(`the session has ended, and nobody is left to ask: ${basename(own)}`);
  }
  clearTimeout(timer);
  socket.removeAllListeners("close").destroy();
  start(program, args, own);
  return true;
}

function start(program, words, argv0) {
  let child;
  // Before it starts: it may send a signal at once. A terminal sends its keys' signals to the child itself; those are only
  // survived here.
  for (const signal of ["SIGINT", "SIGQUIT"]) process.on(signal, () => {});
  for (const signal of ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCONT"])
    process.on(signal, () => child?.kill(signal));
  child = spawn(program, words, {
    argv0,
    env,
    stdio: [isTaken ? "pipe" : "inherit", "inherit", "inherit"],
  });
  child.on("error", ({ code }) => {
    if (code === "ENOEXEC") return start("/bin/sh", [program, ...words], "sh");
    process.stderr.write(`holdpoint: ${program}: ${code}\n`);
    process.exit(code === "ENOENT" ? 127 : 126);
  });
  if (child.stdin) {
    child.stdin.on("error", () => process.stdin.destroy());
    child.stdin.write(spooled);
    if (isEnded) child.stdin.end();
    else process.stdin.pipe(child.stdin);
  }
  child.on("exit", (status, signal) => {
    if (signal === null) process.exit(status);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function spool(cap, milliseconds) {
  if (kind === "none" || kind === "tty") return answer("none");
  if (kind === "file") {
    const at = Number(/^pos:\s*(\d+)/m.exec(readOr("/proc/self/fdinfo/0").toString())?.[1] ?? Number.NaN);
    if (Number.isNaN(at)) return answer("none");
    spooled = Buffer.alloc(cap);
    spooled = spooled.subarray(0, readSync(0, spooled, 0, cap, at));
    return answer(spooled.length < cap ? "eof" : "more");
  }
  isTaken = true;
  const done = (state) => {
    clearTimeout(late);
    process.stdin.removeAllListeners("data").removeAllListeners("end").pause();
    isEnded = state === "eof";
    answer(state);
  };
  const late = setTimeout(() => done("more"), milliseconds);
  process.stdin.on("data", (chunk) => {
    spooled = Buffer.concat([spooled, chunk]);
    if (spooled.length >= cap) done("more");
  });
  process.stdin.on("end", () => done("eof"));
}

function answer(state) {
  sendFrame(Buffer.concat([Buffer.from(`stdin\0${state}\0`), spooled]));
}

function sendFrame(body) {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  socket.write(Buffer.concat([head, body]));
}

function stdinKind() {
  try {
    const stat = fstatSync(0);
    if (stat.isFile()) return "file";
    if (stat.isFIFO()) return "pipe";
    if (stat.isSocket()) return "socket";
    return isatty(0) ? "tty" : "other";
  } catch {
    return "none";
  }
}

function cwd() {
  try {
    return process.cwd();
  } catch {
    return "";
  }
}

function readOr(path) {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.from([0xff]);
  }
}

function deny(why) {
  process.stderr.write(`holdpoint: denied, nothing was run: ${why}\n`);
  process.exit(126);
}
