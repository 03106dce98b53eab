import { showArg } from "../../model/arg.js";
import { plainEffect } from "../../model/effect.js";
import { toolName } from "../file-effects.js";
import { diskDeeds } from "../files/disk-deeds.js";
import { effects, type Reader } from "../reader.js";
import { accountDeeds } from "./account-deeds.js";
import { dataDeeds } from "./data-deeds.js";
import { handsetDeeds } from "./handset-deeds.js";
import { kernelDeeds } from "./kernel-deeds.js";
import { networkDeeds } from "./network-deeds.js";
import { packageDeeds } from "./package-deeds.js";
import { powerDeeds } from "./power-deeds.js";
import { serverDeeds } from "./server-deeds.js";
import { help, type SystemDeed } from "./system-deed.js";

/** Programs that rule this machine, by the options that make them do so. Without those they show, or do what can be done back. */
const deeds: readonly SystemDeed[] = [
  ...powerDeeds,
  ...networkDeeds,
  ...accountDeeds,
  ...kernelDeeds,
  ...serverDeeds,
  ...packageDeeds,
  ...dataDeeds,
  ...[...diskDeeds, ...handsetDeeds].map((deed) => ({ ...deed, resource: "device" }) as const),
];

const byName = new Map<string, SystemDeed[]>();
for (const deed of deeds)
  for (const name of deed.names.split(" ")) byName.set(name, [...(byName.get(name) ?? []), deed]);

/** Programs that stop, open or take apart the machine itself. */
export const systemPrograms: Reader = {
  names: [...byName.keys()],
  read(call) {
    const tool = toolName(call);
    const words = call.argv.slice(1).map(showArg).join(" ").slice(0, 4096);
    const found = (byName.get(tool) ?? []).find(
      ({ when, unless }) => when.test(words) && unless?.test(words) !== true,
    );
    if (found === undefined || help.test(words)) return effects();
    const [operation = tool] = words.split(" ");
    return effects({
      ...plainEffect(tool, found.deed.action, words || tool),
      ...found.deed,
      resource: found.resource ?? "process",
      operation: `${tool} ${operation}`.trim(),
    });
  },
};
