import { join } from "node:path";
import { type StoreFile, storeFiles } from "./store-files.js";

/** A store as it lies in a home. */
export interface HomeStore extends StoreFile {
  /** Absolute; there or not. A folder's files are all meant. */
  readonly file: string;
}

/** Where the tools of a person keep what they sign in with. */
export function homeStores(home: string): readonly HomeStore[] {
  return storeFiles.map((store) => ({ ...store, file: join(home, store.path) }));
}
