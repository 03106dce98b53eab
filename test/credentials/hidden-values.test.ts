import { expect, test } from "vitest";
import { hideValues } from "../../src/credentials/hidden-values.js";

test("values are taken out of every text, the longest first; short ones and other things stay", () => {
  const given = {
    file: "/w/hunter2hunter2.env",
    list: [{ words: "as hunter2hunter2-long", n: 3, no: undefined }],
    short: "abc",
  };
  expect(hideValues(given, ["hunter2hunter2", "hunter2hunter2-long", "abc"])).toEqual({
    file: "/w/‹hidden›.env",
    list: [{ words: "as ‹hidden›", n: 3, no: undefined }],
    short: "abc",
  });
});
