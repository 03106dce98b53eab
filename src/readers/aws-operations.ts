import type { Action, Recovery } from "../model/effect.js";

/** What an operation of the AWS API does, as far as its name says. */
export interface AwsOperation {
  readonly action: Action;
  readonly recovery: Recovery;
  /** The noun, singular: "db-instance" of `delete-db-instances`. */
  readonly type: string;
  /** IAM's name: "rds:DeleteDBInstance". */
  readonly name: string;
}

/** Undefined when the verb is not known. */
export function findOperation(service: string, operation: string): AwsOperation | undefined {
  const words = operation.replace(/^(batch|admin|bulk)-/, "").split("-");
  const verb = words[0] ?? "";
  const type = singular(words.slice(1).join("-")) || service;
  const name = `${prefixes[service] ?? service}:${operation.split("-").map(pascal).join("")}`;
  const known = exceptions.find(({ pattern }) => pattern.test(`${service} ${operation}`)) ?? verbs.get(verb);
  return known === undefined ? undefined : { action: known.action, recovery: known.recovery, type, name };
}

interface Deed {
  readonly action: Action;
  readonly recovery: Recovery;
}

const read: Deed = { action: "read", recovery: "needless" };
const create: Deed = { action: "create", recovery: "needless" };
const modify: Deed = { action: "modify", recovery: "unknown" };
const grant: Deed = { action: "grant", recovery: "unknown" };
const execute: Deed = { action: "execute", recovery: "unknown" };
const send: Deed = { action: "send", recovery: "unknown" };
const destroy: Deed = { action: "delete", recovery: "none" };
/** Can be started, enabled or attached again; nothing that was stored is lost. */
const interrupt: Deed = { action: "delete", recovery: "recreate" };

/** Names whose verb says too little or the wrong thing; the first that fits. */
const exceptions: readonly (Deed & { readonly pattern: RegExp })[] = [
  {
    ...modify,
    pattern:
      / (delete-tags|remove-tags.*|untag-.*|modify-(instance|vpc|subnet|volume|network-interface)-attribute)$/,
  },
  { ...read, pattern: / (stop-query(-execution)?|cancel-query|get-.*|wait)$/ },
  {
    ...grant,
    pattern: / (put-.*(policy|acl|permissions?|boundary|public-access-block|grants?)|attach-.*-policy)$/,
  },
  { ...grant, pattern: / (delete-public-access-block|delete-.*-permissions-boundary|delete-bucket-policy)$/ },
  {
    ...grant,
    pattern:
      / (create-(access-key|key-pair|api-key|login-profile|policy-version|grant|service-specific-credential)|update-login-profile)$/,
  },
  {
    ...grant,
    pattern:
      / (add-(layer-version-)?permission|add-user-to-group|add-role-to-instance-profile|add-client-id.*)$/,
  },
  {
    ...grant,
    pattern:
      / (update-assume-role-policy|set-default-policy-version|set-.*-polic(y|ies)|put-role-.*|import-key-pair)$/,
  },
  {
    ...grant,
    pattern: / (authorize-.*|share-.*|modify-.*-attribute|associate-iam-instance-profile|create-policy)$/,
  },
  { ...modify, pattern: /sqs (delete-message|delete-message-batch)$/ },
  { ...destroy, pattern: / (schedule-key-deletion|force-delete-.*|delete-.*|batch-delete-.*)$/ },
  {
    ...execute,
    pattern: / (send-command|start-session|resume-session|start-automation-execution|execute-.*|invoke.*)$/,
  },
  { ...execute, pattern: / (purchase-.*|transfer-domain.*|leave-organization)$/ },
  {
    ...create,
    pattern:
      / (run-instances|put-object|put-item|put-parameter|put-metric-data|put-events|put-records?|put-log-events)$/,
  },
  { ...execute, pattern: / (run-.*)$/ },
  { ...interrupt, pattern: / (reboot-.*|failover-.*|stop-.*|restore-db-instance-to-point-in-time)$/ },
];

const verbs: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ...list(
    destroy,
    "delete terminate remove purge destroy release empty evict wipe forget abort reset retire",
  ),
  ...list(
    interrupt,
    "deregister revoke disable stop cancel detach disassociate deactivate suspend pause unsubscribe unassign leave",
  ),
  ...list(
    read,
    "get list describe head search lookup query scan select check test validate verify estimate preview",
  ),
  ...list(
    read,
    "detect filter count view simulate discover analyze compare export download retrieve assume decode",
  ),
  ...list(
    read,
    "evaluate tail ls presign help wait is can receive poll generate predict recommend translate classify",
  ),
  ...list(
    create,
    "create allocate import register copy upload add request clone new mb signup subscribe sign encrypt decrypt",
  ),
  ...list(
    create,
    "ingest index define build provision launch submit complete initiate open acquire claim log record",
  ),
  ...list(
    modify,
    "modify update put set tag untag change rotate restore associate attach enable start move swap replace",
  ),
  ...list(
    modify,
    "upgrade publish configure accept reject apply assign merge promote rollback resume activate refresh rename",
  ),
  ...list(
    modify,
    "resize increase decrease switch sync schedule notify acknowledge confirm continue retry rebuild renew",
  ),
  ...list(
    modify,
    "resend resync respond redrive signal transact write convert reorder reimport migrate unshare unlock lock",
  ),
  ...list(grant, "grant authorize share attach-policy"),
  ...list(execute, "run invoke execute deploy ssh socks install transfer purchase reboot failover"),
  ...list(send, "send push"),
]);

function list(deed: Deed, names: string): readonly (readonly [string, Deed])[] {
  return names.split(" ").map((name) => [name, deed]);
}

/** CLI names that are not IAM's. */
const prefixes: Readonly<Record<string, string>> = {
  s3api: "s3",
  deploy: "codedeploy",
  configservice: "config",
  elb: "elasticloadbalancing",
  elbv2: "elasticloadbalancing",
  emr: "elasticmapreduce",
  efs: "elasticfilesystem",
  ses: "ses",
  sesv2: "ses",
  stepfunctions: "states",
  logs: "logs",
  docdb: "rds",
  neptune: "rds",
  opensearch: "es",
  "cognito-idp": "cognito-idp",
};

const capitals: Readonly<Record<string, string>> = {
  db: "DB",
  mfa: "MFA",
  ssh: "SSH",
  saml: "SAML",
  dns: "DNS",
};

function pascal(word: string): string {
  return capitals[word] ?? word.charAt(0).toUpperCase() + word.slice(1);
}

function singular(noun: string): string {
  if (/(ss|us|is)$/.test(noun)) return noun;
  return noun
    .replace(/sses$/, "ss")
    .replace(/ies$/, "y")
    .replace(/(?<!s)s$/, "");
}
