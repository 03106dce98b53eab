import { assertNever } from "../model/assert-never.js";
import type { CloudEffect, Effect, FileEffect, GitEffect, OtherEffect } from "../model/effect.js";
import type { LabelKind } from "../model/scope.js";
import {
  hostOfUrl,
  isContainer,
  isLoopback,
  plainUrl,
  portIn,
  registryOf,
  type Server,
  serverOf,
} from "./server.js";

/** One thing that an effect reaches. It has several names at times; each is held against the labels by itself. */
export type Thing =
  | Server
  | { readonly is: "word"; readonly kinds: readonly LabelKind[]; readonly text: string }
  /** What goes to a remote; an unknown branch may be each of them. */
  | {
      readonly is: "remote";
      readonly names: readonly string[];
      readonly branch: string | undefined;
    }
  | { readonly is: "path"; readonly path: string; readonly recursive: boolean };

export interface Reach {
  /** Whether it is on another machine or a service. What is not belongs nowhere unless a label names it. */
  readonly isElsewhere: boolean;
  /** Of git, which is held only where some environment speaks of git. */
  readonly isGit: boolean;
  readonly things: readonly Thing[];
  /** For people: what it reaches, in a few words. */
  readonly shown: string;
}

/** What an effect reaches; undefined where no label can speak of it: this machine's own processes, packages, the guard. */
export function reachOf(effect: Effect): Reach | undefined {
  const around = surroundings(effect);
  const own = ownReach(effect);
  if (own === undefined && around.length === 0) return undefined;
  const isNearCluster = effect.environment === "local";
  const far = around.some((thing) => (thing.is === "server" ? !isLoopback(thing.host) : !isNearCluster));
  return {
    isElsewhere: far || own?.isElsewhere === true,
    isGit: own?.isGit === true && around.length === 0,
    things: [...around, ...(own?.things ?? [])].filter(isPlain),
    shown:
      around.length > 0 ? (effect.machine ?? effect.context ?? effect.target) : (own?.shown ?? effect.target),
  };
}

/** The machine or cluster that does it. */
function surroundings({ machine, hostName, context }: Effect): readonly Thing[] {
  return [
    ...(machine === undefined ? [] : [serverOf(machine, true)]),
    ...(hostName === undefined ? [] : [serverOf(hostName, true)]),
    ...(context === undefined ? [] : [word(context, "kube-context", "id")]),
  ];
}

function ownReach(effect: Effect): Reach | undefined {
  switch (effect.resource) {
    case "file":
      return fileReach(effect);
    case "http":
    case "graphql": {
      const port = effect.resource === "http" ? portIn(effect.target, effect.host) : "";
      return hostReach(effect.host, { ...serverOf(effect.host), ...(port === "" ? {} : { port }) }, effect);
    }
    case "sql": {
      const database = { engine: effect.engine, name: effect.database };
      return hostReach(effect.host, { ...serverOf(effect.host), database }, effect);
    }
    case "cloud":
      return cloudReach(effect);
    case "kubernetes":
      return reach(
        effect.environment !== "local",
        environmentWords(effect, "kube-context"),
        shownContext(effect),
      );
    case "container":
      return containerReach(effect);
    case "git":
      return effect.remote ? gitReach(effect) : undefined;
    case "package":
    case "process":
    case "device":
    case "secret":
    case "guard":
    case "opaque":
      return undefined;
    default:
      return assertNever(effect);
  }
}

function reach(isElsewhere: boolean, things: readonly Thing[], shown: string): Reach {
  return { isElsewhere, isGit: false, things, shown };
}

function fileReach(effect: FileEffect): Reach | undefined {
  if (effect.place === "remote") {
    // Without a machine or a cluster around it, it is a container of this one.
    if (effect.host === undefined || isContainer(effect.host) || effect.machine !== undefined)
      return undefined;
    return hostReach(effect.host, serverOf(effect.host, true), effect);
  }
  const { target, to, among = [], recursive } = effect;
  const paths = [target, ...(to === undefined ? [] : [to]), ...among];
  return reach(
    false,
    paths.map((path) => ({ is: "path", path, recursive })),
    target,
  );
}

/** `railway:my-app/production` is a server that a platform names, by its project and environment. */
function hostReach(host: string, thing: Thing, effect: Effect): Reach {
  const account = accountIn(host);
  const words = [
    ...environmentWords(effect),
    ...profileWords(effect),
    ...(account === undefined ? [] : [word(account, "aws-account", "id")]),
  ];
  const [, project, environment] = /^railway:([^/]*)\/(.*)$/.exec(host) ?? [];
  if (project !== undefined && environment !== undefined) {
    const named = [project, environment].filter((name) => name !== "unknown" && name !== "");
    return reach(true, [...named.map((name) => word(name, "railway", "id")), ...words], host);
  }
  const isNear =
    effect.environment === "local" ||
    host === "" ||
    host.startsWith("/") ||
    host.startsWith("unix:") ||
    isContainer(host);
  if (isNear)
    return reach(false, [...(thing.is === "server" && thing.database ? [thing] : []), ...words], host);
  return reach(thing.is !== "server" || !isLoopback(thing.host), [thing, ...words], host);
}

