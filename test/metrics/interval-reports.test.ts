import fc from 'fast-check';
import t from 'tap';
import type { MetricEvent } from '../../lib/events/metric-event.ts';
import { splitState } from '../../lib/state/split-state.ts';
import { joinSections, splitSections } from '../../lib/state/state-parts.ts';
import { openRun } from '../helpers/measured-run.ts';
import { EPOCH, type LogRecord, operatorRecords } from '../helpers/operator-records.ts';

t.setTimeout(7_200_000);
const numRuns = Number(process.env.MIRRORMON_PROPERTY_RUNS ?? 100);
const MINUTE = 60_000;

const lists = fc.array(operatorRecords, { maxLength: 90, size: 'max' });
const gaugeTypes = ['intValue', 'floatValue'];
const isGauge = ({ metric_type }: MetricEvent): boolean => gaugeTypes.includes(metric_type);
const keyOf = ({ metric_type, metric, tags }: MetricEvent): string =>
  JSON.stringify([metric_type, metric, tags]);

/** What an event says of its interval, but for rates and times. */
const figuresOf = ({ metrics }: MetricEvent): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([key]) => !key.endsWith('_rate')));

/** Records cut into intervals at random, and what a run that reports each of them alone says of them. */
function reports(
  records: readonly LogRecord[],
  next: (of: number) => number,
  between: (run: ReturnType<typeof openRun>) => ReturnType<typeof openRun> = (run) => run,
) {
  let run = openRun('interval');
  const intervals: { readonly records: readonly LogRecord[]; readonly events: MetricEvent[] }[] = [];
  for (let from = 0, k = 1; from < records.length; k++) {
    const to = Math.min(from + 1 + next(30), records.length);
    const middle = from + next(to - from);
    run.measure(records.slice(from, middle));
    run = between(run);
    run.measure(records.slice(middle, to));
    intervals.push({ records: records.slice(from, to), events: run.report(EPOCH + k * MINUTE) });
    from = to;
  }
  return { run, intervals };
}

const drawn =
  (random: IterableIterator<number>) =>
  (of: number): number =>
    (random.next().value as number) % of;

/** Whether each interval's report is that of a run which has read nothing else, and all together are the whole. */
function addUp(records: readonly LogRecord[], { run, intervals }: ReturnType<typeof reports>): boolean {
  const counts = new Map<string, number>();
  for (const interval of intervals) {
    const alone = openRun('all');
    alone.measure(interval.records);
    const wanted = new Map(
      alone
        .report(EPOCH)
        .filter((event) => !isGauge(event))
        .map((event) => [keyOf(event), event]),
    );
    const events = interval.events.filter((event) => !isGauge(event));
    if (events.length !== wanted.size) return false;
    for (const event of events) {
      const other = wanted.get(keyOf(event));
      if (other === undefined || JSON.stringify(figuresOf(event)) !== JSON.stringify(figuresOf(other)))
        return false;
      counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + event.metrics.count!);
    }
  }
  const whole = openRun('all');
  whole.measure(records);
  const said = whole.said();
  const isSum = (event: MetricEvent): boolean =>
    isGauge(event) ||
    Math.abs(counts.get(keyOf(event))! - event.metrics.count!) <= 1e-9 * event.metrics.count!;
  return said.events.every(isSum) && inOrder(run.said()) === inOrder(said);
}

/** Metrics that records name stand in the order in which they came. */
const inOrder = ({ families }: ReturnType<ReturnType<typeof openRun>['said']>): string =>
  families
    .map((family) => JSON.stringify(family))
    .sort()
    .join('\n');

t.test(
  'reports of intervals alone are of those records alone, and add up to the cumulative one',
  async (t) => {
    const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) =>
      addUp(records, reports(records, drawn(random))),
    );
    t.doesNotThrow(() => fc.assert(holds, { seed: 21, numRuns }));
  },
);

t.test('a run that goes on from a saved state goes on with its interval', async (t) => {
  const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) => {
    const resumed = reports(records, drawn(random), (run) => {
      const other = openRun('interval');
      other.state.merge(run.state.save());
      return other;
    });
    return addUp(records, resumed);
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 22, numRuns }));
});

t.test('so does one whose state was cut into shares and pieces', async (t) => {
  const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) => {
    const next = drawn(random);
    const resumed = reports(records, next, (run) => {
      const cut = { shares: 1 + next(5), pieces: 1 + next(4) };
      const other = openRun('interval');
      for (const part of splitState(splitSections(run.state.save()), cut)) {
        other.state.merge(joinSections(part));
      }
      return other;
    });
    return addUp(records, resumed);
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 23, numRuns }));
});

t.test('what others have measured is of the interval in which it is merged', async (t) => {
  const holds = fc.property(lists, fc.infiniteStream(fc.nat()), (records, random) => {
    const next = drawn(random);
    const run = openRun('interval');
    const mappers = Array.from({ length: 1 + next(4) }, () => openRun());
    const intervals: ReturnType<typeof reports>['intervals'] = [];
    for (let from = 0, k = 1; from < records.length; k++) {
      const some = records.slice(from, from + 1 + next(30));
      for (const record of some) mappers[next(mappers.length)]!.measure([record]);
      for (const mapper of mappers) run.state.merge(mapper.state.take());
      intervals.push({ records: some, events: run.report(EPOCH + k * MINUTE) });
      from += some.length;
    }
    return addUp(records, { run, intervals });
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 24, numRuns }));
});

t.test('an event says from when to when it is, and its mean rate is over that time', async (t) => {
  const run = openRun('interval');
  run.report(EPOCH);
  const started = {
    level: 'INFO',
    fields: { message: 'Session Start', client_user: 'ann', session_id: 'a' },
  };
  run.measure([{ ...started, timestamp: new Date(EPOCH + 1000).toISOString() } as unknown as LogRecord]);
  const [event] = run
    .report(EPOCH + MINUTE)
    .filter(({ metric }) => metric === 'mirrord_sessions_create_total');
  t.match(event, {
    interval_start: new Date(EPOCH).toISOString().replace('.000', ''),
    interval_end: new Date(EPOCH + MINUTE).toISOString().replace('.000', ''),
    metrics: { count: 1, mean_rate: 1 / 60 },
  });
  t.same(
    run.report(EPOCH + 2 * MINUTE).filter((event) => !isGauge(event)),
    [],
    'what nothing was measured of in an interval has no event',
  );
});
