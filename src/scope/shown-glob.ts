/** An absolute glob as a person would write it. */
export function shownGlob(glob: string): string {
  return glob.replace(/\[\\\\\]|\\(.)/gs, (_, sign = "\\") => sign);
}
