import fc from "fast-check";
import { expect, test } from "vitest";
import { claude } from "../../src/hooks/claude.js";
import { codex } from "../../src/hooks/codex.js";
import { cursor } from "../../src/hooks/cursor.js";
import { gemini } from "../../src/hooks/gemini.js";
import { opencode } from "../../src/hooks/opencode.js";
import type { HookCall, Protocol } from "../../src/hooks/protocol.js";

// A question that an agent did not mean to put like this: it throws, which is a refusal, or the line is still what is judged.

const text = "rm -rf /srv/data";
const event = (name: string, tool: string) => ({
  session_id: "s",
  cwd: "/w",
  hook_event_name: name,
  tool_name: tool,
  tool_input: { command: text },
});
const questions: readonly (readonly [Protocol, Record<string, unknown>])[] = [
  [claude, event("PreToolUse", "Bash")],
  [codex, event("PreToolUse", "Bash")],
  [gemini, event("BeforeTool", "run_shell_command")],
  [
    cursor,
    {
      conversation_id: "c",
      hook_event_name: "beforeShellExecution",
      cursor_version: "2.0",
      command: text,
      cwd: "/w",
    },
  ],
  [opencode, { session_id: "s", cwd: "/w", tool: "bash", args: { command: text } }],
];
/** They say which question it is: another value makes another question of it. */
const deciding = new Set(["hook_event_name", "tool_name", "tool", "cursor_version"]);

function read(protocol: Protocol, question: unknown): HookCall | undefined {
  try {
    return protocol.read(question);
  } catch {
    return undefined;
  }
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(
    null,
    0,
    -0,
    1e308,
    "",
    "\u0000",
    "\ud800",
    [],
    {},
    [[text]],
    { command: [text] },
    "x".repeat(100_000),
  ),
  fc
    .integer({ min: 1, max: 3000 })
    .map((depth): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth))),
);

test.each(questions)("values of other kinds: %j", (protocol, question) => {
  expect(read(protocol, question)?.tool).toMatchObject({ kind: "line", text });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(question)), anything, (key, value) => {
      const call = read(protocol, { ...question, [key]: value });
      if (call === undefined || deciding.has(key)) return;
      // Where the line itself is another text, that text is judged.
      const meant = key === "command" ? value : text;
      const given = key === "tool_input" || key === "args" ? Object(value)?.command : meant;
      expect(call.tool).toMatchObject({ kind: "line", text: given });
    }),
    { numRuns: 500 },
  );
});

test.each(questions)("names given twice, and __proto__: %j", (protocol, question) => {
  const json = JSON.stringify(question);
  for (const key of Object.keys(question).filter((name) => !deciding.has(name))) {
    for (const extra of [`"__proto__":{"${key}":null}`, `"constructor":{"prototype":{}}`, `"toString":1`]) {
      const call = read(protocol, JSON.parse(`{${extra},${json.slice(1)}`));
      expect(call === undefined || call.tool?.kind === "line").toBe(true);
    }
    // The last one counts, for agents and for us.
    const call = read(protocol, JSON.parse(`{"${key}":{"command":"true"},${json.slice(1)}`));
    expect(call?.tool).toMatchObject({ kind: "line", text });
  }
});

test.each(questions)("no question at all: %j", (protocol) => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, maxDepth: 3 }), (value) => {
      expect(read(protocol, value)?.tool).toBeUndefined();
      expect(read(protocol, value)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
