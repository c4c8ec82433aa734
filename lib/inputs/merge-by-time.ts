interface Arrival<T> {
  readonly source: AsyncIterator<T>;
  readonly result?: IteratorResult<T>;
  readonly error?: unknown;
}

/**
 * What several sources give, in the order in which it comes. Of each at most one item waits, and its next is asked for
 * only when that is taken. Ends when all have ended; an error of one ends it at once.
 */
export async function* merge<T>(iterables: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const sources = iterables.map((iterable) => iterable[Symbol.asyncIterator]());
  const arrivals: Arrival<T>[] = [];
  let wake = (): void => {};
  const arrive = (arrival: Arrival<T>): void => {
    arrivals.push(arrival);
    wake();
  };
  // no Promise.race: on a promise that stays open for days, every race would leave something behind
  const ask = (source: AsyncIterator<T>): void => {
    source.next().then(
      (result) => arrive({ source, result }),
      (error: unknown) => arrive({ source, error }),
    );
  };
  let open = sources.length;
  for (const source of sources) ask(source);
  try {
    while (open > 0) {
      if (arrivals.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const { source, result, error } = arrivals.shift()!;
      if (result === undefined) throw error;
      if (result.done === true) open--;
      else {
        yield result.value;
        ask(source);
      }
    }
  } finally {
    // not awaited: a source that waits for its next byte would let nobody go
    for (const source of sources) source.return?.().catch(() => {});
  }
}
