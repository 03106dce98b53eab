import { join } from "node:path";
import { type Environment, environmentOf, type Findings, type FoundLabel } from "./finding.js";
import { type Place, readText, shown } from "./look.js";

/** The AWS CLI's profiles with the accounts that they lead to. Of the file of keys only the names of its sections. */
export function findAws(place: Place): Findings {
  const config = place.env["AWS_CONFIG_FILE"] ?? join(place.home, ".aws", "config");
  const keys = place.env["AWS_SHARED_CREDENTIALS_FILE"] ?? join(place.home, ".aws", "credentials");
  const profiles = new Map<string, Profile>();
  for (const [file, isConfig] of [
    [config, true],
    [keys, false],
  ] as const)
    for (const each of profilesOf(readText(file) ?? "", isConfig, shown(file, place))) {
      const known = profiles.get(each.name);
      profiles.set(
        each.name,
        known === undefined ? each : { ...known, accounts: [...known.accounts, ...each.accounts] },
      );
    }
  const all = [...profiles.values()];
  return {
    labels: all.flatMap(labelsOf),
    credentials: all.map(({ name, origin }) => ({
      name: `AWS profile ${name}`,
      from: `profile:${name}`,
      origin,
      environment: guess(name),
    })),
    never: [],
    notes: [],
  };
}

interface Profile {
  readonly name: string;
  readonly accounts: readonly string[];
  readonly origin: string;
}

function labelsOf({ name, accounts, origin }: Profile): readonly FoundLabel[] {
  const environment = guess(name);
  const about = `${origin}, profile ${name}`;
  return [
    { key: "aws.profiles", value: name, origin, environment },
    ...[...new Set(accounts)].map(
      (value): FoundLabel => ({ key: "aws.accounts", value, origin: about, environment }),
    ),
  ];
}

/** What people call the account where everything is. */
function guess(name: string): Environment | undefined {
  return environmentOf(name) ?? (/(^|[^a-z])main([^a-z]|$)/i.test(name) ? "production" : undefined);
}

function profilesOf(text: string, isConfig: boolean, origin: string): readonly Profile[] {
  const profiles: { name: string; accounts: string[]; origin: string }[] = [];
  let open: { accounts: string[] } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, head] = /^\s*\[([^\]]*)\]/.exec(line) ?? [];
    if (head !== undefined) {
      const words = head.trim().replaceAll('"', "").split(/\s+/);
      const name = isConfig && words[0] === "profile" ? words.slice(1).join(" ") : head.trim();
      const isProfile = !isConfig || words[0] === "profile" || name === "default";
      const made = { name, accounts: [], origin };
      open = isProfile && name !== "" ? made : undefined;
      if (open !== undefined) profiles.push(made);
      continue;
    }
    const [, account] =
      /^\s*(?:sso_account_id\s*=\s*|role_arn\s*=\s*arn:aws[\w-]*:iam::)(\d{12})\b/.exec(line) ?? [];
    if (account !== undefined) open?.accounts.push(account);
  }
  return profiles;
}
