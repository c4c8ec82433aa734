import type { RejectionReason } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { DamagedBytes } from './byte-reader.ts';
import type { Sections } from './state-parts.ts';

/** What a ledger has counted, plain: to be stored, and added to another one's. */
export interface Counted {
  readonly [name: string]: number | Counted;
}

/** What was counted so far, but for how deep queues are. */
export function countedBy(ledger: Ledger): Counted {
  const { read, selected, filtered, other, measured, reports, events, refused, bounded } = ledger;
  const { untimedRecords, futureRecords, sessionsGivenUp, outside } = ledger;
  return {
    ...{
      selected,
      filtered,
      other,
      measured,
      reports,
      untimedRecords,
      futureRecords,
      sessionsGivenUp,
      outside,
    },
    read: { ...read },
    events: { ...events },
    bounded: { ...bounded },
    refused: { total: refused.total, metrics: nested(refused.metrics) },
    rejected: Object.fromEntries(ledger.rejected),
    dropped: nested(ledger.dropped),
    handlers: Object.fromEntries(
      Array.from(ledger.handlers, ([name, { records, events, bytes }]) => [
        name,
        { records: { ...records }, events: { ...events }, bytes },
      ]),
    ),
    failures: Object.fromEntries(ledger.failures),
    scrapes: Object.fromEntries(Array.from(ledger.scrapes, ([name, scrapes]) => [name, { ...scrapes }])),
  };
}

const ofRecords = [
  ...(['selected', 'filtered', 'other', 'measured'] as const),
  ...(['untimedRecords', 'futureRecords', 'sessionsGivenUp', 'outside'] as const),
];

/** Adds what another ledger counted. Reports and deliveries are a run's own, so they count only where it goes on. */
export function addCounted(ledger: Ledger, counted: Counted, resumes: boolean): void {
  for (const name of ofRecords) ledger[name] += numberOf(counted, name);
  addTo(ledger.read, counted.read);
  addTo(ledger.bounded, counted.bounded);
  for (const [reason, n] of leaves(counted.rejected)) addAt(ledger.rejected, reason as RejectionReason, n);
  const { metrics, total } = partsOf(counted.refused);
  ledger.refused.total += (total as number | undefined) ?? 0;
  addNested(ledger.refused.metrics, metrics);
  if (!resumes) return;
  ledger.reports += numberOf(counted, 'reports');
  addTo(ledger.events, counted.events);
  addNested(ledger.dropped, counted.dropped);
  for (const [name, n] of leaves(counted.failures)) addAt(ledger.failures, name, n);
  for (const [name, account] of Object.entries(partsOf(counted.handlers))) {
    const { records, events } = partsOf(account);
    const ours = ledger.handler(name);
    addTo(ours.records, records);
    addTo(ours.events, events);
    ours.bytes += numberOf(account, 'bytes');
  }
  for (const [name, scrapes] of Object.entries(partsOf(counted.scrapes))) {
    const ours = ledger.scrapes.get(name) ?? { succeeded: 0, failed: 0 };
    addTo(ours, scrapes);
    ledger.scrapes.set(name, ours);
  }
}

/** What the ledger of a state has counted. @throws {DamagedBytes} */
export function countedOf(sections: Sections): Counted {
  const bytes = sections.get('ledger');
  if (bytes === undefined) throw new DamagedBytes('it has no ledger');
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw new DamagedBytes('its ledger is no JSON');
  }
}

/** Counts less those that were given before. */
export function less(counted: Counted, given: Counted): Counted {
  return Object.fromEntries(
    Object.entries(counted).map(([name, value]) => {
      const before = Object.hasOwn(given, name) ? given[name] : undefined;
      if (typeof value === 'object') return [name, less(value, typeof before === 'object' ? before : {})];
      return [name, value - (typeof before === 'number' ? before : 0)];
    }),
  );
}

type Part = number | Counted | undefined;

const partsOf = (part: Part): Counted => (typeof part === 'object' ? part : {});

const leaves = (part: Part): [string, number][] => Object.entries(partsOf(part)) as [string, number][];

function numberOf(part: Part, name: string): number {
  const parts = partsOf(part);
  const value = Object.hasOwn(parts, name) ? parts[name] : 0;
  return typeof value === 'number' ? value : 0;
}

/** Adds to those numbers that are there. */
function addTo(numbers: object, part: Part): void {
  const to = numbers as Record<string, number>;
  for (const name of Object.keys(to)) to[name]! += numberOf(part, name);
}

function addAt<K>(to: Map<K, number>, key: K, n: number): void {
  to.set(key, (to.get(key) ?? 0) + n);
}

function nested(maps: ReadonlyMap<string, ReadonlyMap<string, number>>): Counted {
  return Object.fromEntries(Array.from(maps, ([name, inner]) => [name, Object.fromEntries(inner)]));
}

function addNested(to: Map<string, Map<string, number>>, part: Part): void {
  for (const [name, inner] of Object.entries(partsOf(part))) {
    const ours = to.get(name) ?? new Map<string, number>();
    for (const [reason, n] of leaves(inner)) addAt(ours, reason, n);
    to.set(name, ours);
  }
}
