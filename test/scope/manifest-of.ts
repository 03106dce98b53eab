import type { Action } from "../../src/model/effect.js";
import type { LabelKind, Manifest, ScopeLabel } from "../../src/model/scope.js";

/** A manifest as it is written, checked by whoever reads the suite. */
export interface Written {
  readonly version: 1;
  readonly purpose?: string | undefined;
  readonly environments?: Readonly<Record<string, WrittenEnvironment>> | undefined;
  readonly files?:
    | {
        readonly read?: readonly string[] | undefined;
        readonly write?: readonly string[] | undefined;
        readonly never?: readonly string[] | undefined;
      }
    | undefined;
  readonly credentials?: readonly WrittenCredential[] | undefined;
  readonly backups?: readonly WrittenBackup[] | undefined;
}

type Words = readonly string[] | undefined;

interface WrittenEnvironment {
  readonly allow: readonly Action[];
  readonly never?: readonly Action[] | undefined;
  readonly hosts?: Words;
  readonly railway?: Words;
  readonly aws?: { readonly profiles?: Words; readonly accounts?: Words } | undefined;
  readonly kubernetes?: { readonly contexts?: Words } | undefined;
  readonly databases?: Words;
  readonly postgres?: Words;
  readonly mysql?: Words;
  readonly redis?: Words;
  readonly mongodb?: Words;
  readonly git?: { readonly remotes?: Words; readonly branches?: Words } | undefined;
  readonly ssh?: Words;
  readonly files?: Words;
  readonly ids?: Words;
}

interface WrittenCredential {
  readonly name: string;
  readonly from: string;
  readonly allow: readonly string[];
}

interface WrittenBackup {
  readonly for: Readonly<Record<string, string | readonly string[]>>;
  readonly evidence: string;
  readonly max_age: string;
}

/** The manifest that a mapping means. `sourceValue`: what a credential's source holds at the start. */
export function manifestOf(
  file: string,
  content: Written,
  isTrusted: boolean,
  home: string,
  sourceValue: (from: string) => string | undefined,
): Manifest {
  const folder = file.slice(0, file.lastIndexOf("/")) || "/";
  const path = (glob: string) =>
    glob.startsWith("/") ? glob : glob.startsWith("~/") ? `${home}${glob.slice(1)}` : `${folder}/${glob}`;
  const { environments = {}, files, credentials, backups = [] } = content;
  return {
    file,
    folder,
    isTrusted,
    purpose: content.purpose,
    environments: Object.entries(environments).map(([name, one]) => ({
      name,
      allow: one.allow,
      never: one.never ?? [],
      labels: labelsOf(one, path),
    })),
    files: {
      read: files?.read?.map(path),
      write: files?.write?.map(path),
      never: (files?.never ?? []).map(path),
    },
    credentials: credentials?.map((one) => ({ ...one, value: sourceValue(one.from) })),
    backups: backups.map((one) => ({
      for: Object.fromEntries(Object.entries(one.for).map(([field, words]) => [field, [words].flat()])),
      evidence: one.evidence,
      maxAge: Number.parseInt(one.max_age, 10) * (one.max_age.endsWith("h") ? 3_600_000 : 60_000),
    })),
  };
}

function labelsOf(one: WrittenEnvironment, path: (glob: string) => string): readonly ScopeLabel[] {
  const of = (kind: LabelKind, values: Words, engine?: string) =>
    (values ?? []).map((value): ScopeLabel => ({ kind, value, ...(engine === undefined ? {} : { engine }) }));
  return [
    ...of("host", one.hosts),
    ...of("railway", one.railway),
    ...of("aws-profile", one.aws?.profiles),
    ...of("aws-account", one.aws?.accounts),
    ...of("kube-context", one.kubernetes?.contexts),
    ...of("database", one.databases),
    ...of("database", one.postgres, "postgres"),
    ...of("database", one.mysql, "mysql"),
    ...of("database", one.redis, "redis"),
    ...of("database", one.mongodb, "mongodb"),
    ...of("git-remote", one.git?.remotes),
    ...of("git-branch", one.git?.branches),
    ...of("ssh", one.ssh),
    ...of("file", one.files?.map(path)),
    ...of("id", one.ids),
  ];
}
