import { isKnown } from "../model/arg.js";
import type { Call } from "../model/call.js";
import type { World } from "../model/world.js";
import { inner, nothing, type Reading } from "./reader.js";
import { dialectOf } from "./shells.js";
import { lineSight } from "./sight.js";
import { readText } from "./text-file.js";

/** A program of the user's own that is a shell script: `./deploy.sh`. Other programs have nothing to read. */
export function readScript(call: Call, world: World): Reading {
  const [program] = call.argv;
  if (program === undefined || !isKnown(program) || !program.includes("/")) return nothing;
  const text = readText(call, world, program);
  const name = text === undefined ? undefined : findInterpreter(text);
  const shell = name === undefined ? undefined : dialectOf(name);
  if (text === undefined || shell === undefined) return nothing;
  const via = program.slice(program.lastIndexOf("/") + 1);
  return inner({ kind: "line", text, shell, via, args: call.argv, ...lineSight(call, world) });
}

/** `#!/bin/bash -e`, `#!/usr/bin/env bash`, `#!/usr/bin/env -S bash -e`. */
function findInterpreter(text: string): string | undefined {
  const match = /^#![ \t]*(\S*\/)?(?:env[ \t]+(?:-S[ \t]*)?(?:\w+=\S*[ \t]+)*)?(?:\S*\/)?([^\s/]+)/.exec(
    text,
  );
  return match?.[2];
}
