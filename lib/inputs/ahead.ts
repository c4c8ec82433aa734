/** The same items, each asked for while the consumer still has the one before: they must stay as they are. */
export async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  const ask = (): Promise<IteratorResult<T>> => {
    const asked = items.next();
    // a failure is told when it is its turn
    asked.catch(() => {});
    return asked;
  };
  try {
    let asked = ask();
    for (;;) {
      const { done, value } = await asked;
      if (done) return;
      asked = ask();
      yield value;
    }
  } finally {
    // not awaited: a source that waits for its next byte would let nobody go
    items.return(undefined).catch(() => {});
  }
}
