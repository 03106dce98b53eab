import { isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type CloudEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import {
  declareOptions,
  hasOption,
  type Options,
  optionValue,
  optionValues,
  readOptions,
} from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";

interface KafkaDeed {
  readonly program: string;
  /** What it works on. */
  readonly type: string;
  /** Options that make it this. */
  readonly needs: readonly string[];
  readonly lacks?: readonly string[];
  readonly action: CloudEffect["action"];
  readonly recovery: CloudEffect["recovery"];
  readonly because: string;
  /** Only where a setting lets messages go sooner than usual. */
  readonly forgets?: true;
}

const deeds: readonly KafkaDeed[] = [
  {
    program: "kafka-topics",
    type: "topic",
    needs: ["delete"],
    action: "delete",
    recovery: "none",
    because: "deletes topics with their messages",
  },
  {
    program: "kafka-delete-records",
    type: "topic",
    needs: [],
    action: "delete",
    recovery: "none",
    because: "deletes messages up to an offset",
  },
  {
    program: "kafka-consumer-groups",
    type: "consumer-group",
    needs: ["delete"],
    action: "delete",
    recovery: "none",
    because: "deletes groups and where they were",
  },
  {
    program: "kafka-consumer-groups",
    type: "consumer-group",
    needs: ["delete-offsets"],
    action: "delete",
    recovery: "none",
    because: "deletes where a group was",
  },
  {
    program: "kafka-consumer-groups",
    type: "consumer-group",
    needs: ["reset-offsets"],
    lacks: ["export"],
    action: "modify",
    recovery: "none",
    because: "moves a group to other messages, so that some are skipped or handled twice",
  },
  {
    program: "kafka-share-groups",
    type: "consumer-group",
    needs: ["delete"],
    action: "delete",
    recovery: "none",
    because: "deletes groups and where they were",
  },
  {
    program: "kafka-configs",
    type: "config",
    needs: ["delete-config"],
    action: "modify",
    recovery: "none",
    because: "takes settings away; a shorter retention drops messages",
  },
  {
    program: "kafka-configs",
    type: "topic",
    needs: ["alter"],
    lacks: ["describe"],
    action: "delete",
    recovery: "none",
    because: "a short retention: older messages are deleted within minutes",
    forgets: true,
  },
  {
    program: "kafka-topics",
    type: "topic",
    needs: ["alter"],
    action: "delete",
    recovery: "none",
    because: "a short retention: older messages are deleted within minutes",
    forgets: true,
  },
  {
    program: "kafka-configs",
    type: "config",
    needs: ["alter", "add-config"],
    action: "modify",
    recovery: "needless",
    because: "changes settings",
  },
  {
    program: "kafka-acls",
    type: "access",
    needs: ["remove"],
    action: "delete",
    recovery: "none",
    because: "takes rights",
  },
  {
    program: "kafka-acls",
    type: "access",
    needs: ["add"],
    action: "grant",
    recovery: "unknown",
    because: "gives rights",
  },
  {
    program: "kafka-reassign-partitions",
    type: "partition",
    needs: ["execute"],
    action: "modify",
    recovery: "recreate",
    because: "moves partitions between servers",
  },
  {
    program: "kafka-leader-election",
    type: "partition",
    needs: [],
    action: "modify",
    recovery: "recreate",
    because: "moves leaders, with loss where it is unclean",
  },
  {
    program: "kafka-streams-application-reset",
    type: "topic",
    needs: [],
    action: "delete",
    recovery: "none",
    because: "deletes an application's own topics, and starts it from the beginning",
  },
  {
    program: "kafka-storage",
    type: "data",
    needs: ["ignore-formatted"],
    action: "delete",
    recovery: "none",
    because: "formats the folders that hold the messages",
  },
  {
    program: "kafka-server-stop",
    type: "server",
    needs: [],
    action: "modify",
    recovery: "recreate",
    because: "stops the server",
  },
  {
    program: "kafka-cluster",
    type: "server",
    needs: ["unregister"],
    action: "modify",
    recovery: "none",
    because: "takes a server out of the cluster",
  },
  {
    program: "kafka-delegation-tokens",
    type: "access",
    needs: ["expire"],
    action: "delete",
    recovery: "none",
    because: "a token in use stops working",
  },
];

/** Kafka's own programs: no subcommands, an option each for what they do. */
export const kafka: Reader = {
  names: [...new Set(deeds.map(({ program }) => program))].flatMap((name) => [name, `${name}.sh`]),
  read(call, world) {
    const program = toolName(call).replace(/\.sh$/, "");
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version", "dry-run")) return nothing;
    const deed = deeds.find(
      ({ program: name, needs, lacks = [], forgets }) =>
        name === program &&
        needs.every((one) => hasOption(options, one)) &&
        !hasOption(options, ...lacks) &&
        (forgets !== true || isForgetful(options, call, world)),
    );
    const doubt = call.sight === "later" ? undefined : options.doubts.find(({ prefix }) => prefix === "");
    const found = deed ?? (doubt === undefined ? undefined : deeds.find((one) => one.program === program));
    if (found === undefined) return nothing;
    const named = ["topic", "group", "entity-name", "all-topics", "all-groups", "application-id"]
      .filter((name) => hasOption(options, name))
      .map((name) => showArg(optionValue(options, name) ?? name));
    const effect: CloudEffect = {
      ...plainEffect(program, found.action, named.join(" ") || showArg(options.operands[0] ?? "the cluster")),
      resource: "cloud",
      provider: "kafka",
      service: program.replace(/^kafka-/, ""),
      type: found.type,
      operation: found.needs.join(" ") || program,
      recovery: found.recovery,
      because: found.because,
    };
    return effects(effect);
  },
};

/** A week is what a topic keeps unless it says otherwise; nobody sets less on a topic with messages by the way. */
const usualRetention = 7 * 24 * 3600 * 1000;

/** https://kafka.apache.org/documentation/#topicconfigs */
function isForgetful(options: Options, call: Call, world: World): boolean {
  const files = optionValues(options, "add-config-file").map((file) => readText(call, world, file));
  const texts = [...optionValues(options, "add-config"), ...optionValues(options, "config")].filter(isKnown);
  const settings = [...texts, ...files.filter((text) => text !== undefined)].flatMap((text) =>
    text.split(/[,\n]/),
  );
  return settings.some((setting) => {
    const [, name = "", value = ""] = /^\s*([\w.]+)\s*=\s*\[?([^\s\]]*)/.exec(setting) ?? [];
    const amount = Number(value);
    if (!(amount >= 0)) return name === "cleanup.policy" && value.includes("delete");
    if (/(^|\.)retention\.(ms|minutes|hours)$/.test(name) && !name.startsWith("delete.")) {
      const unit = name.endsWith(".ms") ? 1 : name.endsWith(".minutes") ? 60_000 : 3_600_000;
      return amount * unit < usualRetention;
    }
    return /(^|\.)retention\.bytes$/.test(name);
  });
}

const table = declareOptions("anywhere", [
  "--bootstrap-server:",
  "--bootstrap-controller:",
  "--broker-list:",
  "--zookeeper:",
  "--command-config:",
  "--topic:",
  "--group:",
  "--entity-type:",
  "--entity-name:",
  "--application-id:",
  "--input-topics:",
  "--intermediate-topics:",
  "--offset-json-file:",
  "--reassignment-json-file:",
  "--topics-to-move-json-file:",
  "--add-config:",
  "--add-config-file:",
  "--delete-config:",
  "--config:",
  "--partitions:",
  "--partition:",
  "--replication-factor:",
  "--operation:",
  "--principal:",
  "--allow-principal:",
  "--deny-principal:",
  "--resource-pattern-type:",
  "--producer-property:",
  "--from-file:",
  "--to-datetime:",
  "--to-offset:",
  "--shift-by:",
  "--by-duration:",
  "--timeout:",
  "--election-type:",
  "--cluster-id:",
  "--id:",
  "--delete",
  "--delete-offsets",
  "--reset-offsets",
  "--execute",
  "--export",
  "--dry-run",
  "--list",
  "--describe",
  "--create",
  "--alter",
  "--add",
  "--remove",
  "--all-topics",
  "--all-groups",
  "--ignore-formatted",
  "--if-exists",
  "--if-not-exists",
  "--force",
  "--to-earliest",
  "--to-latest",
  "--expire",
  "--help",
  "--version",
]);
