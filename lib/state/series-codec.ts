import type { MeterState } from '../math/meters.ts';
import type { ReservoirState } from '../math/reservoirs.ts';
import type { SeriesState } from '../metrics/series-state.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** What a series knows, as bytes: the kind comes first. */
const KINDS = ['counter', 'gauge', 'histogram', 'timer'] as const;

export function writeSeries(to: ByteWriter, state: SeriesState): void {
  const kind = state.kind === 'histogram' && state.meter !== undefined ? 'timer' : state.kind;
  to.whole(KINDS.indexOf(kind));
  to.double(state.updated);
  to.flag(state.changed);
  switch (state.kind) {
    case 'counter':
      writeMeter(to, state.meter);
      break;
    case 'gauge':
      to.doubles(state.set);
      to.doubles(state.moved);
      break;
    case 'histogram':
      to.doubles(state.sum);
      to.wholes(state.buckets);
      writeSample(to, state.sample);
      if (state.meter !== undefined) writeMeter(to, state.meter);
  }
}

export function readSeries(from: ByteReader): SeriesState {
  const kind = KINDS[from.whole()];
  const common = { updated: from.double(), changed: from.flag() };
  switch (kind) {
    case 'counter':
      return { ...common, kind, meter: readMeter(from) };
    case 'gauge':
      return { ...common, kind, set: Array.from(from.doubles()), moved: Array.from(from.doubles()) };
    case 'histogram':
    case 'timer': {
      const sum = Array.from(from.doubles());
      const of = {
        ...common,
        kind: 'histogram',
        sum,
        buckets: from.wholes(),
        sample: readSample(from),
      } as const;
      return kind === 'timer' ? { ...of, meter: readMeter(from) } : of;
    }
    default:
      throw new DamagedBytes('a series is of no kind');
  }
}

/** The bytes of a series, none of which depends on what else there is. */
export function seriesBytes(from: ByteReader): Buffer {
  return from.bytesOf(passSeries);
}

function passSeries(from: ByteReader): void {
  const kind = KINDS[from.whole()];
  from.double();
  from.flag();
  switch (kind) {
    case 'counter':
      passMeter(from);
      break;
    case 'gauge':
      from.passDoubles();
      from.passDoubles();
      break;
    case 'histogram':
    case 'timer':
      from.passDoubles();
      from.passWholes();
      passSample(from);
      if (kind === 'timer') passMeter(from);
      break;
    default:
      throw new DamagedBytes('a series is of no kind');
  }
}

function writeMeter(to: ByteWriter, { count, numbers, amounts }: MeterState): void {
  to.doubles(count);
  to.doubles(numbers);
  to.flag(amounts !== undefined);
  if (amounts === undefined) return;
  to.doubles(amounts.ones);
  writeSample(to, amounts.others);
}

function readMeter(from: ByteReader): MeterState {
  const ticking = { count: Array.from(from.doubles()), numbers: Array.from(from.doubles()) };
  if (!from.flag()) return ticking;
  return { ...ticking, amounts: { ones: Array.from(from.doubles()), others: readSample(from) } };
}

function passMeter(from: ByteReader): void {
  from.passDoubles();
  from.passDoubles();
  if (!from.flag()) return;
  from.passDoubles();
  passSample(from);
}

function writeSample(to: ByteWriter, { count, newest, entries }: ReservoirState): void {
  to.whole(count);
  to.doubles(newest ?? []);
  to.doubles(entries);
}

function readSample(from: ByteReader): ReservoirState {
  const count = from.whole();
  const [value, time, random] = from.doubles();
  return {
    count,
    newest: value === undefined ? undefined : [value, time!, random!],
    entries: from.doubles(),
  };
}

function passSample(from: ByteReader): void {
  from.whole();
  from.passDoubles();
  from.passDoubles();
}
