import fc from "fast-check";
import { expect, test } from "vitest";
import { copyTable, deleteEntry, mergeTables, setEntry, type Table, table } from "../../src/expand/table.js";

const step = fc.record({
  kind: fc.constantFrom("set", "delete", "copy", "merge"),
  name: fc.integer({ min: 0, max: 199 }).map(String),
  value: fc.nat(99),
});

test("tables that are copied and merged hold what plain maps would", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 400 }), (steps) => {
      let mine: Table<number> = table();
      let plain = new Map<string, number>();
      for (let at = 0; at < 120; at++) setEntry(mine, String(at), at);
      for (let at = 0; at < 120; at++) plain.set(String(at), at);
      let other = copyTable(mine);
      let plainOther = new Map(plain);
      for (const { kind, name, value } of steps) {
        if (kind === "set") {
          setEntry(mine, name, value);
          plain.set(name, value);
        } else if (kind === "delete") {
          deleteEntry(mine, name);
          plain.delete(name);
        } else if (kind === "copy") {
          [mine, other] = [copyTable(mine), mine];
          [plain, plainOther] = [new Map(plain), plain];
        } else {
          mergeTables(mine, other, (_, a, b) => Math.max(a ?? 0, b ?? 0));
          for (const one of new Set([...plain.keys(), ...plainOther.keys()])) {
            const [a, b] = [plain.get(one), plainOther.get(one)];
            if (a !== b) plain.set(one, Math.max(a ?? 0, b ?? 0));
          }
        }
        expect(mine.map.size).toBe(plain.size);
      }
      expect(new Map(mine.map)).toEqual(plain);
      expect(new Map(other.map)).toEqual(plainOther);
    }),
  );
});
