import type { MetricsConfig } from '../../lib/config.ts';
import { Ledger } from '../../lib/ledger.ts';
import { EventClock, ReportSchedule } from '../../lib/metrics/clock.ts';
import { allAreRead } from '../../lib/metrics/demand.ts';
import { Observers } from '../../lib/metrics/observers.ts';
import { RecordHashes } from '../../lib/metrics/record-hashes.ts';
import { Registry } from '../../lib/metrics/registry.ts';
import { reportEvents } from '../../lib/metrics/report.ts';
import { RunState } from '../../lib/state/run-state.ts';
import { metricsConfig, workshop } from './batches.ts';
import { EPOCH, type LogRecord } from './operator-records.ts';

/** A time that no record lies behind. */
const END = EPOCH + 7_200_000;

/** A run without its streams: it measures, and its state is saved, given away and merged. */
export function openRun(report: MetricsConfig['report'] = 'all') {
  const shop = workshop();
  const systems = shop.systems.map(({ open }) => open);
  const observers = new Observers(systems);
  const ledger = new Ledger();
  const registry = new Registry({
    ...shop,
    isRead: allAreRead,
    config: metricsConfig({
      report,
      reservoir: { size: 8, timerSize: 12, alpha: 0.015, admission: 'newest' },
    }),
    seed: 1,
    onRefused: (metric, reason, again) => ledger.refuse(metric, reason, again),
  });
  const hashes = new RecordHashes();
  const clock = new EventClock();
  const schedule = new ReportSchedule(60_000);
  return {
    state: new RunState({ registry, systems, clock, schedule, ledger }),
    measure(records: readonly LogRecord[]): void {
      if (records.length === 0) return;
      const batch = shop.batch(records);
      hashes.begin(batch.rows);
      const { rows, time } = batch;
      ledger.read.records += rows;
      ledger.filtered += rows;
      clock.advance(END);
      const touched = new Uint8Array(rows);
      // the newest record has been seen, wherever it stands
      const newest = new Float64Array(rows).fill(END);
      const span = { batch, from: 0, to: rows, times: time, clock: newest, touched, hashes };
      registry.measure(span);
      observers.observe(span);
    },
    /** The events of a report, as the pipeline makes them. */
    report(time: number) {
      const since = Math.max(schedule.reported, EPOCH);
      registry.takePartials();
      const events = [...reportEvents(registry, { since, time }, { sourceId: 'me', report })];
      schedule.reported = time;
      return events;
    },
    /** Everything that can be read of it. */
    said() {
      const events = [
        ...reportEvents(registry, { since: END, time: END }, { sourceId: 'me', report: 'all' }),
      ];
      const families = Array.from(registry.families(END), ({ series, ...family }) => ({
        ...family,
        series: Array.from(series, (figures) => JSON.stringify(figures)).sort(),
      }));
      const { read, filtered, refused } = ledger.toReport(0);
      return { events, families, books: { read, filtered, refused } };
    },
  };
}
