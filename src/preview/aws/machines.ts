import * as v from "valibot";
import { many, showCount } from "../../model/amount.js";
import type { Look } from "./aws.js";
import { ageOf, list, need } from "./need.js";

const tags = v.optional(v.array(v.object({ Key: v.string(), Value: v.optional(v.string(), "") })), []);
const machinesSchema = v.array(
  v.object({
    InstanceId: v.string(),
    InstanceType: v.optional(v.string()),
    LaunchTime: v.optional(v.string()),
    State: v.optional(v.object({ Name: v.optional(v.string()) })),
    Tags: tags,
    RootDeviceType: v.optional(v.string()),
    BlockDeviceMappings: v.optional(
      v.array(
        v.object({
          Ebs: v.optional(
            v.object({ VolumeId: v.optional(v.string(), ""), DeleteOnTermination: v.optional(v.boolean()) }),
          ),
        }),
      ),
      [],
    ),
  }),
);
const protectionSchema = v.object({
  DisableApiTermination: v.optional(v.object({ Value: v.optional(v.boolean()) })),
});

export const lookAtMachine: Look = async ({ effect, targets, client, now }) => {
  const id = effect.target;
  const isAmongFirst = targets.indexOf(id) < mostAttributes;
  const [answer, attribute] = await Promise.all([
    client.ask("ec2 describe-instances", { InstanceIds: targets }, machinesSchema, {
      query: "Reservations[].Instances[]",
    }),
    isAmongFirst
      ? client.ask(
          "ec2 describe-instance-attribute",
          { InstanceId: id, Attribute: "disableApiTermination" },
          protectionSchema,
        )
      : undefined,
  ]);
  const machine = need(answer).find(({ InstanceId }) => InstanceId === id);
  if (machine === undefined) throw new Error(`there is no instance ${id}`);
  const volumes = machine.BlockDeviceMappings.flatMap(({ Ebs }) => (Ebs === undefined ? [] : [Ebs]));
  const gone = volumes.filter((volume) => volume.DeleteOnTermination).map((volume) => volume.VolumeId);
  const kept = volumes.filter((volume) => !volume.DeleteOnTermination).map((volume) => volume.VolumeId);
  const isProtected = attribute?.ok ? attribute.value.DisableApiTermination?.Value : undefined;
  return {
    rows: [
      `${id}: ${list(nameOf(machine.Tags), machine.InstanceType, machine.State?.Name)}${ageOf(machine.LaunchTime, now, "started")}`,
      ...(gone.length === 0 ? [] : [`deleted with it: ${gone.join(", ")}`]),
      ...(kept.length === 0 ? [] : [`stays: ${kept.join(", ")}`]),
      ...(machine.RootDeviceType === "instance-store" ? ["its own disks are lost with it"] : []),
      ...(isProtected === undefined
        ? []
        : [isProtected ? "termination protection is on: AWS refuses" : "termination protection is off"]),
    ],
  };
};

/** Each of them is a request of its own. */
const mostAttributes = 3;

const volumesSchema = v.object({
  Volumes: v.tuple([
    v.object({
      Size: v.optional(v.number(), 0),
      VolumeType: v.optional(v.string()),
      State: v.optional(v.string()),
      CreateTime: v.optional(v.string()),
      Tags: tags,
      Attachments: v.optional(v.array(v.object({ InstanceId: v.optional(v.string(), "") })), []),
    }),
  ]),
});
const newestSchema = v.nullable(v.object({ name: v.string(), time: v.nullish(v.string()) }));

export const lookAtVolume: Look = async ({ effect, client, now }) => {
  const id = effect.target;
  const [answer, snapshot] = await Promise.all([
    client.ask("ec2 describe-volumes", { VolumeIds: [id] }, volumesSchema),
    client.ask(
      "ec2 describe-snapshots",
      {
        OwnerIds: ["self"],
        Filters: [
          { Name: "volume-id", Values: [id] },
          { Name: "status", Values: ["completed"] },
        ],
      },
      newestSchema,
      { query: "max_by(Snapshots, &StartTime).{name: SnapshotId, time: StartTime}", most: 1000 },
    ),
  ]);
  const [volume] = need(answer).Volumes;
  const used = volume.Attachments.map(({ InstanceId }) => InstanceId).join(", ");
  return {
    rows: [
      `${list(nameOf(volume.Tags), `${showCount(volume.Size)} GiB`, volume.VolumeType, volume.State)}${ageOf(volume.CreateTime, now, "made")}`,
      snapshot.ok
        ? snapshot.value === null
          ? "there is no snapshot of it"
          : `newest snapshot: ${snapshot.value.name}${ageOf(snapshot.value.time, now)}`
        : `its snapshots are not known: ${snapshot.reason}`,
      ...(used === "" ? [] : [`attached to ${used}: AWS refuses`]),
    ],
  };
};

const snapshotsSchema = v.object({
  Snapshots: v.tuple([
    v.object({
      VolumeId: v.optional(v.string()),
      VolumeSize: v.optional(v.number(), 0),
      StartTime: v.optional(v.string()),
      Description: v.optional(v.string(), ""),
      Tags: tags,
    }),
  ]),
});

export const lookAtSnapshot: Look = async ({ effect, client, now }) => {
  const { Snapshots } = need(
    await client.ask("ec2 describe-snapshots", { SnapshotIds: [effect.target] }, snapshotsSchema),
  );
  const [snapshot] = Snapshots;
  const volume = snapshot.VolumeId;
  const others =
    volume === undefined
      ? undefined
      : await client.ask(
          "ec2 describe-snapshots",
          { OwnerIds: ["self"], Filters: [{ Name: "volume-id", Values: [volume] }] },
          v.nullable(v.number()),
          { query: "length(Snapshots || `[]`)", most: 1000 },
        );
  const left = others?.ok ? (others.value ?? 0) - 1 : undefined;
  return {
    rows: [
      ...(left === undefined
        ? []
        : [left <= 0 ? `the only snapshot of ${volume}` : `${many(left, "other snapshot")} of ${volume}`]),
      `${list(nameOf(snapshot.Tags), snapshot.Description, `of ${showCount(snapshot.VolumeSize)} GiB`)}${ageOf(snapshot.StartTime, now, "made")}`,
    ],
  };
};

function nameOf(pairs: readonly { readonly Key: string; readonly Value: string }[]): string | undefined {
  const name = pairs.find(({ Key }) => Key === "Name")?.Value;
  return name === undefined || name === "" ? undefined : `"${name}"`;
}
