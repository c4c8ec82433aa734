import type { Flow, Picks } from '../../batch/batch.ts';
import type { KindList } from '../../batch/rows-by-kind.ts';
import type { Selector } from '../../filters/selector.ts';

/** All records as they are: shorter than any list of picks, so that none of them has keys. */
const NO_KEYS: Picks['keys'] = [];

/** What one subscription selects of the flow at hand. */
export class Choice {
  readonly selector: Selector;
  count = 0;
  rows = new Uint32Array(0);
  private readonly list: KindList;

  constructor(selector: Selector, list: KindList) {
    this.selector = selector;
    this.list = list;
  }

  choose({ batch }: Flow): void {
    const { rows } = this.list;
    const count = rows.length;
    if (this.rows.length < count) this.rows = new Uint32Array(2 * count);
    this.count = count === 0 ? 0 : this.selector.select({ batch, rows }, this.rows);
  }
}

/**
 * The picks of a handler: row by row, of equal rows in the order of the subscriptions. Two subscriptions that select the
 * same event give it twice, each with its keys. Made anew for every flow, because they wait in the handler's queue.
 */
export function joined(handler: number, choices: readonly Choice[], flow: Flow): Picks | undefined {
  const some = choices.filter(({ count }) => count > 0);
  if (some.length === 0) return undefined;
  return some.length === 1 ? alone(handler, some[0]!, choices) : merged(handler, choices, flow);
}

function alone(handler: number, choice: Choice, choices: readonly Choice[]): Picks {
  const { count, rows, selector } = choice;
  return {
    handler,
    count,
    row: rows.slice(0, count),
    subscription: new Uint16Array(count).fill(choices.indexOf(choice)),
    keys: selector.keys?.slice(0, count) ?? NO_KEYS,
  };
}

/** By counting: how many picks each row has tells where they go. */
function merged(handler: number, choices: readonly Choice[], { from, to }: Flow): Picks {
  const places = new Uint32Array(to - from + 1);
  let count = 0;
  for (const choice of choices) {
    for (let k = 0; k < choice.count; k++) places[choice.rows[k]! - from + 1]!++;
    count += choice.count;
  }
  for (let k = 1; k < places.length; k++) places[k]! += places[k - 1]!;
  const row = new Uint32Array(count);
  const subscription = new Uint16Array(count);
  const withKeys = choices.some((choice) => choice.count > 0 && choice.selector.keys !== undefined);
  const keys = withKeys ? new Array<readonly string[] | undefined>(count).fill(undefined) : NO_KEYS;
  choices.forEach((choice, which) => {
    const chosen = choice.selector.keys;
    for (let k = 0; k < choice.count; k++) {
      const picked = choice.rows[k]!;
      const place = places[picked - from]!++;
      row[place] = picked;
      subscription[place] = which;
      if (chosen?.[k] !== undefined) (keys as (readonly string[] | undefined)[])[place] = chosen[k];
    }
  });
  return { handler, count, row, subscription, keys };
}
