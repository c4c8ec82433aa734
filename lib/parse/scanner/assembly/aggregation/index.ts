/**
 * What the host calls to open the aggregation, behind the keys and fields: this, the rule for kinds, label sets, tables,
 * measurements.
 */
import { openMeasurements } from './measurements';
import { openSamples } from './samples';
import { clearSeriesLabels, openSeriesLabels } from './series-labels';
import { forgetSeries, openSeriesTables } from './series-tables';
import { openSessions } from './sessions';
import { openTicks } from './ticks';

/**
 * Tables for at most so many metrics, label sets, and series of each metric; room for the texts of labels, the pairs of
 * samples, entries of the log of ticks, and slots of sessions (a power of two).
 * @param pairs what the samples of one record may need room for
 * @param secret of the process: by it sessions find their slots
 */
export function openAggregation(
  tables: u32,
  sets: u32,
  series: u32,
  longestLine: usize,
  labelBytes: usize,
  sampleBytes: usize,
  loggedTicks: u32,
  sessionSlots: u32,
  pairs: usize,
  seed: u64,
  secret: u64,
): void {
  openSeriesLabels(sets, series, longestLine, labelBytes);
  openSeriesTables(tables, series, longestLine, seed);
  openTicks(loggedTicks);
  openSamples(sampleBytes);
  openSessions(sessionSlots, secret);
  openMeasurements(pairs);
}

/** Begins anew, with no series: what came must have been taken. Sessions stay. */
export function clearSeries(): void {
  forgetSeries();
  clearSeriesLabels();
}
