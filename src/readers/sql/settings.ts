import type { Deed } from "./effects.js";
import { listOf, textOf } from "./tree.js";

/** SET, or `set_config()`: a deed where the setting holds back harm; undefined for the rest, which only lasts for the session. */
export function setDeed(name: string, value: string): Deed | undefined {
  const setting = name.toLowerCase();
  const dangerous = dangerousValues.get(setting);
  if (dangerous?.test(value) !== true) return undefined;
  return { action: "modify", statement: `SET ${setting}`, target: value.toLowerCase(), revocable: false };
}

/** The value of `SET name = value` as text. */
export function settingValue(node: unknown): string {
  return listOf(node, "args")
    .map((argument) => textOf(argument, "A_Const", "sval", "sval") ?? String(flag(argument)))
    .join(",");
}

function flag(argument: unknown): string {
  const text = JSON.stringify(argument) ?? "";
  return /"boolval":true|"ival":[1-9]/.test(text) ? "on" : "off";
}

const on = /^(on|true|yes|1)$/i;
/** With these, triggers and foreign keys no longer fire, damaged pages become empty ones, catalogues can be edited. */
const dangerousValues: ReadonlyMap<string, RegExp> = new Map([
  ["session_replication_role", /^replica$/i],
  ["zero_damaged_pages", on],
  ["ignore_checksum_failure", on],
  ["allow_system_table_mods", on],
]);
