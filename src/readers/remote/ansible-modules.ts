import type { Effect } from "../../model/effect.js";

/** Settings of a module by name: `name=nginx state=stopped`, or JSON. */
export type Settings = ReadonlyMap<string, string>;

/** What a module does, most often as the line that would do the same. */
export type ModuleDeed =
  | { readonly kind: "nothing" }
  | { readonly kind: "line"; readonly text: string }
  | ({ readonly kind: "change" } & Pick<Effect, "action" | "recovery" | "because">);

export function settingsOf(text: string): Settings {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return readJson(trimmed);
  return new Map(
    [...trimmed.matchAll(/([\w.]+)=("[^"]*"|'[^']*'|\S*)/g)].map(([, name = "", value = ""]) => [
      name,
      value.replace(/^(["'])(.*)\1$/s, "$2"),
    ]),
  );
}

function readJson(text: string): Settings {
  try {
    const value: unknown = JSON.parse(text);
    return new Map(Object.entries(value ?? {}).map(([name, one]) => [name, String(one)]));
  } catch {
    // Almost JSON, or a template: its words still count.
    return new Map(
      [...text.matchAll(/["']?(\w+)["']?\s*:\s*["']?([^"',}]*)/g)].map(([, a = "", b = ""]) => [a, b]),
    );
  }
}

/** By the module's last name: `file` for `ansible.builtin.file`. */
export function moduleDeed(module: string, settings: Settings): ModuleDeed {
  const known = modules[module];
  const found = known?.(settings);
  if (found !== undefined) return found === "" ? { kind: "nothing" } : { kind: "line", text: found };
  const state = settings.get("state") ?? "";
  if (/^(absent|deleted|removed|terminated|destroyed|purged|wiped)$/i.test(state))
    return { kind: "change", action: "delete", recovery: "none", because: `state=${state} takes it away` };
  if (/^(stopped|disabled|suspended|shutdown|powered[-_]?off|poweredoff|drained|killed|down)$/i.test(state))
    return { kind: "change", action: "modify", recovery: "recreate", because: `state=${state} stops it` };
  return { kind: "nothing" };
}

const isAbsent = (settings: Settings) => /^(absent|removed|uninstalled)$/.test(settings.get("state") ?? "");
const first = (settings: Settings, ...names: readonly string[]) =>
  quote(names.map((name) => settings.get(name)).find((value) => value !== undefined) ?? "");
const isOn = (value: string | undefined) => /^(yes|true|1|on)$/i.test(value ?? "");

/** The line that does the same; "" where nothing is lost, undefined where the state says it. */
type ToLine = (settings: Settings) => string | undefined;

const put: ToLine = (settings) =>
  isOn(settings.get("backup")) || settings.get("force") === "no"
    ? ""
    : `cp src ${first(settings, "dest", "path")}`;
const edit: ToLine = (settings) =>
  isOn(settings.get("backup")) ? "" : `sed -i s/a/b/ ${first(settings, "path", "dest", "name")}`;
const packages: ToLine = (settings) =>
  isAbsent(settings) ? `apt-get remove -y ${first(settings, "name", "pkg")}` : "";
const service: ToLine = (settings) => {
  const name = first(settings, "name");
  const lines = [
    ...(settings.get("state") === "stopped" ? [`systemctl stop ${name}`] : []),
    ...(/^(no|false|0)$/i.test(settings.get("enabled") ?? "") ? [`systemctl disable ${name}`] : []),
    ...(isOn(settings.get("masked")) ? [`systemctl mask ${name}`] : []),
  ];
  return lines.join("; ");
};
const sqlDatabase: ToLine = (settings) => {
  if (isAbsent(settings)) return `psql -c ${quote(`DROP DATABASE "${settings.get("name") ?? ""}"`)}`;
  return /^(import|restore)$/.test(settings.get("state") ?? "") ? "pg_restore --clean -d db dump" : "";
};
const sqlQuery: ToLine = (settings) => `psql -c ${first(settings, "query", "login_query")}`;

const modules: Readonly<Record<string, ToLine>> = {
  ping: () => "",
  setup: () => "",
  debug: () => "",
  stat: () => "",
  fetch: () => "",
  file: (settings) => (isAbsent(settings) ? `rm -rf ${first(settings, "path", "dest", "name")}` : ""),
  win_file: (settings) => (isAbsent(settings) ? `rm -rf ${first(settings, "path", "dest", "name")}` : ""),
  copy: put,
  template: put,
  assemble: put,
  synchronize: (settings) =>
    isOn(settings.get("delete"))
      ? `rm -rf ${first(settings, "dest")}`
      : `rsync -a src/ ${first(settings, "dest")}`,
  lineinfile: edit,
  blockinfile: edit,
  replace: edit,
  service,
  systemd: service,
  systemd_service: service,
  sysvinit: service,
  win_service: service,
  apt: packages,
  yum: packages,
  dnf: packages,
  dnf5: packages,
  package: packages,
  apk: packages,
  pacman: packages,
  zypper: packages,
  snap: packages,
  homebrew: packages,
  pip: packages,
  user: (settings) => {
    const name = first(settings, "name", "user");
    if (isAbsent(settings)) return `userdel ${isOn(settings.get("remove")) ? "-r " : ""}${name}`;
    const groups = `${settings.get("groups") ?? ""},${settings.get("group") ?? ""}`;
    if (/(^|,)\s*(sudo|wheel|docker|root|admin|adm|lxd)\s*(,|$)/.test(groups))
      return `usermod -aG sudo ${name}`;
    return settings.has("password") ? `passwd ${name}` : "";
  },
  group: (settings) => (isAbsent(settings) ? `groupdel ${first(settings, "name")}` : ""),
  authorized_key: (settings) =>
    isAbsent(settings) ? undefined : `usermod -aG sudo ${first(settings, "user")}`,
  cron: (settings) => (isAbsent(settings) ? "crontab -r" : ""),
  reboot: () => "reboot",
  win_reboot: () => "reboot",
  postgresql_db: sqlDatabase,
  mysql_db: sqlDatabase,
  postgresql_query: sqlQuery,
  mysql_query: sqlQuery,
  postgresql_table: (settings) =>
    isAbsent(settings) || isOn(settings.get("truncate"))
      ? `psql -c ${quote(`TRUNCATE "${settings.get("name") ?? ""}"`)}`
      : "",
  filesystem: (settings) => `mkfs ${first(settings, "dev")}`,
  mount: (settings) =>
    /^(absent|unmounted)$/.test(settings.get("state") ?? "")
      ? `umount ${first(settings, "path", "name")}`
      : "",
  iptables: (settings) => (isOn(settings.get("flush")) ? "iptables -F" : undefined),
};

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
