import type { Flow, Picks, Selection } from '../batch/batch.ts';
import { KindLists } from '../batch/rows-by-kind.ts';
import type { Evidence } from '../filters/evidence/index.ts';
import type { Subscription } from '../filters/subscription.ts';
import type { Ledger } from '../ledger.ts';
import { Choice, joined } from './filter/choice.ts';
import type { Step } from './transform.ts';

/** For every handler the rows, and the keys of metric events, that its subscriptions select. */
export class Filter implements Step<Flow, Selection> {
  /** By handler, then subscription. */
  private readonly handlers: readonly (readonly Choice[])[];
  private readonly lists = new KindLists();
  private readonly ledger: Ledger;
  private readonly evidence: Evidence | undefined;
  private readonly observe: ((selection: Selection) => void) | undefined;
  /** Of the flow at hand, by row: whether anyone selected it. */
  private selected = new Uint8Array(0);

  /**
   * @param evidence told what each subscription selected
   * @param observe told of every selection before it flows on
   */
  constructor(
    handlers: readonly (readonly Subscription[])[],
    ledger: Ledger,
    evidence?: Evidence,
    observe?: (selection: Selection) => void,
  ) {
    this.handlers = handlers.map((subscriptions) =>
      subscriptions.map(({ selector, kinds }) => {
        const wanted = [...kinds.keys()].filter((kind) => kinds[kind] === 1);
        return new Choice(selector, this.lists.of(wanted));
      }),
    );
    this.ledger = ledger;
    this.evidence = evidence;
    this.observe = observe;
  }

  *push(flow: Flow): Generator<Selection> {
    this.lists.select(flow);
    const picks: Picks[] = [];
    this.handlers.forEach((choices, handler) => {
      for (const choice of choices) choice.choose(flow);
      const joint = joined(handler, choices, flow);
      if (joint !== undefined) picks.push(joint);
    });
    this.account(flow, picks);
    this.evidence?.note(flow, (handler, subscription) => this.handlers[handler]![subscription]!.count);
    this.observe?.({ flow, picks });
    yield { flow, picks };
  }

  /** A record that several handlers or subscriptions select is selected once. */
  private account({ batch, from, to, report }: Flow, picks: readonly Picks[]): void {
    const count = to - from;
    if (this.selected.length < count) this.selected = new Uint8Array(count);
    const selected = this.selected.fill(0, 0, count);
    let chosen = 0;
    for (const { row, count } of picks) {
      for (let k = 0; k < count; k++) {
        const at = row[k]! - from;
        chosen += 1 - selected[at]!;
        selected[at] = 1;
      }
    }
    if (report) this.ledger.events.selected += chosen;
    else {
      this.ledger.selected += chosen;
      this.ledger.filtered += count - chosen;
      if (to === batch.rows) this.ledger.filtered += batch.dismissed?.records ?? 0;
    }
  }
}
