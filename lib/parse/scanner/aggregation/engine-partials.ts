import { randomBytes } from 'node:crypto';
import type { MeasurePlan } from '../../../batch/measure-plan.ts';
import type { ScannerExports } from '../abi.ts';
import type { AggregationPlan } from './aggregation-plan.ts';
import { EngineNotes } from './engine-notes.ts';
import { OwnSessions } from './own-sessions.ts';
import { type PartialsState, PartialTables, type Places } from './partial-tables.ts';
import { writeProgram } from './write-plan.ts';

/** The aggregation of an engine of this thread. */
export class EnginePartials extends PartialTables {
  /** Where the rows' times go. */
  readonly times: Float64Array;
  /** What it notes of sessions, if anybody asks for that. */
  readonly notes: EngineNotes | undefined;
  declare readonly ownSessions: OwnSessions;
  private readonly exports: ScannerExports;
  private lacksRoom = false;

  constructor(
    plan: MeasurePlan,
    room: AggregationPlan,
    longestLine: number,
    exports: ScannerExports,
    bytes: Buffer,
  ) {
    const { places, noted } = open(plan, room, longestLine, exports, bytes);
    super(bytes, places, exports, plan.notes, new OwnSessions(exports, bytes));
    this.exports = exports;
    this.notes = plan.notes && new EngineNotes(plan.notes, noted, exports, bytes);
    const at = exports.timesOfRows() >>> 0;
    this.times = new Float64Array(bytes.buffer, at, exports.MOST_ROWS.value);
  }

  /** What is measured found no room: it begins with no series behind the next drain. */
  noteLackOfRoom(): void {
    this.lacksRoom = true;
  }

  settle(what: 'all' | 'ticks'): PartialsState {
    const { exports } = this;
    if (what === 'all') for (const { address } of this.places) exports.settleSamples(address);
    exports.logTicks();
    return {
      loggedTicks: exports.loggedTicks(),
      tickLog: exports.tickLog() >>> 0,
      ids: this.places.map(({ dictionary }) => exports.size(dictionary)),
      spiltSize: exports.spiltSize(),
      spiltValues: exports.spiltValues() >>> 0,
      sessionsSeen: exports.sessionsSeen() !== 0,
      gathered: undefined,
      notes: what === 'all' ? this.notes?.take('all') : undefined,
    };
  }

  begin(what: 'all' | 'ticks'): void {
    const { exports } = this;
    if (what === 'ticks') {
      exports.clearTicks();
      return;
    }
    exports.clearPartials();
    exports.clearSessions();
    if (!this.lacksRoom) return;
    this.lacksRoom = false;
    exports.clearSeries();
    this.notes?.forgetLabels();
    this.forget();
  }
}

function open(
  plan: MeasurePlan,
  room: AggregationPlan,
  longestLine: number,
  exports: ScannerExports,
  bytes: Buffer,
): { places: Places; noted: readonly number[] } {
  exports.openAggregation(
    room.tables,
    room.sets,
    room.series,
    longestLine,
    room.labelBytes,
    room.sampleBytes,
    room.loggedTicks,
    room.sessionSlots,
    room.pairs,
    BigInt(plan.seed),
    randomBytes(8).readBigUInt64LE(),
  );
  const { tables: addresses, noted } = writeProgram(plan, exports, bytes);
  const wanted = exports.wantedKinds() >>> 0;
  for (const kind of plan.wanted) bytes[wanted + kind] = 1;
  const tables = plan.tables.map(({ labels, histogram }, k) => {
    const address = addresses[k]!;
    return {
      address,
      series: exports.seriesOf(address) >>> 0,
      stride: exports.strideOf(address),
      dictionary: exports.dictionaryOfTable(address) >>> 0,
      width: labels.length,
      isHistogram: histogram !== undefined,
      buckets: histogram === undefined ? 0 : histogram.bounds.length + 1,
    };
  });
  return { places: { tables, sessionMarks: exports.sessionMarks() >>> 0 }, noted };
}