/** What only this machine's settings and programs are about, though a platform's tool does it. */
const ofThisMachine: ReadonlySet<string> = new Set(
  "tools program local-program link telemetry autoupdate completion starship open docs".split(" "),
);
/** Where repositories are served: held as git is. */
const hosting: ReadonlySet<string> = new Set(["github", "gitlab"]);

function cloudReach(effect: CloudEffect): Reach | undefined {
  const { provider, type, host, target, environment, environmentId, project, projectId } = effect;
  if (provider === "railway" && ofThisMachine.has(type)) return undefined;
  const isRailway = provider === "railway";
  const kinds: readonly LabelKind[] = isRailway ? ["railway", "id"] : ["id"];
  const ids = [target, environment, environmentId, project, projectId];
  const accounts = new Set([effect.account, accountIn(target)].filter((one) => one !== undefined));
  const things: readonly Thing[] = [
    ...(host === undefined ? [] : [serverOf(host)]),
    ...ids.flatMap((id) => (id === undefined || noName.has(id) ? [] : [word(id, ...kinds)])),
    ...profileWords(effect),
    ...[...accounts].map((name) => word(name, "aws-account", "id")),
  ];
  const isNear = environment === "local" || (host !== undefined && isLoopback(serverOf(host).host));
  const shown = [provider, [...accounts][0] ?? environmentShown(effect) ?? target].join(" ");
  return { ...reach(!isNear, things, shown), isGit: hosting.has(provider) };
}

/** `arn:aws:rds:eu-west-1:123456789012:db:orders`, `https://sqs.eu-west-1.amazonaws.com/123456789012/jobs`. */
function accountIn(target: string): string | undefined {
  const [, arn, queue] =
    /^arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):|^https:\/\/(?:sqs\.[\w.-]+|[\w.-]+\.queue)\.amazonaws\.com(?:\.cn)?\/(\d{12})\//.exec(
      target,
    ) ?? [];
  return arn ?? queue;
}

function containerReach(effect: OtherEffect): Reach {
  const ids = [word(effect.target, "id")];
  const [, , daemon] = /^(tcp|ssh|https?):\/\/(?:[^@/]*@)?([^/]+)/.exec(effect.environment) ?? [];
  if (daemon !== undefined) {
    const thing = serverOf(daemon, effect.environment.startsWith("ssh:"));
    return reach(!isLoopback(thing.host), [thing, ...ids], daemon);
  }
  const isHere = nearDaemons.test(effect.environment) || effect.environment.startsWith("unix:");
  const things = isHere ? ids : [word(effect.environment, "id"), ...ids];
  if (!/(^|\s)push$/.test(effect.operation)) return reach(!isHere, things, effect.environment);
  const registry = registryOf(effect.target);
  return reach(!isHere || !isLoopback(registry.host), [registry, ...things], registry.host);
}

const nearDaemons = /^(unknown|local|default|desktop-linux|rancher-desktop|orbstack|colima(-.*)?|rootless)$/;

function gitReach({ target, remoteName, remoteUrls = [], branch }: GitEffect): Reach {
  // The name is what the repository's settings make of it, so that each URL counts by itself.
  const names = [
    ...(remoteName === undefined ? [] : [[remoteName]]),
    ...remoteUrls.map((url) => [url, ...plainUrl(url)]),
  ];
  const hosts = remoteUrls.flatMap((url) => hostOfUrl(url) ?? []);
  const things: readonly Thing[] = [
    ...names.map((one): Thing => ({ is: "remote", names: one, branch })),
    ...hosts.map((host) => serverOf(host)),
  ];
  return { isElsewhere: true, isGit: true, things, shown: target };
}

/** What the tool was told, as a name; a plain word of a framework is one too, where a label takes it for an id. */
function environmentWords(effect: Effect, ...kinds: readonly LabelKind[]): readonly Thing[] {
  return noName.has(effect.environment) ? [] : [word(effect.environment, ...kinds, "id")];
}

/** AWS: whose keys it uses. */
function profileWords({ credentials }: Effect): readonly Thing[] {
  const profiles = credentials.flatMap(({ from }) => /^profile:(.+)$/s.exec(from)?.[1] ?? []);
  return profiles.map((name) => word(name, "aws-profile", "id"));
}

const noName: ReadonlySet<string> = new Set(["", "unknown", "local"]);

function environmentShown({ environment }: Effect): string | undefined {
  return noName.has(environment) ? undefined : environment;
}

function shownContext(effect: OtherEffect): string {
  return effect.context ?? environmentShown(effect) ?? "a cluster that is not known";
}

function word(text: string, ...kinds: readonly LabelKind[]): Thing {
  return { is: "word", kinds, text };
}

/**
 * Whether its name is known. `ssh $X.staging.example.com` shows its source, which would fit `*.staging.example.com` though X is
 * `prod.example.com -x`; nor is `staging-1,prod-1` one machine.
 */
function isPlain(thing: Thing): boolean {
  switch (thing.is) {
    case "server":
      return thing.host === "" ? thing.database !== undefined : /^[\w.:%-]+$/.test(thing.host);
    case "word":
      return !/[$`\n]/.test(thing.text);
    case "remote":
    case "path":
      return true;
    default:
      return assertNever(thing);
  }
}
