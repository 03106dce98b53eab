import type { SandboxSetting } from "../model/sandbox-setting.js";
import type { Manifest } from "../model/scope.js";
import { compileGlobs, type PathGlob } from "../scope/globs.js";
import type { Look } from "./look.js";

/** What a plan is made of. All paths absolute; links in them are followed here. */
export interface PlanInput {
  readonly home: string;
  readonly cwd: string;
  readonly workspace: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is started, as words. */
  readonly command: readonly string[];
  /** The programs that must be there: the command's own, and Node. */
  readonly programs: readonly string[];
  readonly manifests: readonly Manifest[];
  readonly setting: SandboxSetting;
  readonly guardPaths: readonly string[];
  readonly sessionDirectory: string;
  /** Where holdpoint itself lies. */
  readonly packageRoot: string;
  readonly hasNet: boolean;
  readonly look: Look;
}

/** The globs of one manifest, compiled for this plan. */
export interface CompiledScope {
  readonly manifest: Manifest;
  readonly never: readonly PathGlob[];
  readonly write: readonly PathGlob[] | undefined;
}

export function compileScopes({ manifests, home, uid, look }: PlanInput): readonly CompiledScope[] {
  const around = {
    realpath: (path: string) => look.realpath(path),
    lstat: (path: string) => look.lstat(path),
    user: { uid, home, homeOf: () => undefined },
  };
  return manifests.map((manifest) => {
    const { folder, files } = manifest;
    return {
      manifest,
      never: compileGlobs(files.never, folder, around),
      write: files.write === undefined ? undefined : compileGlobs(files.write, folder, around),
    };
  });
}

/** As a person writes it in the config: absolute, `~/…`, or from the workspace; its real path. */
export function placeOf(written: string, { home, workspace, look }: PlanInput): string {
  const plain = written.replace(/(?<=.)\/+$/, "");
  const path = plain === "~" || plain.startsWith("~/") ? home + plain.slice(1) : plain;
  return look.realpath(path.startsWith("/") ? path : `${workspace}/${path}`);
}
