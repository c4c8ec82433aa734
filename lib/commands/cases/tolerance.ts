import { MirrormonError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { Admits } from './compare-events.ts';

/** Stands for every key that is not named. */
const ALL = '*';

/**
 * How far values may be from what is expected: by key of a metric (`p99`), by key of one metric (`pool.size.p99`) or for
 * all others (`*`), relative to the greater of the two. What is nearest to a value counts: metric.key, key, `*`, then 0.
 */
export class Tolerance implements Admits {
  readonly #byKey: ReadonlyMap<string, number>;
  readonly #seen = new Set<string>();

  constructor(byKey: ReadonlyMap<string, number> = new Map()) {
    this.#byKey = byKey;
  }

  /** @throws {MirrormonError} USAGE where it is not an object of numbers of at least 0 */
  static parse(text: string, where: string): Tolerance {
    const hint = 'write {"KEY": NUMBER}, such as {"p99": 0.01, "*": 1e-9}';
    let given: unknown;
    try {
      given = JSON.parse(text);
    } catch (cause) {
      throw new MirrormonError('USAGE', 'this is not JSON', { where, hint, cause });
    }
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new MirrormonError('USAGE', 'this is not an object', { where, hint });
    }
    const byKey = new Map(Object.entries(given as Record<string, unknown>));
    for (const [key, value] of byKey) {
      if (typeof value === 'number' && value >= 0) continue;
      throw new MirrormonError('USAGE', `the tolerance of '${key}' is not a number of at least 0`, {
        where,
        hint,
      });
    }
    return new Tolerance(byKey as ReadonlyMap<string, number>);
  }

  admits(metric: string, key: string, expected: number, actual: number): boolean {
    const own = `${metric}.${key}`;
    this.#seen.add(key).add(own);
    const relative = this.#byKey.get(own) ?? this.#byKey.get(key) ?? this.#byKey.get(ALL) ?? 0;
    return Math.abs(expected - actual) <= relative * Math.max(Math.abs(expected), Math.abs(actual));
  }

  /** What is said of keys that no compared event had: a slip of the pen would otherwise never be found. */
  complaints(): string[] {
    const unused = [...this.#byKey.keys()].filter((key) => key !== ALL && !this.#seen.has(key));
    return unused.map((key) => {
      const near = nearest(key, this.#seen);
      return `no event has the key '${key}'${near === undefined ? '' : `; did you mean '${near}'?`}`;
    });
  }
}
