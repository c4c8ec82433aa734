import fc from 'fast-check';

interface Asserting {
  pass(message: string): unknown;
  fail(message: string): unknown;
}

/**
 * A property is one assertion, however many inputs were tried: that none was found for which it throws or returns
 * false. What fast-check says of one that was found (seed, path, the smallest input) is what is told.
 */
export function holds<T>(t: Asserting, property: fc.IProperty<T>, parameters?: fc.Parameters<T>): void;
export function holds<T>(
  t: Asserting,
  property: fc.IAsyncProperty<T>,
  parameters?: fc.Parameters<T>,
): Promise<void>;
export function holds<T>(
  t: Asserting,
  property: fc.IProperty<T> | fc.IAsyncProperty<T>,
  parameters?: fc.Parameters<T>,
): void | Promise<void> {
  const tell = (error: unknown) => void t.fail(error instanceof Error ? error.message : String(error));
  const pass = () => void t.pass('no counterexample');
  try {
    const run = fc.assert(property as fc.IAsyncProperty<T>, parameters) as Promise<void> | undefined;
    if (run === undefined) pass();
    else return run.then(pass, tell);
  } catch (error) {
    tell(error);
  }
}
