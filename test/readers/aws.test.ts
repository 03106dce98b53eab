import { expect, test } from "vitest";
import { envFrom } from "../../src/model/env.js";
import { aws } from "../../src/readers/aws.js";
import { show } from "./effect-words.js";
import { callOf, sqlWorld } from "./sql-world.js";

const files = {
  "/proj/local.txt": "x",
  "/home/dev/.aws/cli/alias":
    "[toplevel]\ndanger = !f() { rm -rf \"$1\"; }; f\nmyls = s3 rm --recursive s3://b\nwrapped =\n  !sh -c 'id'\n[command ec2]\nx = !id\n",
};

/** A line, split at spaces, and all that it does. */
const cases: readonly (readonly [line: string, ...does: string[]])[] = [
  ["aws s3 ls", "read s3:GetObject object s3, unknown"],
  ["aws s3 rm s3://b/k", "delete s3:DeleteObject object s3://b/k, none"],
  ["aws s3 rm s3://b/p --recursive", "delete s3:DeleteObject object s3://b/p, all, none"],
  ["aws s3 rm --recursive --exclude *.txt s3://b/p", "delete s3:DeleteObject object s3://b/p, all, none"],
  ["aws s3 rm s3://b/p --recursive --dryrun"],
  ["aws s3 rm s3://b/p --recursive --dryr"],
  ["aws s3 rb s3://b", "delete s3:DeleteBucket bucket s3://b, recreate"],
  ["aws s3 rb s3://b --force", "delete s3:DeleteBucket bucket s3://b, all, none"],
  ["aws s3 rb s3://b --force --dryrun", "delete s3:DeleteBucket bucket s3://b, all, none"],
  [
    "aws s3 mv s3://a/x s3://b/y",
    "delete s3:DeleteObject object s3://a/x, backup",
    "create s3:PutObject object s3://b/y",
  ],
  [
    "aws s3 mv local.txt s3://b/y",
    "create s3:PutObject object s3://b/y",
    "delete file /proj/local.txt, unknown",
  ],
  [
    "aws s3 mv s3://b/y new.txt",
    "delete s3:DeleteObject object s3://b/y, backup",
    "create file /proj/new.txt",
  ],
  ["aws s3 cp local.txt s3://b/k", "create s3:PutObject object s3://b/k"],
  [
    "aws s3 cp s3://b/k local.txt",
    "read s3:GetObject object s3://b/k, unknown",
    "modify file /proj/local.txt, unknown",
  ],
  ["aws s3 cp s3://b/k -", "read s3:GetObject object s3://b/k, unknown"],
  ["aws s3 sync . s3://b", "create s3:PutObject object s3://b, unknown"],
  ["aws s3 sync . s3://b --delete", "delete s3:DeleteObject object s3://b, unknown, none"],
  [
    "aws s3 sync s3://b dir --delete",
    "read s3:GetObject object s3://b, unknown",
    "delete file /proj/dir, unknown",
  ],
  ["aws s3 mb s3://b", "create s3:CreateBucket bucket s3://b"],
  ["aws s3 presign s3://b/k", "read s3:GetObject object s3://b/k, unknown"],
  ["aws s3 frobnicate s3://b", "opaque s3 frobnicate: a command of s3 that is not known here"],
  ["aws s3api delete-bucket --bucket b", "delete s3:DeleteBucket bucket b, none"],
  ["aws s3api delete-objects --bucket b --delete file://d.json", "delete s3:DeleteObjects object b, none"],
  ["aws s3api put-bucket-policy --bucket b --policy {}", "grant s3:PutBucketPolicy bucket-policy b, unknown"],
  [
    "aws s3api put-object-acl --bucket b --key k --acl public-read",
    "grant s3:PutObjectAcl object-acl b, unknown",
  ],
  [
    "aws s3api get-object --bucket b --key k out.bin",
    "read s3:GetObject object b",
    "create file /proj/out.bin",
  ],
  ["aws s3api put-object --bucket b --key k", "create s3:PutObject object b"],
  [
    "aws ec2 terminate-instances --instance-ids i-1 i-2",
    "delete ec2:TerminateInstances instance i-1, none",
    "delete ec2:TerminateInstances instance i-2, none",
  ],
  [
    "aws --region us-east-1 ec2 --profile prod terminate-instances --instance-ids i-1",
    "delete ec2:TerminateInstances instance i-1, none",
  ],
  [
    "aws ec2 terminate-instances --reg us-east-1 --instance-i i-1",
    "delete ec2:TerminateInstances instance i-1, none",
  ],
  ["aws ec2 terminate-instances --dry-run --instance-ids i-1"],
  ["aws ec2 terminate-instances --dry --instance-ids i-1"],
  [
    "aws ec2 terminate-instances --dry-run --no-dry-run --instance-ids i-1",
    "delete ec2:TerminateInstances instance i-1, none",
  ],
  ["aws ec2 terminate-instances --no-dry-run --dry-run --instance-ids i-1"],
  ["aws ec2 terminate-instances --generate-cli-skeleton"],
  ["aws ec2 terminate-instances help"],
  ["aws ec2 help"],
  ["aws help"],
  ["aws ec2 stop-instances --instance-ids i-1", "delete ec2:StopInstances instance i-1, recreate"],
  ["aws ec2 reboot-instances --instance-ids i-1", "delete ec2:RebootInstances instance i-1, recreate"],
  ["aws ec2 start-instances --instance-ids i-1", "modify ec2:StartInstances instance i-1, unknown"],
  ["aws ec2 describe-instances", "read ec2:DescribeInstances instance instance"],
  ["aws ec2 run-instances --image-id ami-1", "create ec2:RunInstances instance ami-1"],
  ["aws ec2 delete-volume --volume-id vol-1", "delete ec2:DeleteVolume volume vol-1, none"],
  ["aws ec2 release-address --allocation-id eip-1", "delete ec2:ReleaseAddress address eip-1, none"],
  ["aws ec2 delete-tags --resources i-1", "modify ec2:DeleteTags tag --resources i-1, unknown"],
  [
    "aws ec2 authorize-security-group-ingress --group-id sg-1",
    "grant ec2:AuthorizeSecurityGroupIngress security-group-ingress sg-1, unknown",
  ],
  [
    "aws ec2 revoke-security-group-ingress --group-id sg-1",
    "delete ec2:RevokeSecurityGroupIngress security-group-ingress sg-1, recreate",
  ],
  [
    "aws ec2 modify-snapshot-attribute --snapshot-id snap-1",
    "grant ec2:ModifySnapshotAttribute snapshot-attribute snap-1, unknown",
  ],
  [
    "aws ec2 modify-instance-attribute --instance-id i-1",
    "modify ec2:ModifyInstanceAttribute instance-attribute i-1, unknown",
  ],
  ["aws ec2 deregister-image --image-id ami-1", "delete ec2:DeregisterImage image ami-1, recreate"],
  ["aws ec2 create-key-pair --key-name k", "grant ec2:CreateKeyPair key-pair k, unknown"],
  [
    "aws rds delete-db-instance --db-instance-identifier prod --skip-final-snapshot",
    "delete rds:DeleteDBInstance db-instance prod, none",
  ],
  [
    "aws rds delete-db-instance --db-instance-identifier prod --final-db-snapshot-identifier last",
    "delete rds:DeleteDBInstance db-instance prod, backup",
  ],
  [
    'aws rds delete-db-instance --cli-input-json {"DBInstanceIdentifier":"prod"}',
    "delete rds:DeleteDBInstance db-instance prod, none",
  ],
  [
    "aws rds delete-db-cluster --db-cluster-identifier prod",
    "delete rds:DeleteDBCluster db-cluster prod, none",
  ],
  ["aws rds describe-db-instances", "read rds:DescribeDBInstances db-instance db-instance"],
  ["aws rds wait db-instance-deleted", "read rds:Wait rds rds"],
  [
    "aws rds reboot-db-instance --db-instance-identifier prod",
    "delete rds:RebootDBInstance db-instance prod, recreate",
  ],
  ["aws dynamodb delete-table --table-name users", "delete dynamodb:DeleteTable table users, none"],
  ["aws dynamodb delete-item --table-name users --key {}", "delete dynamodb:DeleteItem item users, none"],
  [
    "aws dynamodb batch-write-item --request-items {}",
    "modify dynamodb:BatchWriteItem item --request-items {}, unknown",
  ],
  [
    'aws dynamodb batch-write-item --request-items {"t":[{"DeleteRequest":{}}]}',
    'delete dynamodb:BatchWriteItem item --request-items {"t":[{"DeleteRequest":{}}]}, none',
  ],
  [
    "aws dynamodb batch-write-item --request-items file://missing.json",
    "delete dynamodb:BatchWriteItem item --request-items file://missing.json, none",
  ],
  ["aws ec2 x", 'line id "$@" sh x'],
  ["aws dynamodb scan --table-name users", "read dynamodb:Scan dynamodb users"],
  ["aws dynamodb put-item --table-name users --item {}", "create dynamodb:PutItem item users"],
  ["aws cloudformation delete-stack --stack-name prod", "delete cloudformation:DeleteStack stack prod, none"],
  [
    "aws cloudformation deploy --stack-name prod --template-file t.yaml",
    "execute cloudformation:ExecuteChangeSet stack prod, unknown",
  ],
  ["aws kms schedule-key-deletion --key-id 1234", "delete kms:ScheduleKeyDeletion key-deletion 1234, none"],
  ["aws kms disable-key --key-id 1234", "delete kms:DisableKey key 1234, recreate"],
  ["aws kms decrypt --ciphertext-blob x", "create kms:Decrypt kms --ciphertext-blob x"],
  [
    "aws iam attach-user-policy --user-name u --policy-arn a",
    "grant iam:AttachUserPolicy user-policy u, unknown",
  ],
  ["aws iam put-role-policy --role-name r --policy-name p", "grant iam:PutRolePolicy role-policy r, unknown"],
  ["aws iam create-access-key --user-name u", "grant iam:CreateAccessKey access-key u, unknown"],
  ["aws iam create-user --user-name u", "create iam:CreateUser user u"],
  ["aws iam delete-user --user-name u", "delete iam:DeleteUser user u, none"],
  ["aws iam deactivate-mfa-device --user-name u", "delete iam:DeactivateMFADevice mfa-device u, recreate"],
  ["aws iam list-users", "read iam:ListUsers user user"],
  ["aws sts get-caller-identity", "read sts:GetCallerIdentity caller-identity caller-identity"],
  ["aws sts assume-role --role-arn r", "read sts:AssumeRole role r"],
  ["aws lambda delete-function --function-name f", "delete lambda:DeleteFunction function f, none"],
  [
    "aws lambda invoke --function-name f out.json",
    "execute lambda:InvokeFunction function f, unknown",
    "execute lambda:InvokeFunction function out.json, unknown",
    "create file /proj/out.json",
  ],
  ["aws lambda add-permission --function-name f", "grant lambda:AddPermission permission f, unknown"],
  [
    "aws lambda update-function-code --function-name f",
    "modify lambda:UpdateFunctionCode function-code f, unknown",
  ],
  ["aws ssm send-command --instance-ids i-1", "execute ssm:SendCommand command i-1, unknown"],
  ["aws ssm start-session --target i-1", "execute ssm:StartSession instance i-1, unknown"],
  ["aws ssm get-parameter --name p --with-decryption", "read ssm:GetParameter parameter p"],
  ["aws ecs execute-command --cluster c --task t", "execute ecs:ExecuteCommand task t, unknown"],
  [
    "aws ecs deregister-task-definition --task-definition web:3",
    "delete ecs:DeregisterTaskDefinition task-definition web:3, recreate",
  ],
  ["aws ecs update-service --cluster c --service s", "modify ecs:UpdateService service s, unknown"],
  ["aws ecs run-task --cluster c", "execute ecs:RunTask task c, unknown"],
  ["aws ecr batch-delete-image --repository-name r", "delete ecr:BatchDeleteImage image r, none"],
  ["aws ecr get-login-password", "read ecr:GetLoginPassword login-password login-password"],
  ["aws logs delete-log-group --log-group-name g", "delete logs:DeleteLogGroup log-group g, none"],
  ["aws logs tail g", "read logs:Tail logs logs"],
  ["aws logs stop-query --query-id q", "read logs:StopQuery query q"],
  ["aws secretsmanager delete-secret --secret-id s", "delete secretsmanager:DeleteSecret secret s, backup"],
  [
    "aws secretsmanager delete-secret --secret-id s --force-delete-without-recovery",
    "delete secretsmanager:DeleteSecret secret s, none",
  ],
  ["aws sqs purge-queue --queue-url u", "delete sqs:PurgeQueue queue u, none"],
  ["aws sqs delete-message --queue-url u", "modify sqs:DeleteMessage message u, unknown"],
  ["aws sqs send-message --queue-url u", "send sqs:SendMessage message u, unknown"],
  [
    "aws route53 change-resource-record-sets --hosted-zone-id z",
    "modify route53:ChangeResourceRecordSets resource-record-set z, unknown",
  ],
  [
    "aws organizations leave-organization",
    "execute organizations:LeaveOrganization organization organization, unknown",
  ],
  ["aws configure set region x"],
  ["aws eks update-kubeconfig --name c", "read eks:DescribeCluster cluster c"],
  [
    "aws emr terminate-clusters --cluster-ids j-1",
    "delete elasticmapreduce:TerminateClusters cluster j-1, none",
  ],
  ["aws deploy push --application-name a", "send codedeploy:Push deploy a, unknown"],
  ["aws cloudtrail stop-logging --name t", "delete cloudtrail:StopLogging logging t, recreate"],
  [
    "aws backup delete-recovery-point --backup-vault-name v",
    "delete backup:DeleteRecoveryPoint recovery-point v, none",
  ],
  [
    "aws foo frobnicate-bar --name x",
    "opaque foo frobnicate-bar: what this operation does is not known here",
  ],
  ["aws --version"],
  ["aws"],
  ["aws danger now", 'line f() { rm -rf "$1"; }; f "$@" sh now'],
  ["aws myls", "delete s3:DeleteObject object s3://b, all, none"],
  ["aws wrapped x", "line sh -c 'id' \"$@\" sh x"],
];

