import type { OnlineReach } from "../model/credential-audit.js";
import { type Destination, destinationOf } from "./online/destination.js";
import { lookUp } from "./online/look-up.js";
import type { Found } from "./scan.js";
import type { Sighting } from "./sighting.js";

export interface Services {
  /** For the services' addresses and the programs' PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for each. */
  readonly timeout: number;
  /** Whether these may be asked. */
  readonly agree: (sendings: readonly Sending[]) => Promise<boolean>;
}

/** How many credentials would go to one host. */
export interface Sending extends Destination {
  readonly count: number;
}

export interface Asking extends Services {
  /** One entry a credential: the places of its value. */
  readonly credentials: readonly (readonly Sighting[])[];
  readonly all: readonly Sighting[];
  readonly onDone: (done: number) => void;
}

/**
 * Asks of each credential the service that it is for; four at a time. The answers are in the order of the questions; undefined where
 * nobody agreed, and nothing was sent.
 */
export async function askServices(asking: Asking): Promise<readonly OnlineReach[] | undefined> {
  const { credentials, all, env, timeout, agree, onDone } = asking;
  const sendings = await sendingsOf(asking);
  if (sendings.length > 0 && !(await agree(sendings))) return undefined;
  const answers = new Map<number, OnlineReach>();
  const waiting = credentials.entries();
  const work = async (): Promise<void> => {
    for (const [at, places] of waiting) {
      const place = mostTelling(places);
      if (place === undefined) continue;
      const beside = all.filter((one) => one.file === place.file && one !== place).map(found);
      answers.set(at, await lookUp(found(place), { env, timeout, beside }));
      onDone(answers.size);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return credentials.map((_, at) => answers.get(at) ?? { kind: "unasked", words: "not asked" });
}

async function sendingsOf({ credentials, env }: Asking): Promise<readonly Sending[]> {
  const all = await Promise.all(
    credentials.map(async (places) => {
      const place = mostTelling(places);
      return place === undefined ? undefined : destinationOf(found(place), env);
    }),
  );
  const sendings = new Map<string, Sending>();
  for (const one of all) {
    if (one === undefined) continue;
    const key = `${one.by} ${one.host}`;
    sendings.set(key, { ...one, count: (sendings.get(key)?.count ?? 0) + 1 });
  }
  return [...sendings.values()].toSorted((a, b) => (a.host < b.host ? -1 : 1));
}

/** Where the file says whose it is, a copy elsewhere does not: a private registry's token is none for the public one. */
function mostTelling(places: readonly Sighting[]): Sighting | undefined {
  return places.find(({ target }) => target !== undefined) ?? places[0];
}

/** A variable is in no file. */
function found({ kind, key, value, line, file = "", modified = 0, forms, target }: Sighting): Found {
  return {
    ...{ kind, key, value, line, file, modified },
    ...(forms === undefined ? {} : { forms }),
    ...(target === undefined ? {} : { target }),
  };
}
