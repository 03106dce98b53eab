import type { AwsKind } from "../../model/aws.js";
import type { Action, Recovery } from "../../model/effect.js";

export interface AwsDeed {
  readonly action: Action;
  readonly recovery: Recovery;
  /** Where it is not the noun of the operation. */
  readonly type?: string;
}

/** What the name of an operation says: `delete-bucket`. Undefined when its verb is not known. */
export function readVerb(operation: string): AwsKind | undefined {
  const name = operation.replace(/^(batch|admin|bulk)-/, "");
  const [verb = ""] = name.split("-");
  return shapes.find(({ pattern }) => pattern.test(name))?.is ?? verbs().get(verb);
}

export const kinds: Readonly<Record<AwsKind, AwsDeed>> = {
  read: { action: "read", recovery: "needless" },
  create: { action: "create", recovery: "needless" },
  modify: { action: "modify", recovery: "unknown" },
  replace: { action: "modify", recovery: "none" },
  supersede: { action: "modify", recovery: "backup" },
  unprotect: { action: "modify", recovery: "none", type: "protection" },
  spend: { action: "create", recovery: "unknown", type: "purchase" },
  grant: { action: "grant", recovery: "unknown" },
  execute: { action: "execute", recovery: "unknown" },
  send: { action: "send", recovery: "unknown" },
  interrupt: { action: "delete", recovery: "recreate" },
  delete: { action: "delete", recovery: "none" },
};

/** Names whose verb says too little or the wrong thing; the first that fits. */
const shapes: readonly { readonly is: AwsKind; readonly pattern: RegExp }[] = [
  {
    is: "modify",
    pattern:
      /^(delete|remove|add|create|put|set|update|change)-(tags?(-(from|to|for)-[a-z-]+)?|[a-z-]+-tagging)$/,
  },
  { is: "read", pattern: /^(stop|cancel)-.*(query|queries)(-execution)?$/ },
  { is: "modify", pattern: /^cancel-.*-deletion$/ },
  {
    is: "delete",
    pattern:
      /^(start|schedule|initiate|submit|request|execute)-(.*-)?(delete|deletion|purge|termination|decommission)(-|$)/,
  },
  {
    is: "modify",
    pattern:
      /^put-.*(scaling|retention|lifecycle|metric|cors|backup|termination|index|account|protection|network|contact)-policy$/,
  },
  { is: "grant", pattern: /^put-.*(policy|acl|permissions?|boundary|public-access-block|grants?)$/ },
  { is: "grant", pattern: /^(attach|detach)-.*-policy$/ },
  { is: "grant", pattern: /^delete-(bucket-policy|public-access-block|.*-permissions-boundary)$/ },
  { is: "grant", pattern: /^(add|update|modify|set|associate)-(.*-)?permissions?$/ },
  { is: "grant", pattern: /^create-(access-key|login-profile|policy|policy-version|grant)$/ },
  { is: "grant", pattern: /^(update-assume-role-policy|update-login-profile|set-default-policy-version)$/ },
  {
    is: "grant",
    pattern: /^(add-user-to-group|add-role-to-instance-profile|associate-iam-instance-profile)$/,
  },
  { is: "execute", pattern: /^(send-command|start-session|start-automation-execution)$/ },
  { is: "create", pattern: /^run-instances$/ },
  {
    is: "create",
    pattern: /^put-(object|item|parameter|metric-data|events|records?|record-batch|log-events|image)$/,
  },
  { is: "execute", pattern: /^transfer-domain/ },
];

const words: Readonly<Partial<Record<AwsKind, string>>> = {
  delete:
    "delete terminate remove purge destroy release empty wipe abandon retire return clear dispose discard deprovision " +
    "rebuild reset redact leave close drop erase",
  interrupt:
    "deregister unregister revoke disable stop cancel detach disassociate dissociate deactivate suspend pause unsubscribe " +
    "unassign unlink unshare unpeer undeploy abort reboot restart failover switchover shutdown disconnect drain evict expire " +
    "enter logout forget withdraw deauthorize decrease end flush invalidate uninstall deny detag",
  read:
    "get list describe head search lookup query scan select check test validate verify estimate preview detect filter count " +
    "view simulate discover analyze compare export download retrieve assume decode evaluate tail ls presign help wait is can " +
    "receive poll generate predict recommend translate classify infer suggest calculate render recognize resolve derive show " +
    "geocode autocomplete synthesize probe contains",
  create:
    "create allocate import register copy upload add request clone new mb signup sign subscribe encrypt decrypt re ingest " +
    "index define build provision launch instantiate complete initiate open acquire claim log record replicate issue join " +
    "compose bundle post meter populate",
  modify:
    "modify update put set tag untag change restore associate attach enable start move upgrade publish configure accept reject " +
    "decline apply assign merge promote resume activate refresh rename resize increase switch sync schedule notify acknowledge " +
    "confirm continue retry renew resend resync respond redrive signal transact write convert reorder reimport migrate lock " +
    "unlock approve archive unarchive deprecate undeprecate extend exit monitor unmonitor advertise link label unlabel group " +
    "ungroup connect initialize prepare process report distribute override skip split reload rebalance save finalize mark " +
    "amend recall manage dismiss take submit replace invite peer setup opt snooze insert commit checkout",
  replace: "rotate regenerate",
  grant: "grant authorize share allow",
  execute: "run invoke execute deploy ssh socks install transfer rollback swap",
  spend: "purchase reserve",
  send: "send push",
};

let table: ReadonlyMap<string, AwsKind> | undefined;

/** Made when the first operation is met: most sessions never meet one. */
function verbs(): ReadonlyMap<string, AwsKind> {
  table ??= new Map(
    Object.entries(words).flatMap(([name, list]) => {
      const kind = isKind(name) ? name : "modify";
      return list.split(" ").map((verb): [string, AwsKind] => [verb, kind]);
    }),
  );
  return table;
}

function isKind(name: string): name is AwsKind {
  return Object.hasOwn(kinds, name);
}