test.each(cases)("%s", (line, ...does) => {
  const reading = aws.read(callOf(line.split(" ")), sqlWorld(files));
  const lines = reading.inner.map((inner) =>
    inner.kind === "line" ? `line ${inner.text} ${(inner.args ?? []).join(" ")}` : "",
  );
  expect([...reading.effects.map(show), ...lines]).toEqual(does);
});

test("the account is a credential, with the place as evidence", () => {
  const read = (line: string, env: Readonly<Record<string, string>> = {}) => {
    const [effect] = aws.read(callOf(line.split(" "), { env }), sqlWorld()).effects;
    return [effect?.because, effect?.credentials];
  };
  const keys = { AWS_ACCESS_KEY_ID: "AKIA", AWS_PROFILE: "staging" };
  expect([
    read("aws s3 rb s3://b --profile prod --region eu-west-1"),
    read("aws iam list-users", { AWS_PROFILE: "staging" }),
    read("aws iam list-users", keys),
    read("aws iam list-users --profile prod", keys),
    read("aws iam list-users --endpoint-url=http://localhost:4566"),
  ]).toEqual([
    [
      "fails unless it is empty, profile prod, region eu-west-1",
      [{ name: "prod", from: "profile:prod", fingerprint: "print of prod" }],
    ],
    ["profile staging", [{ name: "staging", from: "profile:staging", fingerprint: "print of staging" }]],
    [
      "profile staging",
      [{ name: "AWS_ACCESS_KEY_ID", from: "env:AWS_ACCESS_KEY_ID", fingerprint: "print of AKIA" }],
    ],
    ["profile prod", [{ name: "prod", from: "profile:prod", fingerprint: "print of prod" }]],
    [
      "endpoint http://localhost:4566",
      [{ name: "default", from: "profile:default", fingerprint: "print of default" }],
    ],
  ]);
});

test("words that cannot be foreseen are left to the shim, or asked about", () => {
  const word = { source: "$OP", reason: 'variable "OP" is not set here', prefix: "", splits: false };
  const call = { ...callOf(["aws", "ec2"]), argv: ["aws", "ec2", word], env: envFrom([]) };
  const read = (sight: "later" | "never") => aws.read({ ...call, sight }, sqlWorld()).effects.map(show);
  expect([read("later"), read("never")]).toEqual([[], ['opaque $OP: variable "OP" is not set here']]);
});
