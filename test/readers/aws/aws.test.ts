import { expect, test } from "vitest";
import { envFrom } from "../../../src/model/env.js";
import { aws } from "../../../src/readers/aws/aws.js";
import { awsServices } from "../aws-table.js";
import { show } from "../effect-words.js";
import { callOf, sqlWorld } from "../sql-world.js";

const files = {
  "/proj/service.yaml": "service: web # the one\ndesiredCount: 0\n",
  "/proj/v.json": '{"Status": "Suspended"}',
  "/proj/drop.sql": "drop table logs",
  "/proj/select.sql": "select 'drop table x' from logs",
  "/proj/delete.sql": "delete from users",
  "/home/dev/.aws/config":
    "[default]\nregion = x\n[profile keyed]\ncredential_process = make-keys --for keyed\n[profile chained]\nsource_profile = keyed\n",
  "/proj/local.txt": "x",
  "/home/dev/.aws/cli/alias":
    "[toplevel]\ndanger = !f() { rm -rf \"$1\"; }; f\nmyls = s3 rm --recursive s3://b\nwrapped =\n  !sh -c 'id'\n[command ec2]\nx = !id\n",
};

const world = { ...sqlWorld(files), awsService: (name: string) => awsServices.get(name) };

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
  [
    "aws s3api delete-objects --bucket b --delete file://d.json",
    "delete s3:DeleteObject object b, unknown, none",
  ],
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
  ["aws ec2 deregister-image --image-id ami-1", "delete ec2:DeregisterImage image ami-1, none"],
  ["aws ec2 create-key-pair --key-name k", "create ec2:CreateKeyPair key-pair k"],
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
    "create dynamodb:BatchWriteItem item --request-items {}",
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
    "execute cloudformation:Deploy stack prod, unknown",
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
  ["aws iam deactivate-mfa-device --user-name u", "modify iam:DeactivateMFADevice protection u, none"],
  ["aws iam list-users", "read iam:ListUsers user user"],
  ["aws sts get-caller-identity", "read sts:GetCallerIdentity caller-identity caller-identity"],
  ["aws sts assume-role --role-arn r", "read sts:AssumeRole role r"],
  ["aws lambda delete-function --function-name f", "delete lambda:DeleteFunction function f, none"],
  [
    "aws lambda invoke --function-name f out.json",
    "execute lambda:InvokeFunction function f, unknown",
    "create file /proj/out.json",
  ],
  ["aws lambda add-permission --function-name f", "grant lambda:AddPermission permission f, unknown"],
  [
    "aws lambda update-function-code --function-name f",
    "execute lambda:UpdateFunctionCode function-code f, unknown",
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
  ["aws sqs delete-message --queue-url u", "delete sqs:DeleteMessage message u, none"],
  ["aws sqs send-message --queue-url u", "send sqs:SendMessage message u, unknown"],
  [
    "aws route53 change-resource-record-sets --hosted-zone-id z",
    "delete route53:ChangeResourceRecordSets resource-record-set z, none",
  ],
  [
    "aws organizations leave-organization",
    "delete organizations:LeaveOrganization organization organization, none",
  ],
  ["aws configure set region x"],
  ["aws eks update-kubeconfig --name c", "read eks:UpdateKubeconfig cluster c"],
  [
    "aws emr terminate-clusters --cluster-ids j-1",
    "delete elasticmapreduce:TerminateClusters cluster j-1, none",
  ],
  ["aws deploy push --application-name a", "create codedeploy:Push deploy a"],
  ["aws cloudtrail stop-logging --name t", "modify cloudtrail:StopLogging protection t, none"],
  [
    "aws backup delete-recovery-point --backup-vault-name v",
    "delete backup:DeleteRecoveryPoint recovery-point v, none",
  ],
  [
    "aws foo frobnicate-bar --name x",
    "opaque foo frobnicate-bar: what this operation does is not known here",
  ],
  // What IAM and the verb do not say.
  [
    "aws ecs update-service --cluster c --service s --desired-count 0",
    "delete ecs:UpdateService service s, recreate",
  ],
  [
    "aws ecs update-service --cluster c --service s --desired-c=0",
    "delete ecs:UpdateService service s, recreate",
  ],
  [
    "aws ecs update-service --cluster c --service s --desired-count 10",
    "modify ecs:UpdateService service s, unknown",
  ],
  [
    'aws ecs update-service --cli-input-json {"service":"s","desiredCount":0}',
    "delete ecs:UpdateService service s, recreate",
  ],
  [
    "aws ecs update-service --cli-input-yaml file://service.yaml",
    "delete ecs:UpdateService service web, recreate",
  ],
  [
    "aws ecs update-service --cli-input-json file://missing.json",
    "delete ecs:UpdateService service --cli-input-json file://missing.json, recreate",
  ],
  [
    "aws rds modify-db-instance --db-instance-identifier d --no-deletion-protection",
    "modify rds:ModifyDBInstance protection d, none",
  ],
  [
    "aws rds modify-db-instance --db-instance-identifier d --deletion-protection",
    "modify rds:ModifyDBInstance db-instance d, unknown",
  ],
  [
    "aws rds modify-db-instance --db-instance-identifier d --publicly-accessible",
    "grant rds:ModifyDBInstance db-instance d, unknown",
  ],
  [
    "aws ec2 modify-instance-attribute --instance-id i-1 --disable-api-termination Value=false",
    "modify ec2:ModifyInstanceAttribute protection i-1, none",
  ],
  [
    "aws s3api put-bucket-versioning --bucket b --versioning-configuration file://v.json",
    "modify s3:PutBucketVersioning protection b, none",
  ],
  [
    "aws s3api put-bucket-versioning --bucket b --versioning-configuration Status=Enabled",
    "modify s3:PutBucketVersioning bucket-versioning b, unknown",
  ],
  ["aws s3api put-bucket-acl --bucket b --acl private", "modify s3:PutBucketAcl bucket-acl b, unknown"],
  ["aws s3api put-object --bucket b --key k --acl public-read", "grant s3:PutObject object b, unknown"],
  [
    "aws s3api delete-objects --bucket b --delete Objects=[{Key=a},{Key=b}]",
    "delete s3:DeleteObject object b, none",
  ],
  [
    "aws s3 cp local.txt s3://b/k --acl public-read",
    "create s3:PutObject object s3://b/k",
    "grant s3:PutObjectAcl object s3://b/k, unknown",
  ],
  ["aws ec2 run-instances --image-id a --count 5", "create ec2:RunInstances instance a"],
  ["aws ec2 run-instances --image-id a --count 5:500", "create ec2:RunInstances purchase a, unknown"],
  [
    "aws ec2 run-instances --image-id a --instance-type p5.48xlarge",
    "create ec2:RunInstances purchase a, unknown",
  ],
  ["aws ssm put-parameter --name n --value v", "create ssm:PutParameter parameter n"],
  ["aws ssm put-parameter --name n --value v --overwrite", "modify ssm:PutParameter parameter n, backup"],
  [
    "aws sqs set-queue-attributes --queue-url u --attributes file://v.json",
    "modify sqs:SetQueueAttributes queue-attribute u, unknown",
  ],
  [
    'aws sqs set-queue-attributes --queue-url u --attributes {"Policy":"{}"}',
    "grant sqs:SetQueueAttributes queue-attribute u, unknown",
  ],
  [
    'aws route53 change-resource-record-sets --hosted-zone-id z --change-batch {"Changes":[{"Action":"CREATE"}]}',
    "create route53:ChangeResourceRecordSets resource-record-set z",
  ],
  [
    'aws route53 change-resource-record-sets --hosted-zone-id z --change-batch {"Changes":[{"Action":"UPSERT"}]}',
    "modify route53:ChangeResourceRecordSets resource-record-set z, none",
  ],
  [
    "aws cloudfront create-invalidation --distribution-id E --paths /*",
    "delete cloudfront:CreateInvalidation invalidation E, recreate",
  ],
  [
    "aws cloudfront create-invalidation --distribution-id E --paths /a.html /b/*",
    "create cloudfront:CreateInvalidation invalidation E",
  ],
  // A dry run of other services; the last of both switches counts.
  ["aws opensearch update-domain-config --domain-name d --access-policies {} --dry-run"],
  ["aws lambda update-function-code --function-name f --zip-file fileb://f.zip --dry-run"],
  [
    "aws lambda update-function-code --function-name f --dry-run --no-dry-run",
    "execute lambda:UpdateFunctionCode function-code f, unknown",
  ],
  // No such option: it would be refused, so it is no reason to let it through.
  [
    "aws rds delete-db-cluster --db-cluster-identifier c --dry-run",
    "delete rds:DeleteDBCluster db-cluster c, none",
  ],
  // SQL goes to those who read SQL.
  ["aws athena start-query-execution --query-string file://drop.sql", "delete DROP TABLE logs, none"],
  ["aws athena start-query-execution --query-string file://select.sql", "read SELECT the database"],
  ["aws rds-data execute-statement --resource-arn r --sql file://drop.sql", "delete DROP TABLE logs, none"],
  [
    "aws rds-data execute-statement --resource-arn r --sql file://delete.sql",
    "delete DELETE users, all rows, none",
  ],
  [
    "aws redshift-data execute-statement --cluster-identifier c --sql file://delete.sql",
    "delete DELETE users, all rows, none",
  ],
  [
    "aws redshift-data execute-statement --sql file://missing.sql",
    "opaque redshift-data execute-statement: its SQL is not known: no --sql that can be read",
  ],
  [
    'aws dynamodb batch-execute-statement --statements [{"Statement":"DELETE"}]',
    "delete DELETE , all rows, none",
  ],
  // The help of one operation, and a value that only looks like it.
  ["aws ec2 terminate-instances --help"],
  ["aws iam create-user --user-name help", "create iam:CreateUser user help"],
  // Settings that are code later on.
  [
    "aws configure set credential_process /tmp/x",
    "execute configure set credential_process setting /tmp/x, unknown",
  ],
  [
    "aws configure set profile.a.credential_process /tmp/x",
    "execute configure set profile.a.credential_process setting /tmp/x, unknown",
  ],
  ["aws configure set plugins.a module", "execute configure set plugins.a setting module, unknown"],
  ["aws configure get region"],
  ["aws iam list-users --profile keyed", "read iam:ListUsers user user", "line make-keys --for keyed "],
  ["aws iam list-users --profile chained", "read iam:ListUsers user user", "line make-keys --for keyed "],
  ["aws --version"],
  ["aws"],
  ["aws danger now", 'line f() { rm -rf "$1"; }; f "$@" sh now'],
  ["aws myls", "delete s3:DeleteObject object s3://b, all, none"],
  ["aws wrapped x", "line sh -c 'id' \"$@\" sh x"],
];

