import fc from 'fast-check';
import t from 'tap';
import type { MetricEvent } from '../../lib/events/metric-event.ts';
import { isEmptyPart, splitState } from '../../lib/state/split-state.ts';
import { joinSections, splitSections } from '../../lib/state/state-parts.ts';
import { openRun } from '../helpers/measured-run.ts';
import { type LogRecord, operatorRecords } from '../helpers/operator-records.ts';

t.setTimeout(7_200_000);
const numRuns = Number(process.env.MIRRORMON_PROPERTY_RUNS ?? 100);
const MOST_PARTS = 16;
const rateKeys = new Set(['mean_rate', 'm1_rate', 'm5_rate', 'm15_rate']);

type Said = ReturnType<ReturnType<typeof openRun>['said']>;

/** To the last bit, but for rates. */
const exactly = ({ events, families, books }: Said): string =>
  JSON.stringify([
    events.map(({ metrics, ...event }) => [
      event,
      Object.entries(metrics).filter(([key]) => !rateKeys.has(key)),
    ]),
    families
      .map(({ name, ...family }) => [name, family])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    books,
  ]);

function isNear(a: MetricEvent, b: MetricEvent): boolean {
  return [...rateKeys].every((key) => {
    const [x, y] = [a.metrics[key] ?? 0, b.metrics[key] ?? 0];
    return Math.abs(x - y) <= 1e-12 * Math.abs(y);
  });
}

const areEqual = (other: Said, whole: Said): boolean =>
  exactly(other) === exactly(whole) && other.events.every((event, k) => isNear(event, whole.events[k]!));

const lists = fc.array(operatorRecords, { maxLength: 90, size: 'max' });

t.test('any split into up to 16 parts, merged in any order, is one run', async (t) => {
  const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) => {
    const next = (of: number): number => (random.next().value as number) % of;
    const whole = openRun();
    whole.measure(records);
    const parts = Array.from({ length: 1 + next(MOST_PARTS) }, (): LogRecord[] => []);
    for (const record of records) parts[next(parts.length)]!.push(record);
    const merged = openRun();
    while (parts.length > 0) {
      const part = openRun();
      part.measure(parts.splice(next(parts.length), 1)[0]!);
      merged.state.merge(part.state.save());
    }
    return areEqual(merged.said(), whole.said());
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 13, numRuns }));
});

t.test('deltas of several runs, in any order of theirs, add up to one run', async (t) => {
  const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) => {
    const next = (of: number): number => (random.next().value as number) % of;
    const whole = openRun();
    whole.measure(records);
    const mappers = Array.from({ length: 1 + next(4) }, () => openRun());
    const deltas: Buffer[] = [];
    for (let from = 0; from < records.length; ) {
      const mapper = mappers[next(mappers.length)]!;
      const to = from + 1 + next(40);
      mapper.measure(records.slice(from, to));
      if (next(2) === 0) deltas.push(mapper.state.take());
      from = to;
    }
    for (const mapper of mappers) deltas.push(mapper.state.take());
    const merged = openRun();
    while (deltas.length > 0) merged.state.merge(deltas.splice(next(deltas.length), 1)[0]!);
    return areEqual(merged.said(), whole.said());
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 14, numRuns }));
});

t.test(
  'a run that goes on from its saved state is one that was never interrupted, rates included',
  async (t) => {
    const holds = fc.property(lists, fc.nat(), (records, at) => {
      const cut = records.length === 0 ? 0 : at % records.length;
      const whole = openRun();
      whole.measure(records.slice(0, cut));
      const saved = whole.state.save();
      whole.measure(records.slice(cut));
      const resumed = openRun();
      resumed.state.merge(saved);
      resumed.measure(records.slice(cut));
      return JSON.stringify(resumed.said()) === JSON.stringify(whole.said());
    });
    t.doesNotThrow(() => fc.assert(holds, { seed: 15, numRuns }));
  },
);

t.test('a state that is cut into shares and pieces is the whole again, in any order', async (t) => {
  const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) => {
    const next = (of: number): number => (random.next().value as number) % of;
    const whole = openRun();
    whole.measure(records);
    const parts = splitState(splitSections(whole.state.save()), { shares: 1 + next(5), pieces: 1 + next(4) });
    const merged = openRun();
    while (parts.length > 0) merged.state.merge(joinSections(parts.splice(next(parts.length), 1)[0]!));
    return areEqual(merged.said(), whole.said());
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 16, numRuns }));
});

t.test('what shares of several runs report, each by itself, is what one run reports of all', async (t) => {
  const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) => {
    const next = (of: number): number => (random.next().value as number) % of;
    const shares = 1 + next(5);
    const whole = openRun();
    whole.measure(records);
    const mappers = Array.from({ length: 1 + next(3) }, () => openRun());
    const reducers = Array.from({ length: shares }, () => openRun());
    for (let from = 0; from < records.length; ) {
      const mapper = mappers[next(mappers.length)]!;
      const to = from + 1 + next(40);
      mapper.measure(records.slice(from, to));
      // pieces are as many as it takes, each time anew
      const parts = splitState(splitSections(mapper.state.take()), { shares, pieces: 1 + next(3) });
      parts.forEach((part, k) => {
        if (k < shares || !isEmptyPart(part)) reducers[k % shares]!.state.merge(joinSections(part));
      });
      from = to;
    }
    const said = reducers.map((reducer) => reducer.said());
    const inOrder = ({ events }: Said): MetricEvent[] =>
      [...events].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const found = inOrder({ ...said[0]!, events: said.flatMap(({ events }) => events) });
    const wanted = inOrder(whole.said());
    const { books } = said[0]!;
    return (
      exactly({ events: found, families: [], books }) ===
        exactly({ ...whole.said(), events: wanted, families: [] }) &&
      found.every((event, k) => isNear(event, wanted[k]!))
    );
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 17, numRuns }));
});

const keyOf = ({ metric, metric_type, tags }: MetricEvent): string =>
  JSON.stringify([metric_type, metric, tags]);
