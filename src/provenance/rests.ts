/** Searches that were made a moment ago: however often one is asked about in the next moments, it is waited for once. */
export class Rests {
  private readonly all = new Map<string, { readonly until: number; readonly length: number }>();

  /** Milliseconds that one call waits. */
  constructor(private readonly patience: number) {}

  has(subject: string): boolean {
    return (this.all.get(subject)?.until ?? 0) > Date.now();
  }

  /** `answer`: of the search that begins now. */
  begin(subject: string, answer: Promise<void>): Promise<void> {
    const length = Math.min((this.all.get(subject)?.length ?? firstRest / 2) * 2, longestRest);
    remember(this.all, subject, { until: Date.now() + this.patience + length, length });
    return answer;
  }

  /** It was found. */
  end(subject: string): void {
    this.all.delete(subject);
  }
}

/** What is forgotten is looked at once more. */
export function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  if (memory.size >= mostRemembered) memory.clear();
  memory.set(key, value);
}

/** Milliseconds for which a search that found nothing counts; doubled each time, up to the last. */
const firstRest = 2000;
const longestRest = 60_000;
const mostRemembered = 1000;
