import { expect, test } from "vitest";
import { type Arg, unknown } from "../../../src/model/arg.js";
import type { Redirect } from "../../../src/model/call.js";
import { type Effect, plainEffect } from "../../../src/model/effect.js";
import { readRedirects } from "../../../src/readers/files/redirects.js";
import { fakeCall, fakeWorld, fileEffect, opaque } from "../fake-world.js";

const world = fakeWorld({ files: { "/w/f": "text", "/w/empty": "", "/dev/sda": "device" } });
const span = { start: 1, end: 4 };
const hidden = unknown("$X", "r");

const table: readonly (readonly [Redirect["operator"], Arg, readonly Effect[], number?])[] = [
  [">", "f", [file("modify", "/w/f")]],
  [">|", "f", [file("modify", "/w/f")]],
  ["&>", "f", [file("modify", "/w/f")]],
  [">&", "f", [file("modify", "/w/f")]],
  [">&", "2", []],
  [">&", "-", []],
  ["<", "f", []],
  ["<>", "f", [file("modify", "/w/f", "needless")]],
  ["<>", "f", [file("modify", "/w/f")], 1],
  [">>", "f", [file("modify", "/w/f", "needless")]],
  [">", "empty", [file("modify", "/w/empty", "needless")]],
  [">", "new", [file("create", "/w/new")]],
  [">", "/dev/null", []],
  [">", "/dev/sda", [file("modify", "/dev/sda")]],
  [">>", "/dev/sda", [file("modify", "/dev/sda")]],
  [">", hidden, [{ ...opaque("echo", "$X", "cannot tell which file it would overwrite: r"), span }]],
  [">>", hidden, []],
  [">&", hidden, [], 2],
  [">", unknown("/tmp/x.$X", "r", "/tmp/x."), []],
  [
    ">",
    unknown("/tmp/../$X", "r", "/tmp/../"),
    [{ ...opaque("echo", "/tmp/../$X", "cannot tell which file it would overwrite: r"), span }],
  ],
  [
    ">",
    "/dev/tcp/example.com/80",
    [
      {
        ...plainEffect("echo", "send", "example.com:80"),
        resource: "http",
        method: "TCP",
        host: "example.com",
        path: "",
        because: "the shell opens a network connection of its own",
        span,
      },
    ],
  ],
];

for (const [operator, target, effects, descriptor] of table) {
  test(`${operator} ${JSON.stringify(target)}`, () => {
    const call = fakeCall("echo x", { redirects: [{ operator, descriptor, target, span }], sight: "later" });
    // What goes out over the network is judged as if nc sent it.
    const inner = target === "/dev/tcp/example.com/80" ? [sent] : [];
    expect(readRedirects(call, world)).toEqual({ effects, inner, wantsStdin: false });
  });
}

function file(action: "create" | "modify", target: string, recovery?: "needless"): Effect {
  return { ...fileEffect("echo", action, target, recovery === undefined ? {} : { recovery }), span };
}

const sent = {
  kind: "call",
  argv: ["nc", "example.com", "80"],
  via: "/dev/tcp",
  sight: "never",
  stdin: { kind: "text", text: "x", from: "pipe" },
};
