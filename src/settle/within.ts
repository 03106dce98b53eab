/** Whether `path` is `folder` or lies below it; both absolute and clean. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || isBelow(path, folder);
}

export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
