import { hashText } from '../text/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readName, type StoredName, writeName } from './metrics-section.ts';
import { RECENT } from './run-state.ts';
import { seriesBytes } from './series-codec.ts';
import { readSessions, writeCounted } from './sessions-section.ts';
import { type Sections, sectionOf } from './state-parts.ts';

/**
 * How a state is cut: into shares, each of which reports by itself what is in it, and each share into pieces, which are
 * of no meaning but that they are smaller.
 */
export interface Cut {
  readonly shares: number;
  readonly pieces: number;
}

/**
 * Cuts a state into parts, each a state: part `share + shares * piece`. Merged in any order they are the whole, and which
 * part a series is in depends on nothing but its metric, its labels and the cut; its share, not on the number of pieces.
 * So the same shares of several states meet, and what they report together is what the whole reports:
 *
 * - series go by a hash of metric and labels, where nothing but the series itself decides what is reported of it;
 * - a metric of which something is known together (whether its gauges are set or moved, or all whole) goes as one;
 * - what is one figure of everything, the open sessions and the ledger, is in share 0;
 * - the clock is in every part.
 *
 * @throws {DamagedBytes} for what is no state
 */
export function splitState(sections: Sections, cut: Cut): Sections[] {
  if (!isNothing(sections.get('ticks'))) throw new RangeError('a state that holds ticks is not split');
  const metrics = splitMetrics(sectionOf(sections, 'metrics'), cut);
  const recent = sections.has(RECENT) ? splitRecent(sectionOf(sections, RECENT), cut) : undefined;
  const sessions = splitSessions(sectionOf(sections, 'sessions'), cut);
  const nothing = endOfList();
  return metrics.map(
    (series, part) =>
      new Map<string, Uint8Array>([
        ...(recent === undefined ? [] : [[RECENT, recent[part]!] as const]),
        ['ledger', part === 0 ? sections.get('ledger')! : Buffer.from('{}')],
        ['clock', sections.get('clock')!],
        ['sessions', (part % cut.shares === 0 ? sessions[part / cut.shares] : undefined) ?? nothing],
        ['metrics', series],
        ['ticks', nothing],
      ]),
  );
}

/** Whether there are neither series nor sessions in it. */
export function isEmptyPart(sections: Sections): boolean {
  return isNothing(sections.get('metrics')) && isNothing(sections.get('sessions'));
}

/** What came since the last report, and when that was. */
function splitRecent(from: ByteReader, cut: Cut): Buffer[] {
  const reported = new ByteWriter();
  reported.double(from.double());
  return splitMetrics(from, cut).map((series) => Buffer.concat([reported.written, series]));
}

function splitMetrics(from: ByteReader, { shares, pieces }: Cut): Buffer[] {
  const parts = Array.from({ length: shares * pieces }, () => new MetricsWriter());
  while (from.flag()) {
    const name = readName(from);
    const together = from.doubles();
    const parted = together.length > 0 ? parts[partOf([name.name], shares, pieces)] : undefined;
    parted?.begin(name, together);
    for (let left = from.whole(); left > 0; left--) {
      const labels = Array.from({ length: name.labels }, () => from.text());
      const to = parted ?? parts[partOf([name.name, ...labels], shares, pieces)]!;
      to.begin(name, together);
      for (const label of labels) to.series.push(label);
      to.states.push(seriesBytes(from));
    }
    for (const part of parts) part.end();
  }
  return parts.map((part) => part.finish());
}

/** A metric is written once all of its series are known, as their number stands before them. */
class MetricsWriter {
  private readonly to = new ByteWriter();
  private name: StoredName | undefined;
  private together: ArrayLike<number> = [];
  /** Labels of all series, one after the other. */
  readonly series: string[] = [];
  /** Of each, what it knows, as it is written. */
  readonly states: Buffer[] = [];

  begin(name: StoredName, together: ArrayLike<number>): void {
    this.name = name;
    this.together = together;
  }

  end(): void {
    const { to, name, states, series } = this;
    if (name === undefined) return;
    to.flag(true);
    writeName(to, name);
    to.doubles(this.together);
    to.whole(states.length);
    let label = 0;
    for (const state of states) {
      for (const end = label + name.labels; label < end; label++) to.text(series[label]!);
      to.raw(state);
    }
    states.length = 0;
    series.length = 0;
    this.name = undefined;
  }

  finish(): Buffer {
    this.to.flag(false);
    return this.to.written;
  }
}

/** By piece: ids go by their hash. */
function splitSessions(from: ByteReader, { pieces }: Cut): Buffer[] {
  const parts = Array.from({ length: pieces }, () => new ByteWriter());
  for (const { name, state } of readSessions(from)) {
    const { seen, now, low, high, net, since, isOld } = state;
    if (!seen && low.length === 0) continue;
    parts.forEach((to, piece) => {
      const isHere = (_: number, k: number): boolean => low[k]! % pieces === piece;
      writeCounted(to, name, {
        ...{ seen, now, low: low.filter(isHere), high: high.filter(isHere), net: net.filter(isHere) },
        ...{ since: since.filter(isHere), isOld: isOld.filter(isHere) },
      });
    });
  }
  return parts.map((to) => {
    to.flag(false);
    return to.written;
  });
}

const words = new Uint32Array(2);

/** The share of the lower half of the hash, the piece of the upper one: the one says nothing of the other. */
function partOf(texts: readonly string[], shares: number, pieces: number): number {
  hashText(Buffer.from(texts.join('\0'), 'utf16le'), words, 0);
  return (words[0]! % shares) + shares * (words[1]! % pieces);
}

function endOfList(): Buffer {
  const to = new ByteWriter();
  to.flag(false);
  return to.written;
}

/** Whether a list has nothing but its end. */
function isNothing(section: Uint8Array | undefined): boolean {
  return section === undefined || !new ByteReader(section).flag();
}
