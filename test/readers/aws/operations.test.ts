import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findOperation } from "../../../src/readers/aws/operations.js";
import { judgeExample, rulesOf } from "../../example-judge.js";
import { awsNames, awsServices } from "../aws-table.js";

function count(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

const operations = awsNames.filter(({ level }) => level !== "command");
const judged = operations.map(({ service, operation, level }) => {
  const found = findOperation(service, operation, awsServices.get(service));
  return { line: `aws ${service} ${operation}`, level, found };
});

// Golden numbers: a new AWS CLI or new IAM data changes them, and the change is to be read.
describe("every operation that the AWS CLI has", () => {
  test("has what it does, and a reason", () => {
    expect(judged.filter(({ found }) => found === undefined || found.because === "")).toEqual([]);
  });

  test("by access level", () => {
    expect(count(operations.map(({ level }) => level))).toEqual({
      List: 3097,
      "Permissions management": 261,
      Read: 4619,
      Tagging: 646,
      Write: 9169,
      unlisted: 551,
    });
  });

  test("by what it does", () => {
    expect(count(judged.map(({ found }) => `${found?.action}, ${found?.recovery}`))).toEqual({
      "create, needless": 2342,
      "create, unknown": 35,
      "delete, none": 2326,
      "delete, recreate": 775,
      "execute, unknown": 102,
      "grant, unknown": 398,
      "modify, backup": 8,
      "modify, none": 76,
      "modify, unknown": 4076,
      "read, needless": 8139,
      "send, unknown": 66,
    });
  });

  test("by level and action", () => {
    expect(count(judged.map(({ level, found }) => `${level}: ${found?.action}`))).toEqual({
      "List: read": 3097,
      "Permissions management: create": 3,
      "Permissions management: delete": 3,
      "Permissions management: grant": 230,
      "Permissions management: modify": 15,
      "Permissions management: read": 10,
      "Read: read": 4619,
      "Tagging: modify": 645,
      "Tagging: read": 1,
      "Write: create": 2313,
      "Write: delete": 3025,
      "Write: execute": 94,
      "Write: grant": 164,
      "Write: modify": 3364,
      "Write: read": 147,
      "Write: send": 62,
      "unlisted: create": 61,
      "unlisted: delete": 73,
      "unlisted: execute": 8,
      "unlisted: grant": 4,
      "unlisted: modify": 136,
      "unlisted: read": 265,
      "unlisted: send": 4,
    });
  });

  test("reads are never asked about", () => {
    const asked = judged.filter(
      ({ level, found }) => (level === "List" || level === "Read") && found?.action !== "read",
    );
    expect(asked).toEqual([]);
  });

  test("each gets a verdict", async () => {
    const verdicts: string[] = [];
    for (const { line } of judged) verdicts.push((await judgeExample(line)).verdict);
    expect(count(verdicts)).toEqual({ allow: 14_631, ask: 3_712 });
  });
});

test("the command line's own commands are known, but those that are settings of this machine", () => {
  const unknown = awsNames
    .filter(({ level, service }) => level === "command" && !["s3", "configure", "history"].includes(service))
    .filter(
      ({ service, operation }) => findOperation(service, operation, awsServices.get(service)) === undefined,
    );
  expect(unknown).toEqual([]);
});

test("docs/recognised/aws.md has these numbers", () => {
  const page = readFileSync(new URL("../../../docs/recognised/aws.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| (\w[\w ]*?) +\|((?: +[\d,]+ \|)+)$/gm)].map(
    ([, name = "", cells = ""]) => [
      name,
      cells
        .split("|")
        .map((cell) => cell.trim().replaceAll(",", ""))
        .filter((cell) => cell !== "")
        .map(Number),
    ],
  );
  const levels = ["List", "Read", "Write", "Tagging", "Permissions management", "unlisted"];
  const of = (actions: readonly string[], level: string) =>
    judged.filter((one) => one.level === level && actions.includes(one.found?.action ?? "")).length;
  const kinds = [["read"], ["create", "send"], ["modify"], ["delete"], ["grant"], ["execute"]];
  const expected = levels.map((level) => [
    level,
    [operations.filter((one) => one.level === level).length, ...kinds.map((kind) => of(kind, level))],
  ]);
  const all = [operations.length, ...kinds.map((kind) => sum(levels.map((level) => of(kind, level))))];
  expect(rows).toEqual([...expected, ["all", all]]);
  const byHand = sum([...awsServices.values()].map(({ exceptions }) => Object.keys(exceptions).length));
  expect(page).toContain(`exceptions.yaml\`, ${byHand} operations`);
  expect(page.replace(/\s+/g, " ")).toContain("is let through in 14,631 cases and asked about in 3,712.");
});

/** Looked at by hand, one by one: which rule asks, when nothing but the operation is given. */
const byHand: Readonly<Record<string, string>> = {
  "aws/delete,aws/delete-storage": `
    ec2 terminate-instances, ec2 delete-volume, ec2 delete-snapshot, ec2 deregister-image, rds delete-db-cluster,
    rds delete-db-snapshot, rds delete-db-cluster-snapshot, dynamodb delete-table, dynamodb delete-backup,
    s3api delete-bucket, cloudformation delete-stack, kms schedule-key-deletion, eks delete-cluster, ecs delete-cluster,
    redshift delete-cluster, elasticache delete-cache-cluster, elasticache delete-replication-group, docdb delete-db-cluster,
    neptune delete-db-cluster, efs delete-file-system, fsx delete-file-system, logs delete-log-group, sqs delete-queue,
    sqs purge-queue, kinesis delete-stream, ecr delete-repository, codecommit delete-repository, route53 delete-hosted-zone,
    opensearch delete-domain, cognito-idp delete-user-pool, backup delete-backup-vault, backup delete-recovery-point,
    organizations close-account, elasticbeanstalk terminate-environment, emr terminate-clusters, glacier delete-vault,
    ecr batch-delete-image, organizations leave-organization, elasticbeanstalk rebuild-environment, workspaces rebuild-workspaces,
    route53domains delete-domain, apigateway delete-rest-api, workspaces terminate-workspaces, timestream-write delete-table, memorydb delete-cluster`,
  "aws/delete": `
    lambda delete-function, iam delete-user, iam delete-role, iam delete-access-key, ec2 release-address, ec2 delete-vpc,
    ec2 delete-security-group, ec2 delete-key-pair, ec2 delete-nat-gateway, s3api delete-object,
    ecr delete-lifecycle-policy, s3api delete-bucket-lifecycle, s3api delete-bucket-website, s3api delete-bucket-cors,
    dynamodb delete-item, elbv2 delete-load-balancer, elbv2 delete-target-group, elbv2 delete-listener, elbv2 delete-rule,
    elb delete-load-balancer, cloudfront delete-distribution, cloudfront delete-function, sns delete-topic, ssm delete-parameter,
    ssm delete-parameters, secretsmanager delete-secret, route53 delete-health-check, ses delete-identity,
    sesv2 delete-email-identity, autoscaling delete-auto-scaling-group, acm delete-certificate, events delete-rule,
    events remove-targets, cloudwatch delete-dashboards, iot delete-thing, glue delete-job, athena delete-work-group,
    stepfunctions delete-state-machine, codepipeline delete-pipeline, sqs delete-message, rds delete-db-parameter-group,
    cognito-idp admin-delete-user, budgets delete-budget,
    neptunedata execute-fast-reset,
    transfer start-remote-delete, iam remove-user-from-group`,
  "aws/interrupt": `
    ec2 stop-instances, ec2 reboot-instances, ec2 detach-volume, ec2 disassociate-address, ec2 revoke-security-group-ingress,
    rds stop-db-instance, rds reboot-db-instance, rds failover-db-cluster, elbv2 deregister-targets, ecs stop-task,
    ecs deregister-task-definition, elb deregister-instances-from-load-balancer, sns unsubscribe, events disable-rule,
    kms disable-key, autoscaling suspend-processes, autoscaling detach-instances, redshift pause-cluster,
    elasticache test-failover, s3api abort-multipart-upload, codebuild stop-build, stepfunctions stop-execution,
    cognito-idp admin-disable-user, route53 disassociate-vpc-from-hosted-zone, glue stop-crawler, batch cancel-job,
    ssm cancel-command, sagemaker stop-notebook-instance, opensearch start-service-software-update`,
  "aws/access": `
    iam attach-user-policy, iam put-role-policy, iam create-access-key, iam create-login-profile, iam add-user-to-group,
    iam update-assume-role-policy, iam create-policy-version, iam delete-role-policy, iam detach-user-policy,
    s3api put-bucket-policy, s3api delete-bucket-policy, s3api put-bucket-acl, s3api delete-public-access-block,
    ec2 authorize-security-group-ingress, ec2 modify-snapshot-attribute, ec2 associate-iam-instance-profile,
    lambda add-permission, kms create-grant, kms put-key-policy, sns add-permission, sqs add-permission, ecr set-repository-policy,
    secretsmanager put-resource-policy, ram create-resource-share, eks create-access-entry, sso-admin create-account-assignment,
    organizations attach-policy, lakeformation grant-permissions, glue put-resource-policy, events put-permission,
    lightsail open-instance-public-ports, cognito-idp admin-set-user-password, ec2 enable-serial-console-access, sts assume-root,
    redshift authorize-snapshot-access, sns remove-permission, secretsmanager delete-resource-policy`,
  "aws/remote-execution": `
    ssm send-command, ssm start-session, ssm start-automation-execution, ecs execute-command, ecs run-task, lambda invoke,
    lambda update-function-code, cloudformation update-stack, cloudformation execute-change-set, cloudformation deploy,
    deploy create-deployment, codepipeline start-pipeline-execution, stepfunctions start-execution, glue start-job-run,
    batch submit-job, emr add-steps, emr ssh, emr-serverless start-job-run, apprunner start-deployment, fis start-experiment,
    ec2 send-diagnostic-interrupt, datasync start-task-execution`,
  "aws/replace": `
    secretsmanager put-secret-value, secretsmanager update-secret, secretsmanager rotate-secret, rds promote-read-replica,
    apigatewayv2 reimport-api, rds backtrack-db-cluster, fsx restore-volume-from-snapshot,
    secretsmanager remove-regions-from-replication`,
  "aws/protection": `
    cloudtrail stop-logging, cloudtrail delete-trail, guardduty delete-detector, configservice stop-configuration-recorder,
    logs put-retention-policy, ecr put-lifecycle-policy, iam deactivate-mfa-device, organizations disable-policy-type,
    s3api delete-bucket-encryption, securityhub disable-security-hub, shield delete-protection, ec2 unlock-snapshot,
    kms disable-key-rotation, ec2 disable-ebs-encryption-by-default, ec2 delete-flow-logs, cloudwatch delete-alarms`,
  "aws/money": `
    ec2 purchase-reserved-instances-offering, ec2 purchase-capacity-block, rds purchase-reserved-db-instances-offering,
    savingsplans create-savings-plan, route53domains register-domain, shield create-subscription`,
  "": `
    ec2 describe-instances, ec2 run-instances, ec2 start-instances, ec2 create-tags, ec2 delete-tags, ec2 create-vpc,
    ec2 create-security-group, ec2 create-snapshot, ec2 create-key-pair, ec2 get-console-output, ec2 wait,
    ec2 modify-instance-attribute, s3api list-objects-v2, s3api head-object, s3api get-object, s3api put-object,
    s3api copy-object, s3api create-bucket, s3api get-bucket-policy, s3api put-bucket-versioning, s3api put-object-tagging,
    rds describe-db-instances, rds create-db-snapshot, rds modify-db-instance, rds start-db-instance,
    rds restore-db-instance-from-db-snapshot, rds generate-db-auth-token, dynamodb scan, dynamodb query, dynamodb get-item,
    dynamodb put-item, dynamodb update-item, dynamodb batch-write-item, dynamodb create-table, dynamodb update-table, lambda list-functions,
    lambda get-function, lambda create-function, lambda publish-version, lambda update-function-configuration,
    lambda get-policy, iam list-users, iam get-role, iam create-user, iam create-role, iam simulate-principal-policy,
    iam generate-credential-report, iam tag-role, sts get-caller-identity, sts assume-role, sts get-session-token,
    sts decode-authorization-message, logs filter-log-events, logs start-query, logs stop-query, logs create-log-group,
    logs put-log-events, logs tail, logs start-live-tail, cloudformation create-stack, cloudformation create-change-set,
    cloudformation validate-template, cloudformation describe-stacks, cloudformation package, ecs update-service,
    ecs list-tasks, ecs register-task-definition, ecs create-service, ecr get-login-password, ecr put-image,
    ecr describe-images, ecr start-image-scan, eks update-kubeconfig, eks describe-cluster, eks get-token,
    secretsmanager get-secret-value, secretsmanager create-secret, secretsmanager list-secrets,
    secretsmanager restore-secret, ssm get-parameter, ssm get-parameters-by-path, ssm put-parameter,
    ssm describe-instance-information, ssm list-commands, kms encrypt, kms decrypt, kms describe-key, kms enable-key,
    kms cancel-key-deletion, sns publish, sqs send-message, sqs receive-message, sqs create-queue,
    sqs set-queue-attributes, ses send-email, cloudwatch put-metric-data, cloudwatch put-metric-alarm,
    cloudwatch get-metric-statistics, cloudfront create-invalidation, cloudfront list-distributions,
    route53 list-resource-record-sets, athena get-query-results, athena stop-query-execution, stepfunctions
    describe-execution, codebuild start-build, codebuild batch-get-builds, codecommit create-pull-request,
    events put-events, kinesis put-record, kinesis get-records, bedrock-runtime invoke-model, bedrock-runtime converse,
    cognito-idp list-users, cognito-idp admin-create-user, organizations list-accounts, ce get-cost-and-usage,
    pricing get-products, support describe-cases, apigateway get-rest-apis, apigateway create-deployment,
    apigateway flush-stage-cache, apigatewayv2 get-apis, autoscaling describe-auto-scaling-groups,
    autoscaling set-desired-capacity, elbv2 register-targets, elbv2 describe-target-health, glue start-crawler,
    sagemaker list-endpoints, resourcegroupstaggingapi get-resources, configservice select-resource-config,
    rds reset-db-parameter-group, ec2 enable-ebs-encryption-by-default, s3api put-public-access-block`,
};
const rows = Object.entries(byHand).flatMap(([rules, names]) =>
  names
    .trim()
    .split(/,\s+/)
    .map((name) => [name.replace(/\s+/g, " "), rules] as const),
);

describe("looked at by hand", () => {
  test("more than 150, each once", () => {
    expect(rows.length).toBeGreaterThan(250);
    expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
    const known = new Set(awsNames.map(({ service, operation }) => `${service} ${operation}`));
    expect(rows.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  test.each(rows)("%s: %s", async (name, rules) => {
    const judgement = await judgeExample(`aws ${name}`);
    expect([rulesOf(judgement).join(","), judgement.verdict]).toEqual([
      rules,
      rules === "" ? "allow" : "ask",
    ]);
  });
});
