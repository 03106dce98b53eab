import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Deed, ToolCommand } from "../../../src/model/knowledge.js";
import { onlyLooks } from "../../../src/readers/railway/look.js";
import { railwayApi, railwayTree } from "../knowledge-files.js";

describe("a command for another machine", () => {
  test.each([
    "ls",
    "ls -la /data",
    "cat /app/package.json",
    "ps aux | grep node | head -5",
    "df -h && du -sh /data 2>/dev/null",
    "tail -n 50 /var/log/app.log 2>&1",
    "env",
    "env | sort",
    "printenv DATABASE_URL",
    "date -u +%s",
    "find / -name core -size +1M",
    "node --version",
    "./x --version",
    "hostname -f; uptime",
    "sort -u /etc/passwd || true",
    "find /data -mtime -1 -type f | wc -l",
  ])("looks: %s", (line) => {
    expect(onlyLooks(line.split(" "))).toBe(!line.startsWith("./"));
    expect(onlyLooks([line])).toBe(!line.startsWith("./"));
  });

  test.each([
    "",
    "rm -rf /data",
    "ls; rm -rf /data",
    "ls & rm x",
    "ls && ./wipe.sh",
    "ls > /data/app.db",
    "ls 2>/data/app.db",
    "cat $(rm x)",
    "cat `rm x`",
    "cat <(rm x)",
    "cat a\nrm b",
    "env rm -rf /data",
    "env A=1 rm x",
    "env -Srm x",
    "env --split-string=rm",
    "date --s=2020-01-01",
    "sort --comp=./x a",
    "hostname --fi=x",
    "find /data -delete",
    "find /data -exec rm {} +",
    "find /data -fprint /data/app.db",
    "sort -o /data/app.db x",
    "sort -uo /data/app.db x",
    "sort --output=/data/app.db x",
    "uniq a /data/app.db",
    "hostname evil",
    "hostname -F /tmp/x",
    "date -s 2020-01-01",
    "date 010100002020",
    "sh",
    "sh -c ls",
    "xargs ls",
    "tee /data/app.db",
    "sudo ls",
    "ls |",
    "| ls",
    "python manage.py shell",
    "psql -c 'SELECT 1'",
    "cat 'a b'",
    "kill 1",
    "top; reboot",
  ])("does more, or may: %j", (line) => {
    expect(onlyLooks(line.split(" "))).toBe(false);
    expect(onlyLooks([line])).toBe(false);
  });

  test("what is not known may be anything", () => {
    const word = { source: "$X", reason: "not set", prefix: "", splits: true };
    expect(onlyLooks(["ls", word])).toBe(false);
    expect(onlyLooks([])).toBe(false);
  });
});

describe("docs/recognised/railway.md", () => {
  type Row = readonly [reads: number, quiet: number, stops: number, all: number];
  const stops = ({ action, recovery }: Deed) =>
    action === "delete" ||
    action === "grant" ||
    ((action === "execute" || action === "modify") && recovery !== "needless");
  const count = (deeds: readonly Deed[]): Row => {
    const reads = deeds.filter(({ action }) => action === "read").length;
    const stopped = deeds.filter(stops).length;
    return [reads, deeds.length - reads - stopped, stopped, deeds.length];
  };
  const deedsOf = (command: ToolCommand): readonly Deed[] => [
    ...(command.deed === undefined ? [] : [command.deed]),
    ...command.flags.map(({ deed }) => deed),
    ...command.commands.flatMap(deedsOf),
  ];
  const page = readFileSync(new URL("../../../docs/recognised/railway.md", import.meta.url), "utf8");
  const row = (name: string) => {
    const line = page.split("\n").find((one) => one.startsWith(`| ${name}`)) ?? "";
    return line.split("|").slice(2, 6).map(Number);
  };

  test.each<[string, Row]>([
    ["subcommands", count(deedsOf(railwayTree.root))],
    ["mutations", count(railwayApi.mutations.map(({ deed }) => deed))],
  ])("counts the %s", (name, counted) => {
    expect(row(name)).toEqual(counted);
  });
});
