import { join } from "node:path";
import { environmentOf, type Findings, type FoundLabel, noFindings } from "./finding.js";
import { type Place, readText } from "./look.js";

/** Where Terraform keeps its state: the bucket, the account, the workspace. */
export function findTerraform(files: readonly string[], { root }: Place): Findings {
  const labels = files
    .filter((file) => file.endsWith(".tf"))
    .flatMap((file) => readLabels(file, readText(join(root, file)) ?? ""));
  return { ...noFindings, labels };
}

function readLabels(file: string, text: string): readonly FoundLabel[] {
  const blocks = text.matchAll(/\b(?:backend\s+"(\w+)"|cloud)\s*\{([\s\S]*?)^\s*\}/gm);
  return [...blocks].flatMap(([, kind = "cloud", body = ""]) => {
    const settings = new Map(
      [...body.matchAll(/^\s*(\w+)\s*=\s*"([^"\n]*)"/gm)].map(([, key = "", value = ""]) => [key, value]),
    );
    const key = settings.get("key") ?? settings.get("prefix") ?? "";
    const value = settings.get("bucket") ?? settings.get("container_name") ?? settings.get("organization");
    const environment = environmentOf(value ?? "") ?? environmentOf(key) ?? environmentOf(file);
    return value === undefined || value.includes("$")
      ? []
      : [{ key: "ids" as const, value, origin: `${file}, state of Terraform (${kind})`, environment }];
  });
}
