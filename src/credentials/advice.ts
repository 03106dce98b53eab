import type { AuditedCredential, AuditedPlace } from "../model/credential-audit.js";

export interface AdviceOptions {
  /** Only its service can say how far it really reaches. */
  readonly isUnsure: boolean;
  /** As people would write a path. */
  readonly shown: (path: string) => string;
}

type Assessed = Omit<AuditedCredential, "advice">;

/** What to do about one credential, the most urgent first. */
export function adviceFor(one: Assessed, { isUnsure, shown }: AdviceOptions): readonly string[] {
  const { places, reach, online } = one;
  if (online?.kind === "dead") return ["Delete it: its service no longer takes it."];
  if (/^nothing any longer/.test(reach.words)) return ["Delete it."];
  const isHarmless = reach.width === "nothing" || (reach.width === "read" && !one.isProduction);
  return [
    ...(isHarmless
      ? []
      : [...gitAdvice(one), ...untrackedAdvice(places, shown), ...reachAdvice(one, isUnsure)]),
    ...openAdvice(places, shown),
  ];
}

function gitAdvice({ places }: Assessed): readonly string[] {
  const gitted = places.filter(({ git }) => git === "tracked" || git === "history");
  if (gitted.length === 0) return [];
  const files = new Set(places.map(({ file }) => file)).size;
  const everywhere = files > 1 ? ` Change it in all ${files} places.` : "";
  return gitted.some(({ git }) => git === "tracked")
    ? [
        `Rotate it: every clone of the repository has it. Keep the new one in an ignored file or a store of secrets.${everywhere}`,
      ]
    : [
        `Rotate it: git's history has it, for everybody with a clone, though no file of that name does now.${everywhere}`,
      ];
}

function untrackedAdvice(places: readonly AuditedPlace[], shown: AdviceOptions["shown"]): readonly string[] {
  const files = places.flatMap(({ git, file }) =>
    git === "untracked" && file !== undefined ? [shown(file)] : [],
  );
  const [first] = files;
  return first === undefined
    ? []
    : [`Put ${first} into .gitignore: the next \`git add\` would take it along.`];
}

function reachAdvice(one: Assessed, isUnsure: boolean): readonly string[] {
  const { reach, named, isProduction, places, online } = one;
  const isWide = reach.width === "account" || reach.width === "workspace";
  const isOpen = isUnsure && online?.kind !== "alive";
  const narrow = !isWide
    ? []
    : [
        isOpen
          ? `Ask what it may do (--online); if that is more than the work needs, use ${narrowerWords(one)}.`
          : `Use ${narrowerWords(one)} in its place: the work needs no more.`,
      ];
  if (places.every(({ isForbidden }) => isForbidden)) return narrow;
  if (isProduction)
    return [
      ...narrow,
      "Take it out of the agent's reach: to another account or a store of secrets; at least name its file under `files: never` of holdpoint.yaml.",
    ];
  return named.length > 0
    ? narrow
    : [
        ...narrow,
        "Take it away if the work does not need it; else name it in holdpoint.yaml, for what it is meant for.",
      ];
}

function narrowerWords({ kind, reach }: Pick<Assessed, "kind" | "reach">): string {
  const text = `${kind} ${reach.words}`;
  return narrower.find(([about]) => about.test(text))?.[1] ?? "one that is made for this work alone";
}

const narrower: readonly (readonly [about: RegExp, words: string])[] = [
  [/railway/i, "a project token, which knows one environment alone"],
  [/github/i, "a fine-grained token for these repositories"],
  [/gitlab/i, "a project access token"],
  [/AWS/, "a role with short-lived credentials and only these permissions"],
  [/administrator|superuser/, "a role of its own with the rights that the work needs"],
  [/supabase/i, "a key of the one project"],
  [/fly\.io|^fly/i, "a deploy token of the one app"],
  [/neon/i, "an API key of the one project"],
  [/vercel/i, "a token of the one project that expires"],
  [/stripe/i, "a restricted key, or a test key"],
  [/npm|packages/i, "a granular token for these packages"],
  [/ssh key/, "a deploy key of the one repository, or a passphrase and an ssh agent"],
  [/kubernetes/i, "a service account that is bound to one namespace"],
];

/** Not of a tracked file, which is everybody's anyway. */
function openAdvice(places: readonly AuditedPlace[], shown: AdviceOptions["shown"]): readonly string[] {
  const files = places.flatMap(({ isOpen, file, git }) =>
    isOpen && file !== undefined && git !== "tracked" && git !== "untracked" ? [shown(file)] : [],
  );
  const names = [...new Set(files)].map((name) => (/^[\w@%+=:,./~-]+$/.test(name) ? name : `'${name}'`));
  return names.length === 0
    ? []
    : [`chmod 600 ${names.join(" ")}: other accounts of this machine can read it.`];
}
