import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AwsServer, daysAgo, failure, type Reply, startAws } from "./aws-server.js";
import { type LookOptions, type Lookout, openLookout } from "./look.js";

// The real client against a stand-in on this machine: what it is asked, with whose keys, and what is said of the answers.

const hasAws = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "aws")));
if (!hasAws) console.warn("no aws: what previews say of AWS is not tested");

let server: AwsServer;
let place: Lookout;
let replies: (what: string, body: string) => Reply;

beforeAll(async () => {
  server = await startAws((what, body) => replies(what, body));
  place = openLookout(() => ({ patience: 60_000, hosts: ["aws.example"] }));
});
afterAll(async () => {
  place.remove();
  await server.close();
});
beforeEach(() => {
  server.asked.length = 0;
});

const keys = {
  AWS_ACCESS_KEY_ID: "AKIDOWN",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_DEFAULT_REGION: "eu-west-1",
};
const rows = (line: string, options: LookOptions = {}) =>
  place.rows(`${line} --endpoint-url http://aws.example`, {
    ...options,
    env: { ...keys, HTTP_PROXY: server.proxy, ...options.env },
  });

describe.runIf(hasAws)("what is lost", () => {
  test("objects under a prefix, in pages, up to a limit; no versions", async () => {
    replies = (what) => {
      if (what.includes("versioning")) return "<VersioningConfiguration/>";
      const page = what.includes("continuation-token")
        ? Number(/continuation-token=(\d)/.exec(what)?.[1])
        : 0;
      const entries = Array.from(
        { length: 1000 },
        (_, n) =>
          `<Contents><Key>logs/${page}-${n}</Key><LastModified>${daysAgo(5)}</LastModified><Size>400000</Size></Contents>`,
      ).join("");
      return `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${page + 1}</NextContinuationToken>${entries}</ListBucketResult>`;
    };
    expect(await rows("aws s3 rm s3://shop/logs --recursive")).toEqual([
      "at least 3,000 objects, 1.2 GB, in shop below logs",
      "versioning is off: S3 has nothing to bring them back from",
    ]);
    expect(server.asked.every(({ what, key }) => what.startsWith("GET /shop?") && key === "AKIDOWN")).toBe(
      true,
    );
    expect(server.asked.filter(({ what }) => what.includes("list-type")).length).toBe(3);
  });

  test("a bucket with versions and a lock; a sync that deletes; filters", async () => {
    replies = (what) => {
      if (what.includes("versioning"))
        return "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
      if (what.includes("object-lock"))
        return "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>";
      return `<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><LastModified>${daysAgo(2)}</LastModified><Size>1500</Size></Contents></ListBucketResult>`;
    };
    const versions = [
      "versioning is on: what is deleted stays as an older version, until a lifecycle rule or somebody removes it",
      "object lock is on: GOVERNANCE 30 days",
    ];
    expect(await rows("aws s3 rb s3://shop --force")).toEqual([
      "1 object, 1.5 kB, in shop, newest 2 days ago",
      ...versions,
    ]);
    expect(await rows("aws s3 sync . s3://shop/site --delete --exclude '*.png'")).toEqual([
      "1 object, 1.5 kB, in shop below site, newest 2 days ago",
      "--include and --exclude take some of them out: all are counted here",
      "of these go those that the source does not have",
      ...versions,
    ]);
  });

  test("nothing there, and a bucket that nobody may look into", async () => {
    replies = (what) =>
      what.includes("versioning")
        ? failure("AccessDenied", "Access Denied", 403)
        : "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    expect(await rows("aws s3 rm s3://shop/none --recursive")).toEqual([
      "no objects in shop below none",
      expect.stringMatching(
        /^whether versions are kept is not known: s3api get-bucket-versioning: AccessDenied/,
      ),
    ]);
    replies = () => failure("AccessDenied", "Access Denied", 403);
    expect(await rows("aws s3 rm s3://shop/none --recursive")).toEqual([
      expect.stringMatching(/^FAILED: s3api list-objects-v2: AccessDenied/),
    ]);
  });

  const instance = (more = "") =>
    `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier><DBInstanceStatus>available</DBInstanceStatus><DBInstanceClass>db.r6g.large</DBInstanceClass><Engine>postgres</Engine><EngineVersion>16.3</EngineVersion><AllocatedStorage>500</AllocatedStorage><MultiAZ>true</MultiAZ><DeletionProtection>false</DeletionProtection><BackupRetentionPeriod>7</BackupRetentionPeriod><LatestRestorableTime>${new Date(Date.now() - 310_000).toISOString()}</LatestRestorableTime>${more}</DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`;
  const snapshots = (inner: string) =>
    `<DescribeDBSnapshotsResponse><DescribeDBSnapshotsResult><DBSnapshots>${inner}</DBSnapshots></DescribeDBSnapshotsResult></DescribeDBSnapshotsResponse>`;
  const snapshot = (name: string, type: string, days: number) =>
    `<DBSnapshot><DBSnapshotIdentifier>${name}</DBSnapshotIdentifier><SnapshotType>${type}</SnapshotType><SnapshotCreateTime>${daysAgo(days)}</SnapshotCreateTime></DBSnapshot>`;

  test("a database whose last backups go with it", async () => {
    replies = (what) =>
      what === "DescribeDBInstances" ? instance() : snapshots(snapshot("auto", "automated", 0));
    const line = `aws rds delete-db-instance --db-instance-identifier shop --skip-final-snapshot --endpoint-url http://aws.example`;
    const [preview] = await place.look(line, { env: { ...keys, HTTP_PROXY: server.proxy } });
    expect(preview).toMatchObject({ kind: "aws", state: "found", loses: "all backups" });
    expect(preview?.rows).toEqual([
      "no final snapshot is made, and its automated backups are deleted with it (7 days, to restore as of 5 minutes ago)",
      "there is no snapshot made by hand",
      "deletion protection is off",
      "postgres 16.3, db.r6g.large, 500 GiB, Multi-AZ, available",
    ]);
    expect(new Set(server.asked.map(({ what }) => what))).toEqual(
      new Set(["DescribeDBInstances", "DescribeDBSnapshots"]),
    );
  });

  test("a snapshot by hand stays; protection; replicas", async () => {
    replies = (what) =>
      what === "DescribeDBInstances"
        ? instance(
            "<ReadReplicaDBInstanceIdentifiers><ReadReplicaDBInstanceIdentifier>shop-r1</ReadReplicaDBInstanceIdentifier></ReadReplicaDBInstanceIdentifiers>",
          ).replace("<DeletionProtection>false", "<DeletionProtection>true")
        : snapshots(snapshot("old", "manual", 90) + snapshot("new", "manual", 9));
    const line = `aws rds delete-db-instance --db-instance-identifier shop --skip-final-snapshot --endpoint-url http://aws.example`;
    const [preview] = await place.look(line, { env: { ...keys, HTTP_PROXY: server.proxy } });
    expect(preview?.loses).toBeUndefined();
    expect(preview?.rows).toEqual([
      expect.stringContaining("no final snapshot is made"),
      "newest snapshot that stays: new, 9 days ago",
      "deletion protection is on: AWS refuses",
      expect.stringContaining("postgres 16.3"),
      "read replicas: shop-r1",
    ]);
  });

  test("a cluster", async () => {
    replies = (what) =>
      what === "DescribeDBClusters"
        ? "<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters><DBCluster><Engine>aurora-mysql</Engine><AllocatedStorage>1</AllocatedStorage><Status>available</Status><BackupRetentionPeriod>1</BackupRetentionPeriod><DBClusterMembers><DBClusterMember><DBInstanceIdentifier>one</DBInstanceIdentifier></DBClusterMember></DBClusterMembers></DBCluster></DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>"
        : "<DescribeDBClusterSnapshotsResponse><DescribeDBClusterSnapshotsResult><DBClusterSnapshots/></DescribeDBClusterSnapshotsResult></DescribeDBClusterSnapshotsResponse>";
    expect(
      await rows("aws rds delete-db-cluster --db-cluster-identifier shop --skip-final-snapshot"),
    ).toEqual([
      "no final snapshot is made, and its automated backups are deleted with it (1 day)",
      "there is no snapshot made by hand",
      "aurora-mysql, available",
      "instances in it: one",
    ]);
  });

  test("machines, asked about at once, each said of itself", async () => {
    const item = (id: string, name: string) =>
      `<item><instanceId>${id}</instanceId><instanceType>m7g.large</instanceType><launchTime>${daysAgo(40)}</launchTime><instanceState><name>running</name></instanceState><tagSet><item><key>Name</key><value>${name}</value></item></tagSet><blockDeviceMapping><item><ebs><volumeId>vol-${id}</volumeId><deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping></item>`;
    replies = (what, body) =>
      what === "DescribeInstances"
        ? `<DescribeInstancesResponse><reservationSet><item><instancesSet>${item("i-1", "web")}${item("i-2", "db")}</instancesSet></item></reservationSet></DescribeInstancesResponse>`
        : `<DescribeInstanceAttributeResponse><disableApiTermination><value>${body.includes("i-2")}</value></disableApiTermination></DescribeInstanceAttributeResponse>`;
    expect(await rows("aws ec2 terminate-instances --instance-ids i-1 i-2")).toEqual([
      'i-1: "web", m7g.large, running, started 40 days ago',
      "deleted with it: vol-i-1",
      "termination protection is off",
      'i-2: "db", m7g.large, running, started 40 days ago',
      "deleted with it: vol-i-2",
      "termination protection is on: AWS refuses",
    ]);
    expect(server.asked.map(({ what }) => what).toSorted()).toEqual([
      "DescribeInstanceAttribute",
      "DescribeInstanceAttribute",
      "DescribeInstances",
    ]);
  });

  test("a volume without snapshots", async () => {
    replies = (what) =>
      what === "DescribeVolumes"
        ? `<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId><size>200</size><volumeType>gp3</volumeType><status>available</status><createTime>${daysAgo(400)}</createTime></item></volumeSet></DescribeVolumesResponse>`
        : "<DescribeSnapshotsResponse><snapshotSet/></DescribeSnapshotsResponse>";
    expect(await rows("aws ec2 delete-volume --volume-id vol-1")).toEqual([
      "200 GiB, gp3, available, made 1 year ago",
      "there is no snapshot of it",
    ]);
  });

  test("a table, and whether it can be recovered", async () => {
    replies = (what) =>
      what === "DescribeTable"
        ? '{"Table":{"TableStatus":"ACTIVE","ItemCount":48213,"TableSizeBytes":9100000,"DeletionProtectionEnabled":false}}'
        : '{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}}';
    expect(await rows("aws dynamodb delete-table --table-name orders")).toEqual([
      "about 48,213 items, 9.1 MB (as of some hours ago)",
      "point-in-time recovery is off",
      "deletion protection is off",
    ]);
  });

  test("a stack: its resources, what keeps data first", async () => {
    const resource = (type: string) =>
      `<member><ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`;
    replies = (what) =>
      what === "DescribeStacks"
        ? `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>shop</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><EnableTerminationProtection>false</EnableTerminationProtection><CreationTime>${daysAgo(90)}</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
        : `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${["AWS::IAM::Role", "AWS::IAM::Role", "AWS::RDS::DBInstance"].map(resource).join("")}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;
    expect(await rows("aws cloudformation delete-stack --stack-name shop")).toEqual([
      "3 resources: RDS::DBInstance, IAM::Role ×2",
      "what its template says to retain stays: that is not looked up",
      "termination protection is off",
      "UPDATE_COMPLETE, changed 90 days ago",
    ]);
  });
});

