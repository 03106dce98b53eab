import { isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type CloudEffect, type Effect, opaqueEffect, plainEffect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import { effects, join, nothing, type Reader, type Reading } from "../reader.js";
import { readTree } from "../tree/tree.js";
import { type Walk, walkTree } from "../tree/walk.js";
import { readPlan } from "./terraform-plan.js";

/** Terraform and kin: the tree, options that variables add, a `yes` on stdin, and saved plans. */
export function terraformReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read(given, world) {
      // `terragrunt run --all -- destroy`
      const argv = given.argv.filter((word) => word !== "--");
      const [first] = walkTree(tree, argv.slice(1));
      const call = { ...given, argv: [...argv, ...optionsOf(given, first)] };
      const [walk] = walkTree(tree, call.argv.slice(1));
      const reading = readTree(tree, call, world);
      const isMove =
        walk?.path.at(-1) === "init" && walk.options.some(({ name }) => /^-?-migrate-state$/.test(name));
      if (isMove) return join(reading, readAnswer(call));
      if (walk?.path.at(-1) !== "apply" || walk.options.some(({ name }) => tree.quiet.includes(name)))
        return reading;
      if (walk.words.length > 0) return join(reading, readSaved(walk, call, world));
      return join(reading, readAnswer(call));
    },
  };
}

/** `TF_CLI_ARGS` and `TF_CLI_ARGS_apply`; Terragrunt's variable that says that nobody is asked. */
function optionsOf(call: Call, walk: Walk | undefined): readonly string[] {
  const subcommand = walk?.path.at(-1) ?? "";
  const given = ["TF_CLI_ARGS", `TF_CLI_ARGS_${subcommand}`].flatMap((name) => {
    const value = envGet(call.env, name);
    return value !== undefined && isKnown(value) ? value.split(/\s+/).filter((word) => word !== "") : [];
  });
  const isUnasked = ["TG_NON_INTERACTIVE", "TERRAGRUNT_NON_INTERACTIVE"].some((name) =>
    /^(true|1)$/i.test(showArg(envGet(call.env, name) ?? "")),
  );
  return isUnasked ? [...given, "--non-interactive"] : given;
}

/** `echo yes | terraform apply`: somebody else than a person has said it. */
function readAnswer(call: Call): Reading {
  const { stdin } = call;
  const answered = change(call, "modify", "the plan", "the answer is given before the plan is seen");
  if (stdin.kind === "text") return /^\s*yes\b/.test(stdin.text) ? effects(answered) : nothing;
  if (stdin.kind !== "unknown") return nothing;
  // A pipe that says nothing now may still say yes.
  const reading = call.sight === "later" ? nothing : effects(answered);
  return { ...reading, wantsStdin: true };
}

/** `apply FILE` asks nothing. The plan says what it destroys; at the line it may not be there yet. */
function readSaved({ words: [file = ""] }: Walk, call: Call, world: World): Reading {
  const path = resolvePath(call, world, file);
  if (path === undefined || !isKnown(path))
    return unread(call, showArg(file), "which plan is meant cannot be foreseen");
  const plan = readPlan(path, world);
  if (!plan.ok) return unread(call, path, plan.reason);
  if (plan.destroyed.length === 0) return nothing;
  const target = plan.destroyed.slice(0, 5).join(", ");
  const because = `the plan destroys ${plan.destroyed.length} resources`;
  const extent = { kind: "exact", count: plan.destroyed.length, unit: "objects" } as const;
  // Of a hundred the card names five; a plan that is made anew may have another hundred.
  const scope = world.fingerprint([call.cwd, ...plan.destroyed].map(showArg).join("\0"));
  return effects({ ...change(call, "delete", target, because), extent, scope });
}

function unread(call: Call, target: string, reason: string): Reading {
  if (call.sight === "later") return nothing;
  return effects(
    opaqueEffect(showArg(call.tool), target, `what the plan destroys cannot be told: ${reason}`),
  );
}

function change(
  call: Call,
  action: "modify" | "delete",
  target: string,
  because: string,
): CloudEffect & Effect {
  return {
    ...plainEffect(showArg(call.tool), action, target),
    resource: "cloud",
    provider: "terraform",
    service: "apply",
    type: "infrastructure",
    operation: "apply",
    recovery: "none",
    because,
  };
}
