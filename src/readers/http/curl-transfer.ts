import { type Arg, isKnown } from "../../model/arg.js";
import type { Inputs } from "../inputs.js";
import type { CurlOption } from "./curl-args.js";
import { expandVariables, setVariable, type Variables } from "./curl-variables.js";

/** The options of one request, or of several that share them: what stands between two `--next`. */
export interface Transfer {
  readonly options: readonly CurlOption[];
}

/** Variables go on over `--next`; everything else begins anew. */
export function splitTransfers(options: readonly CurlOption[], inputs: Inputs): readonly Transfer[] {
  const variables: Variables = new Map();
  const transfers: CurlOption[][] = [[]];
  for (const option of options) {
    if (option.name === "next") transfers.push([]);
    else if (option.name === "variable" && option.value !== undefined)
      setVariable(variables, expand(option, variables) ?? option.value, inputs);
    else transfers.at(-1)?.push({ ...option, value: expand(option, variables) });
  }
  return transfers.map((list) => ({ options: list }));
}

function expand({ value, expand: wanted }: CurlOption, variables: Variables): Arg | undefined {
  if (!wanted || value === undefined || !isKnown(value)) return value;
  return expandVariables(value, variables);
}

export function valuesOf(transfer: Transfer, ...names: readonly string[]): readonly Arg[] {
  return transfer.options.flatMap(({ name, value }) =>
    value !== undefined && names.includes(name) ? [value] : [],
  );
}

/** The last one given, as curl takes it. */
export function lastOf(transfer: Transfer, name: string): Arg | undefined {
  return valuesOf(transfer, name).at(-1);
}

/** Whether a switch is on at the end. */
export function isOn(transfer: Transfer, ...names: readonly string[]): boolean {
  return transfer.options.findLast((option) => names.includes(option.name))?.on ?? false;
}
