import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { knownClients, programsIn, writeClients } from "../net/clients.js";
import { openInternet } from "../net/internet.js";
import { openOutdoors, sayAll, staticClient, whyNoOutdoors, wiped } from "../net/outdoors.js";
import { waysToDestroy, waysToRead, whyNoSandbox } from "../scripts/sandbox.js";
import { makePlace } from "../scripts/session.js";
import { table } from "./rows.js";

const why = whyNoSandbox() ?? whyNoOutdoors();

test("holdpoint --sandbox --net", async () => {
  if (why !== undefined) throw new Error(`no sandbox in a network of its own here: ${why}`);
  const internet = await openInternet();
  const outdoors = await openOutdoors(internet);
  const place = await makePlace();
  const { workspace, outside } = place;
  const all = { place, internet, outdoors };
  const flags = ["--sandbox", "--net"];
  try {
    const packages = process.env["TRANSCRIPT_CLIENTS"];
    writeClients(workspace, packages);
    const own = staticClient(workspace);
    const clients = [
      ...knownClients(packages === undefined ? {} : programsIn(packages)),
      ...(own === undefined ? [] : [own]),
    ].filter(({ command: [program = ""] }) => program.startsWith("./") || existsSync(program));
    // One at a time, so that what reached the service is known to be its.
    const reaches = async (command: readonly string[], how: readonly string[] | undefined) => {
      const before = outdoors.connections();
      const [words = ""] = await sayAll([command], { ...all, flags: how });
      const isHeld = words.includes("holdpoint: denied");
      return isHeld ? "held" : outdoors.connections() > before ? "connected" : "no way out";
    };
    const rows: string[][] = [];
    for (const { client, form, command } of clients) {
      const bare = await reaches(wiped(command), undefined);
      const judged = await reaches(command, flags);
      rows.push([client, form, bare, judged, await reaches(wiped(command), flags)]);
    }
    const head = ["client", "form", "no session, no environment", "as started", "its environment wiped"];
    console.log(table([head, ...rows]));
    const mutations = internet.reached.filter(({ method }) => method !== "GET").length;
    const bare = rows.filter((row) => row[2] === "connected").length;

    mkdirSync(join(workspace, "src"));
    copyFileSync("/usr/bin/rm", join(workspace, "src", "copied"));
    const kept = join(outside, "kept.txt");
    const secret = join(workspace, "never.key");
    writeFileSync(kept, "kept\n");
    writeFileSync(secret, "hidden-word\n");
    writeFileSync(
      join(workspace, "holdpoint.yaml"),
      "version: 1\nfiles: { write: [src/**, results.json], never: [never.key] }\n",
    );
    const tries = [
      ...waysToDestroy(kept).map((command) => ["destroy", command] as const),
      ...waysToRead(secret).map((command) => ["read", command] as const),
    ];
    writeFileSync(join(workspace, "results.json"), "");
    const words = await sayAll(
      tries.map(([, command]) => command),
      { ...all, flags },
    );
    const found = tries.map(([what, command], at) => {
      const isOpen = what === "destroy" ? !existsSync(kept) : words[at]?.includes("hidden-word") === true;
      return [what, command.join(" ").slice(0, 90), isOpen ? "PASSED" : "could not"];
    });
    console.log(`\n${table([["to", "by", "outcome"], ...found])}`);
    expect(readFileSync(kept, "utf8")).toBe("kept\n");
    expect(found.filter((row) => row[2] === "PASSED")).toEqual([]);
    expect(rows.filter((row) => row[4] === "connected")).toEqual([]);
    expect(bare).toBeGreaterThan(0);
    console.log(`\nrequests that reached the service: ${mutations}, all of them without a session`);
  } finally {
    place.remove();
    outdoors.close();
    await internet.close();
  }
});
