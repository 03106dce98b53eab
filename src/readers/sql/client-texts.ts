import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { openInputs } from "../inputs.js";

/** What a database client gives its server: arguments, files, stdin. */
export interface ClientTexts {
  readonly texts: readonly string[];
  readonly effects: readonly Effect[];
  readonly wantsStdin: boolean;
}

/** A file is `{file}`, "-" for stdin; what cannot be read now is left to the shim where one will see it. */
export function readTexts(
  call: Call,
  world: World,
  sources: readonly (Arg | { readonly file: Arg })[],
): ClientTexts {
  const inputs = openInputs(call, world);
  const texts: string[] = [];
  const effects: Effect[] = [];
  for (const source of sources) {
    const isFile = typeof source === "object" && "file" in source;
    if (isFile && source.file === "-" && call.stdin.kind === "terminal") {
      effects.push(
        opaqueEffect(
          toolName(call),
          "interactive session",
          "commands are typed on the terminal, where nothing sees them",
        ),
      );
      continue;
    }
    const text = isFile ? inputs.readText(source.file) : source;
    if (isKnown(text)) texts.push(text);
    else if (call.sight !== "later")
      effects.push(
        opaqueEffect(toolName(call), text.source, `cannot tell what it would run: ${text.reason}`),
      );
  }
  return { texts, effects, wantsStdin: inputs.wantsStdin() };
}
