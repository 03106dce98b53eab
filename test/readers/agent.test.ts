import { expect, test } from "vitest";
import { exampleWorld, workspace } from "../../src/examples/world.js";
import { createJudge } from "../../src/judge.js";
import { emptyEnv } from "../../src/model/env.js";
import { parseSql } from "../../src/world/sql.js";
import { builtin, rulesOf, table } from "../example-judge.js";

// Tools that no shim sees: an agent's own file tools, and those that a server gives to it.

const judge = createJudge({ rules: builtin.rules, labels: [], manifests: [] }, table);
const world = exampleWorld(() => false, parseSql);

async function judged(tool: string, argv: readonly string[]) {
  const judgement = await judge(
    { door: "exec", tool, argv, cwd: workspace, env: emptyEnv, stdin: { kind: "none" } },
    world,
  );
  return [judgement.verdict, ...rulesOf(judgement)];
}

test.each<[string, readonly string[], readonly string[]]>([
  ["an edit of what git does not have, in the workspace", ["Edit", "notes.txt"], ["allow"]],
  ["a new file", ["Write", "new.txt"], ["allow"]],
  ["a file of others is written anew", ["Write", "/home/dev/other.txt"], ["ask", "files/lose-work"]],
  ["a start-up file", ["Write", "/home/dev/.bashrc"], ["ask", "files/lose-work", "files/start-up"]],
  ["git's own configuration", ["Edit", ".git/config"], ["ask", "files/protected-change", "files/start-up"]],
  ["a deleted file that git has", ["Delete", "--delete", "README.md"], ["allow"]],
  ["a deleted file that git does not have", ["Delete", "--delete", "notes.txt"], ["ask", "files/lose-work"]],
  ["a deleted folder", ["Delete", "--delete", "notes"], ["ask", "files/lose-work"]],
  ["both in one", ["apply_patch", "new.txt", "--delete", "notes.txt"], ["ask", "files/lose-work"]],
  ["the guard's log", ["Write", "/home/dev/.local/state/holdpoint/x"], ["deny", "guard/own-files"]],
  ["what guards the agent", ["Write", ".claude/settings.local.json"], ["ask", "files/agent-settings"]],
])("files: %s", async (_what, argv, expected) => {
  expect(await judged("agent/files", argv)).toEqual(expected);
});

test.each<[string, string, unknown, readonly string[]]>([
  ["railway", "remove_volume", { volumeId: "v" }, ["ask", "railway/volume-delete"]],
  ["pg", "run", { input: { sql: "TRUNCATE users" } }, ["ask", "sql/empty-table"]],
  ["ide", "executeCode", { code: "import os; os.remove('notes.txt')" }, ["ask", "files/lose-work"]],
  ["code", "run_js", { code: "require('fs').rmSync('notes.txt')" }, ["ask", "files/lose-work"]],
  ["code", "run_python", { code: "print(1)" }, ["allow"]],
  ["http", "request", { method: "delete", url: "https://api.example.com/users/42" }, ["ask", "http/delete"]],
  ["http", "request", { method: "GET", url: "https://api.example.com/users/42" }, ["allow"]],
  ["neon", "delete_project", { projectId: "p" }, ["ask", "cloud/store-delete"]],
  ["linear", "delete-comment", { id: "c" }, ["ask", "cloud/small-delete"]],
  ["x", "dropEverything", {}, ["ask", "cloud/delete"]],
  ["github", "list_deleted_branches", {}, ["allow"]],
  ["github", "create_issue", { title: "delete the old page" }, ["allow"]],
  ["pg", "query", { sql: "SELECT 1" }, ["allow"]],
  ["pg", "query", { sql: "DROP TABLE users" }, ["ask", "sql/drop-table"]],
  ["supabase", "execute_sql", { query: "delete from users" }, ["ask", "sql/empty-table"]],
  ["docs", "search", { query: "drop table syntax" }, ["allow"]],
  ["shell", "run_command", { command: "rm -rf notes" }, ["ask", "files/lose-work"]],
  ["shell", "run_command", { command: "rm", args: ["-rf", "notes"] }, ["ask", "files/lose-work"]],
  ["shell", "run_command", { command: "ls" }, ["allow"]],
  ["fs", "write_file", { path: "/home/dev/other.txt", content: "x" }, ["ask", "files/lose-work"]],
  ["fs", "read_file", { path: "/home/dev/other.txt" }, ["allow"]],
])("service %s %s", async (server, name, input, expected) => {
  expect(
    await judged("agent/service", [`mcp__${server}__${name}`, server, name, JSON.stringify(input)]),
  ).toEqual(expected);
});

test("a patch on a command line is what it names", async () => {
  const patch = "*** Begin Patch\n*** Delete File: notes.txt\n*** End Patch";
  const { verdict } = await judge(
    {
      door: "line",
      text: `apply_patch <<'EOF'\n${patch}\nEOF`,
      shell: "bash",
      args: [],
      cwd: workspace,
      env: emptyEnv,
      stdin: { kind: "none" },
    },
    world,
  );
  expect(verdict).toBe("ask");
});
