import type { Flow, Picks, Selection } from '../batch.ts';
import type { Subscription } from '../filters/subscription.ts';
import type { Ledger } from '../ledger.ts';
import type { Step } from './transform.ts';

/** For every handler the rows, and the keys of metric events, that its subscriptions select. */
export class Filter implements Step<Flow, Selection> {
  /** By handler, then subscription. */
  private readonly handlers: readonly (readonly Subscription[])[];
  private readonly ledger: Ledger;

  constructor(handlers: readonly (readonly Subscription[])[], ledger: Ledger) {
    this.handlers = handlers;
    this.ledger = ledger;
  }

  *push(flow: Flow): Generator<Selection> {
    const { batch, from, to, report } = flow;
    const count = to - from;
    const selected = new Uint8Array(count);
    const picks: Picks[] = [];
    for (let handler = 0; handler < this.handlers.length; handler++) {
      const picker = new Picker(handler, flow, selected);
      for (const { selector } of this.handlers[handler]!) selector.bind(batch);
      for (let row = from; row < to; row++) picker.pick(this.handlers[handler]!, row, batch.kind[row]!);
      if (picker.count > 0) picks.push(picker);
    }
    let chosen = 0;
    for (let k = 0; k < count; k++) chosen += selected[k]!;
    if (report) this.ledger.events.selected += chosen;
    else {
      this.ledger.selected += chosen;
      this.ledger.filtered += count - chosen;
    }
    yield { flow, picks };
  }
}

/** Collects the picks of one handler. Two subscriptions that select the same event give it twice, each with its keys. */
class Picker implements Picks {
  readonly handler: number;
  count = 0;
  row = new Uint32Array(0);
  subscription = new Uint16Array(0);
  readonly keys: (readonly string[] | undefined)[] = [];
  private readonly selected: Uint8Array;
  private readonly from: number;
  private readonly rows: number;

  constructor(handler: number, flow: Flow, selected: Uint8Array) {
    this.handler = handler;
    this.selected = selected;
    this.from = flow.from;
    this.rows = flow.to - flow.from;
  }

  pick(subscriptions: readonly Subscription[], row: number, kind: number): void {
    for (let k = 0; k < subscriptions.length; k++) {
      const { kinds, selector } = subscriptions[k]!;
      if (kinds[kind] === 0 || !selector.selects(row)) continue;
      if (this.count === this.row.length) this.grow();
      this.row[this.count] = row;
      this.subscription[this.count] = k;
      this.keys.push(selector.keys);
      this.count++;
      this.selected[row - this.from] = 1;
    }
  }

  private grow(): void {
    const size = Math.max(this.rows, this.row.length * 2);
    const row = new Uint32Array(size);
    row.set(this.row);
    this.row = row;
    const subscription = new Uint16Array(size);
    subscription.set(this.subscription);
    this.subscription = subscription;
  }
}