describe.runIf(hasAws)("with whose keys", () => {
  const table = '{"Table":{"ItemCount":1,"TableSizeBytes":1}}';
  const line = "aws dynamodb delete-table --table-name orders";

  /** A home with files below ~/.aws, in a session of its own. */
  const withHome = async (
    files: Readonly<Record<string, string>>,
    more = "",
    env: Record<string, string> = {},
  ) => {
    replies = (what) => (what === "DescribeTable" ? table : "{}");
    const own = openLookout((base) => {
      for (const [name, text] of Object.entries(files)) {
        const path = join(base, name);
        mkdirSync(join(path, ".."), { recursive: true });
        writeFileSync(path, text.replaceAll("BASE", base));
      }
      return { patience: 60_000, hosts: ["aws.example"] };
    });
    try {
      const said = await own.rows(`${line} --endpoint-url http://aws.example ${more}`, {
        env: {
          HTTP_PROXY: server.proxy,
          AWS_DEFAULT_REGION: "eu-west-1",
          AWS_EC2_METADATA_DISABLED: "true",
          ...env,
        },
      });
      return {
        said,
        hasRun: existsSync(join(own.base, "ran")),
        used: new Set(server.asked.map(({ key }) => key)),
      };
    } finally {
      own.remove();
    }
  };
  const process = "credential_process = /bin/sh -c 'touch BASE/ran'";

  test("plain keys of the profile that the call names", async () => {
    const { said, used } = await withHome(
      {
        "home/.aws/credentials":
          "[default]\naws_access_key_id = AKIDA\naws_secret_access_key = s\n[live]\naws_access_key_id = AKIDB\naws_secret_access_key = s\n",
        "home/.aws/config": `[default]\n${process}\n`,
      },
      "--profile live",
    );
    expect(said[0]).toMatch(/^about 1 item/);
    expect(used).toEqual(new Set(["AKIDB"]));
  });

  test("a program that makes keys is not started, wherever it is named", async () => {
    for (const files of [
      { "home/.aws/config": `[default]\n${process}\n` },
      { "home/.aws/credentials": `[default]\n${process}\n` },
      { "home/.aws/config": `[default]\naws_access_key_id = AKIDA\naws_secret_access_key = s\n${process}\n` },
    ]) {
      const { said, hasRun, used } = await withHome(files);
      expect(said).toEqual([
        expect.stringMatching(
          /^FAILED: the keys of profile "default" come from a program, which is not started/,
        ),
      ]);
      expect(hasRun).toBe(false);
      expect(used.size).toBe(0);
    }
  });

  test("settings in the workspace are refused, and what they name is not run", async () => {
    const { said, hasRun } = await withHome({ "work/config": `[default]\n${process}\n` }, "", {
      AWS_CONFIG_FILE: "config",
    });
    expect(said).toEqual([
      expect.stringMatching(/^FAILED: keys and settings come from ".*\/work\/config", which lies/),
    ]);
    expect(hasRun).toBe(false);
  });

  test("neither plugins nor Python's own start-up files nor aliases are loaded", async () => {
    const { said, hasRun } = await withHome(
      {
        "home/.aws/config":
          "[plugins]\ncli_legacy_plugin_path = BASE/home\nown = own\n[default]\nregion = eu-west-1\n",
        "home/.aws/cli/alias": "[toplevel]\nwhatever = !touch BASE/ran\n",
        "home/own.py": "open('BASE/ran', 'w')\ndef awscli_initialize(cli): pass\n",
        "home/.local/lib/python3.11/site-packages/own.pth": "import os; open('BASE/ran', 'w')\n",
        "home/.local/lib/python3.11/site-packages/usercustomize.py": "open('BASE/ran', 'w')\n",
      },
      "",
      { ...keys, PYTHONPATH: "/nonexistent" },
    );
    expect(said[0]).toMatch(/^about 1 item/);
    expect(hasRun).toBe(false);
  });

  test("a sign-on, a role, no such profile, keys that are not known yet", async () => {
    const failing = async (config: string, more = "") =>
      (await withHome({ "home/.aws/config": config }, more)).said.join();
    expect(await failing("[default]\nsso_session = x\n")).toMatch(/come from a sign-on \(sso_session\)/);
    expect(
      await failing(
        "[profile x]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = y\n",
        "--profile x",
      ),
    ).toMatch(/come from a role that it takes on/);
    expect(await failing("", "--profile gone")).toMatch(/there is no profile "gone"/);
    expect(await failing("", "")).toMatch(/[Cc]redentials/);
    expect(server.asked).toEqual([]);
  });

  test("what an agent writes as a name is a name: no file is read for it, no option added", async () => {
    replies = () => "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    writeFileSync(join(place.home, "secret"), "top-secret");
    await rows(`aws dynamodb delete-table --table-name file://${place.home}/secret`);
    await rows("aws s3 rm s3://shop/--profile=x --recursive");
    expect(JSON.stringify(server.asked)).not.toContain("top-secret");
    const lists = server.asked.filter(({ what }) => what.includes("list-type"));
    expect(
      lists.map(({ what }) => new URL(what.slice(4), "http://aws.example").searchParams.get("prefix")),
    ).toEqual(["--profile=x"]);
  });
});

test.runIf(hasAws)("a server that says nothing: the time is over, and it says so", async () => {
  replies = () => "silence";
  const hasty = openLookout(() => ({ patience: 500, hosts: ["aws.example"] }));
  try {
    expect(
      await hasty.rows(`aws dynamodb delete-table --table-name t --endpoint-url http://aws.example`, {
        env: { ...keys, HTTP_PROXY: server.proxy },
      }),
    ).toEqual([expect.stringMatching(/^FAILED: .*(no answer)/)]);
  } finally {
    hasty.remove();
  }
});
