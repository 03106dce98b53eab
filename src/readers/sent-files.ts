import { type HttpEffect, plainEffect } from "../model/effect.js";
import { isLoopback } from "./url.js";

/** Each local file whose content leaves the machine: rules know a secret by its name. */
export function sentFiles(
  tool: string,
  files: Iterable<string>,
  { host, path, method }: { readonly host: string; readonly path: string; readonly method: string },
): readonly HttpEffect[] {
  if (isLoopback(host)) return [];
  return [...files].map((file) => ({
    ...plainEffect(tool, "send", file),
    resource: "http",
    method,
    host,
    path,
    extent: { kind: "exact", count: 1, unit: "files" },
    because: `sends the file's content to ${host}`,
  }));
}
