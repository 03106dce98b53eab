/**
 * A row: name, value, unit; `aim` is what we want (`atMost` or `atLeast`), `fails` where `--check` gives up, set far beyond what
 * a busy machine does to a ratio.
 */
export function printed(rows) {
  const wide = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map((row) =>
      `${row.name.padEnd(wide)} ${String(row.value).padStart(9)} ${row.unit.padEnd(8)} ${said(row)}`.trimEnd(),
    )
    .join("\n");
}

/** As docs/performance.md has them. */
export function asMarkdown(rows) {
  const lines = rows.map((row) => `| ${row.name} | ${row.value} ${row.unit} | ${said(row)} |`);
  return ["| what | figure | aim |", "| --- | --- | --- |", ...lines].join("\n");
}

export function failures(rows) {
  return rows
    .filter(({ value, fails }) => fails !== undefined && beyond(value, fails))
    .map(({ name, value, unit, fails }) => `${name}: ${value} ${unit}, gives up at ${limit(fails)}`);
}

function said({ value, aim, note }) {
  const wanted = aim === undefined ? undefined : `aim: ${limit(aim)}${beyond(value, aim) ? "  MISSED" : ""}`;
  return [wanted, note].filter((one) => one !== undefined).join("; ");
}

function beyond(value, { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }) {
  return value > atMost || value < atLeast;
}

function limit({ atMost, atLeast }) {
  return atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
}
