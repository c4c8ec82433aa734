import type {
  KindRule,
  MeasurePlan,
  PlannedHistogram,
  PlannedLabel,
  PlannedTable,
} from '../../../batch/measure-plan.ts';
import { encodeWtf8 } from '../../../text/wtf8.ts';
import type { ScannerExports } from '../abi.ts';
import { labelSetsOf, nameOfSet } from './aggregation-plan.ts';

/** Not in any text: what ends a name or a value where series are hashed. */
const END = Buffer.from([0xff]);
const NONE = 0xffffffff;

/** Tells a new scanner how kinds are told. */
export function writeKindRule(rule: KindRule, exports: ScannerExports, memory: Buffer): void {
  const inbox = exports.inboxStart() >>> 0;
  for (const [text, kind] of rule.kinds) {
    const bytes = encodeWtf8(text);
    memory.set(bytes, inbox);
    exports.addKindText(inbox, bytes.length, kind);
  }
  exports.tellKindsBy(rule.field.index, rule.ordinary, (1 << rule.family.index) >>> 0, rule.familyKind);
}

/** How many values of a sample stay for their orders; the newest one stands apart. */
export function pairsKept({ size, admission }: PlannedHistogram): number {
  return admission === 'newest' ? size - 1 : size;
}

/** Writes a plan into a new scanner. Gives the places of the tables, and of the label sets of notes. */
export function writeProgram(
  plan: MeasurePlan,
  exports: ScannerExports,
  memory: Buffer,
): { tables: number[]; noted: number[] } {
  const writer = new ProgramWriter(exports, memory);
  const sets = new Map(labelSetsOf(plan).map((labels) => [nameOfSet(labels), writer.labelSet(labels)]));
  const tables = plan.tables.map((table) => writer.table(table, sets.get(nameOfSet(table.labels))!));
  for (const { kinds, table, value, least } of plan.measurements) {
    for (const kind of kinds) {
      if (value === undefined) exports.addCount(kind, tables[table]!);
      else exports.addValue(kind, tables[table]!, value.index, least);
    }
  }
  for (const { kind, by, id } of plan.sessions) exports.addSession(kind, by, id.index);
  const { notes } = plan;
  const noted = notes === undefined ? [] : [notes.clients, notes.targets, notes.ports];
  return {
    tables,
    noted: noted.map(({ fields }) => writer.labelSet(fields.map((field) => ({ name: field.name, field })))),
  };
}

class ProgramWriter {
  private readonly exports: ScannerExports;
  private readonly memory: Buffer;
  private readonly inbox: number;

  constructor(exports: ScannerExports, memory: Buffer) {
    this.exports = exports;
    this.memory = memory;
    this.inbox = exports.inboxStart() >>> 0;
  }

  labelSet(labels: readonly PlannedLabel[]): number {
    const set = this.exports.newLabelSet(labels.length) >>> 0;
    labels.forEach(({ field, otherwise, collapse }, k) => {
      const bytes = this.send(collapse === undefined ? [] : [encodeWtf8(`${collapse}*`)]);
      const { field: other, segment } = otherwise ?? { field: undefined, segment: 0 };
      this.exports.describeLabel(set, k, field.index, other?.index ?? NONE, segment, this.inbox, bytes);
    });
    return set;
  }

  table({ metric, labels, histogram }: PlannedTable, set: number): number {
    const table =
      (histogram === undefined ? this.exports.newCounters(set) : this.histograms(histogram, set)) >>> 0;
    labels.forEach(({ name }, k) => {
      const before = k === 0 ? encodeWtf8(metric) : Buffer.alloc(0);
      this.exports.addBetween(table, k, this.inbox, this.send([before, END, encodeWtf8(name), END]));
    });
    const last = labels.length === 0 ? [encodeWtf8(metric), END] : [END];
    this.exports.addBetween(table, labels.length, this.inbox, this.send(last));
    return table;
  }

  private histograms(histogram: PlannedHistogram, set: number): number {
    const { bounds, isTimer, alpha, admission } = histogram;
    const table = this.exports.newHistograms(
      set,
      isTimer ? 1 : 0,
      bounds.length,
      pairsKept(histogram),
      admission === 'newest' ? 1 : 0,
      alpha / 1000,
    );
    const place = this.exports.boundsOf(table) >>> 0;
    bounds.forEach((bound, k) => {
      this.memory.writeDoubleLE(bound, place + 8 * k);
    });
    return table;
  }

  /** Puts texts where the scanner looks for them; gives their length. */
  private send(texts: readonly Uint8Array[]): number {
    const bytes = Buffer.concat(texts);
    this.memory.set(bytes, this.inbox);
    return bytes.length;
  }
}