test.each(cases)("%s", (line, ...does) => {
  const reading = aws.read(callOf(line.split(" ")), world);
  const lines = reading.inner.map((inner) =>
    inner.kind === "line" ? `line ${inner.text} ${(inner.args ?? []).join(" ")}` : "",
  );
  expect([...reading.effects.map(show), ...lines]).toEqual(does);
});

test("the account is a credential, with the place as evidence", () => {
  const read = (line: string, env: Readonly<Record<string, string>> = {}) => {
    const [effect] = aws.read(callOf(line.split(" "), { env }), world).effects;
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
      [{ name: "prod", from: "profile:prod", fingerprint: "" }],
    ],
    ["access level List, profile staging", [{ name: "staging", from: "profile:staging", fingerprint: "" }]],
    [
      "access level List, profile staging",
      [{ name: "AWS_ACCESS_KEY_ID", from: "env:AWS_ACCESS_KEY_ID", fingerprint: "print of AKIA" }],
    ],
    ["access level List, profile prod", [{ name: "prod", from: "profile:prod", fingerprint: "" }]],
    [
      "access level List, endpoint http://localhost:4566",
      [{ name: "default", from: "profile:default", fingerprint: "" }],
    ],
  ]);
});

test("a stand-in on this machine is local, unless something leads elsewhere", () => {
  const at = (line: string, env: Readonly<Record<string, string>> = {}) =>
    aws.read(callOf(line.split(" "), { env }), world).effects.map(({ environment }) => environment)[0];
  const line = "aws dynamodb delete-table --table-name t";
  const localhost = { AWS_ENDPOINT_URL: "http://localhost:4566" };
  expect([
    at(line),
    at(`${line} --endpoint-url http://localhost:8000`),
    at(`${line} --endpoint-url=http://127.0.0.1:8000`),
    at(`${line} --endpoint-url http://localhost.example.com`),
    at(`${line} --endpoint-url http://localhost:8000`, { http_proxy: "http://proxy.example.com:3128" }),
    at(line, localhost),
    at(line, { ...localhost, AWS_ENDPOINT_URL_DYNAMODB: "https://dynamodb.eu-west-1.amazonaws.com" }),
    at(line, { ...localhost, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }),
    at(`${line} --endpoint-url https://dynamodb.eu-west-1.amazonaws.com`, localhost),
  ]).toEqual(["unknown", "local", "local", "unknown", "unknown", "local", "unknown", "unknown", "unknown"]);
});

test("a grant is for this very call", () => {
  const scopeOf = (line: string) =>
    aws.read(callOf(line.split(" ")), world).effects.map(({ scope }) => scope)[0];
  const send = "aws ssm send-command --instance-ids i-1 --parameters commands=";
  const scopes = [`${send}id`, `${send}ls`, `${send}id --profile prod`, `${send}id --region x`].map(scopeOf);
  expect(new Set(scopes).size).toBe(4);
});

test("words that cannot be foreseen are left to the shim, or asked about", () => {
  const word = { source: "$OP", reason: 'variable "OP" is not set here', prefix: "", splits: false };
  const call = { ...callOf(["aws", "ec2"]), argv: ["aws", "ec2", word], env: envFrom([]) };
  const read = (sight: "later" | "never") => aws.read({ ...call, sight }, sqlWorld()).effects.map(show);
  expect([read("later"), read("never")]).toEqual([[], ['opaque $OP: variable "OP" is not set here']]);
});
