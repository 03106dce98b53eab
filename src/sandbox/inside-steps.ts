import type { SandboxPlan } from "./plan.js";

/** What `inside` mounts of a plan, before the forwarders: overlays and caches. */
export function mountSteps(
  { overlays, scratches, shut }: SandboxPlan,
  privateFolder: string,
): readonly string[] {
  return [
    ...overlays.flatMap(({ target, lowers }) => ["overlay", target, ...lowers, ";"]),
    ...scratches.flatMap(({ target, lower }, at) => {
      const own = `${privateFolder}/scratch/${at}`;
      return ["scratch", target, lower, `${own}/upper`, `${own}/work`];
    }),
    // The upper layers themselves: who could write there would change files below a running overlay.
    ...(scratches.length === 0 ? [] : ["cover", `${privateFolder}/scratch`]),
    ...shut.flatMap((path) => ["shut", path]),
  ];
}
