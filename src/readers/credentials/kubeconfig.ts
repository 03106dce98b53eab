import { type Value, valueAt } from "../value.js";
import type { Presented } from "./presented.js";

/** What signs the user of a context in. `wanted`: the context; else the one in use. */
export function readKubeconfig(config: Value, wanted: string | undefined): readonly Presented[] {
  const context = wanted ?? text(config, "current-context");
  const user = text(entry(config, "contexts", context), "context.user");
  const login = valueAt(entry(config, "users", user), "user");
  if (user === undefined || login === undefined) return [];
  const key = text(login, "client-key-data");
  const command = text(login, "exec.command");
  const found: readonly (string | undefined)[] = [
    text(login, "token"),
    text(login, "password"),
    key === undefined ? undefined : Buffer.from(key, "base64").toString("utf8").trim(),
    text(login, "auth-provider.config.access-token"),
  ];
  const secrets = found.filter((secret) => secret !== undefined && secret !== "");
  const file = text(login, "tokenFile") ?? text(login, "client-key") ?? command;
  if (secrets.length === 0 && file !== undefined)
    return [{ name: `kubernetes user ${user} by ${file}`, secret: "" }];
  return secrets.flatMap((secret) =>
    secret === undefined ? [] : [{ name: `kubernetes user ${user}`, secret }],
  );
}

function entry(config: Value, list: string, name: string | undefined): Value {
  const found = valueAt(config, list);
  const items = found?.kind === "list" ? found.items : [];
  return items.find((one) => name !== undefined && text(one, "name") === name) ?? { kind: "null" };
}

function text(value: Value, path: string): string | undefined {
  const found = valueAt(value, path);
  return found?.kind === "scalar" ? found.text : undefined;
}
