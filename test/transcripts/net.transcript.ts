import { expect, test } from "vitest";
import { showRows, takeTranscript } from "./rows.js";

test("holdpoint --net", async () => {
  const rows = await takeTranscript({ flags: ["--net"] });
  console.log(showRows(rows));
  expect(rows.filter(({ outcome }) => outcome === "passed")).toEqual([]);
});
