/** Why subscriptions selected nothing: what they asked for, beside what there was. */

import type { Batch, Flow } from '../../batch/batch.ts';
import type { Kind, Kinds } from '../../batch/kinds.ts';
import type { Wants } from '../../batch/wants.ts';
import type { HandlerConfig, SubscriptionConfig } from '../../config.ts';
import { nearest } from '../../text/nearest.ts';
import { printable } from '../../text/printable.ts';
import { thousands } from '../../text/thousands.ts';
import type { Subscription } from '../subscription.ts';
import { type Criterion, criteriaOf } from './criteria.ts';
import { Tally } from './tally.ts';

/** Records that are looked into: enough to tell, and some 30 ms of work where nothing is ever selected. */
const MOST_RECORDS = 10_000;
const LONGEST_WORD = 80;
const LOG_RECORDS = 'log records';

/** A subscription that has selected nothing so far. */
interface Silent {
  readonly handler: number;
  readonly subscription: number;
  readonly name: string;
  readonly config: SubscriptionConfig;
  readonly kinds: Uint8Array;
  readonly criteria: readonly (Criterion & { fitting: number })[];
  /** Records of its type that were looked into. */
  looked: number;
}

/** How many rows of the flow at hand a subscription of a handler selected. */
export type SelectedCount = (handler: number, subscription: number) => number;

export class Evidence {
  private readonly kinds: readonly Kind[];
  /** Names of metrics that there could be. */
  private readonly metrics: readonly string[];
  private silent: Silent[];
  private readonly rows = new Tally();
  private looked = 0;

  constructor(
    handlers: readonly HandlerConfig[],
    subscriptions: readonly (readonly Subscription[])[],
    kinds: Kinds,
    metrics: readonly string[],
    wants: Wants,
  ) {
    this.kinds = kinds.all;
    this.metrics = metrics;
    this.silent = handlers.flatMap(({ name, subscriptions: configs }, handler) =>
      configs.map((config, subscription) => ({
        handler,
        subscription,
        name: configs.length > 1 ? `${name}, subscription ${subscription + 1}` : name,
        config,
        kinds: subscriptions[handler]![subscription]!.kinds,
        criteria: criteriaOf(config, wants).map((criterion) => Object.assign(criterion, { fitting: 0 })),
        looked: 0,
      })),
    );
  }

  /** Looks into a flow, as long as somebody has selected nothing. */
  note({ batch, from, to, report }: Flow, selected: SelectedCount): void {
    if (this.silent.length === 0) return;
    this.silent = this.silent.filter(({ handler, subscription }) => selected(handler, subscription) === 0);
    for (let row = from; row < to && this.looked < MOST_RECORDS; row++) {
      const kind = batch.kind[row]!;
      const asking = this.silent.filter(({ kinds, criteria }) => kinds[kind] === 1 && criteria.length > 0);
      if (!report) this.rows.add(labelOf(this.kinds[kind]!));
      this.looked++;
      if (asking.length > 0) look(asking, batch, row);
    }
  }

  /** A sentence for each subscription that selected nothing of a log that had something. */
  warnings(): string[] {
    if (this.rows.entries.length === 0) return [];
    const worth = this.silent.filter(isWorthAWord);
    const absent = worth.filter((one) => this.isOfNoType(one));
    const others = worth.filter((one) => !absent.includes(one));
    return [
      ...others.map((one) => `handler ${one.name} selected nothing: ${this.why(one)}`),
      ...(absent.length === 0 ? [] : [this.whyAbsent(absent)]),
    ];
  }

  /** Whether no record is of its type, and none could be made. */
  private isOfNoType({ config, looked }: Silent): boolean {
    return looked === 0 && (config.type !== 'metrics' || !this.rows.texts.includes(LOG_RECORDS));
  }

  private whyAbsent(absent: readonly Silent[]): string {
    const types = [...new Set(absent.map(({ config }) => config.type))];
    const names = [...new Set(absent.map(({ name }) => name.replace(/,.*/, '')))];
    const there = this.rows.entries.slice(0, 3).map(([label, count]) => `${thousands(count)} ${label}`);
    const which = names.length === 1 ? `handler ${names[0]}` : `handlers ${names.join(', ')}`;
    return `${which}: what subscribes to ${types.join(', ')} selected nothing, as no such record came; there are ${there.join(', ')}`;
  }

  private why({ criteria, looked }: Silent): string {
    if (looked === 0) return this.whyNoMetric(criteria);
    const missing = criteria.find(({ fitting }) => fitting === 0);
    if (missing === undefined)
      return 'each of its filters holds for some records, but never all of them for one';
    const bound = looked < MOST_RECORDS ? '' : ` (of the first ${thousands(MOST_RECORDS)})`;
    return `no record ${missing.asked}${alternative(missing)}${bound}`;
  }

  private whyNoMetric(criteria: readonly Criterion[]): string {
    const { asked, word } = criteria.at(-1)!;
    const meant =
      nearest(word, this.metrics) ?? this.metrics.find((name) => word !== '' && name.includes(word));
    return `nothing that was measured ${asked}${meant === undefined ? '' : `; the nearest metric is ${meant}`}`;
  }
}

function look(asking: readonly Silent[], batch: Batch, row: number): void {
  for (const one of asking) {
    one.looked++;
    for (const criterion of one.criteria) {
      const text = criterion.text(batch, row);
      if (text !== undefined) criterion.seen.add(text);
      if (criterion.fits(batch, row)) criterion.fitting++;
    }
  }
}

/** Sessions, and all that is measured, come or do not; what asks for something is to be told. */
function isWorthAWord({ config, criteria }: Silent): boolean {
  return config.type !== 'spans' && (criteria.length > 0 || config.type !== 'metrics');
}

/** The nearest thing that exists: what the word was probably meant to be, else the most frequent. */
function alternative({ seen, place, word }: Criterion): string {
  const { entries } = seen;
  if (entries.length === 0) return `, as none has it`;
  const meant = nearest(word, seen.texts);
  const [text, count] = entries.find(([text]) => text === meant) ?? entries[0]!;
  const shown = text === '' ? 'none' : printable(text.slice(0, LONGEST_WORD));
  return `; ${thousands(count)} ${count === 1 ? 'record' : 'records'} ${place} ${shown}`;
}

function labelOf({ name, stream }: Kind): string {
  if (stream === 'log') return LOG_RECORDS;
  return stream === 'event' ? `${name.replace(/^event:/, '')} events` : 'of no known kind';
}
