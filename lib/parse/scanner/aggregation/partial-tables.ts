import type { PlannedNotes } from '../../../batch/measure-plan.ts';
import { spanTexts } from '../span-texts.ts';
import type { TakenNotes } from './engine-notes.ts';
import { NotedLabels } from './noted-labels.ts';
import type { GatheredSessions, OwnSessions } from './own-sessions.ts';

/** Where a table is in an engine's memory. */
export interface TablePlace {
  readonly address: number;
  readonly series: number;
  readonly stride: number;
  readonly dictionary: number;
  readonly width: number;
  readonly isHistogram: boolean;
  readonly buckets: number;
}

/** Where an engine has its tables, and the marks of sessions that may be open elsewhere. */
export interface Places {
  readonly tables: readonly TablePlace[];
  readonly sessionMarks: number;
}

/** Marks of hashes of sessions, a bit for each value of their lowest bits. */
export const MARK_BITS = 18;
export const SESSION_MARK_BYTES = 2 ** MARK_BITS / 8;

/** What there is to read now. */
export interface PartialsState {
  /** By table, ids of its labels, 0 included. */
  readonly ids: readonly number[];
  /** Entries of the log of ticks, and where it is. */
  readonly loggedTicks: number;
  readonly tickLog: number;
  readonly spiltSize: number;
  readonly spiltValues: number;
  readonly sessionsSeen: boolean;
  /** What is known of ids of sessions; undefined where PartialTables.ownSessions can be asked. */
  readonly gathered: GatheredSessions | undefined;
  /** What is left of the notes of sessions; undefined if that is nothing. */
  readonly notes: TakenNotes | undefined;
}

/** The texts of dictionaries: whichever instance of the scanner shares their memory can tell them. */
export interface Texts {
  textOf(dictionary: number, id: number): number;
  textLength(dictionary: number, id: number): number;
}

const FIRST_KNOWN = 256;

/** What one engine has measured since it was taken last, as whoever takes it reads it. */
export abstract class PartialTables {
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  readonly signed: Int32Array;
  readonly given: Places;
  /** Knows the labels of notes, if there are any. */
  readonly labels: NotedLabels | undefined;
  /** What it knows of sessions, if the engine is of this thread. */
  readonly ownSessions: OwnSessions | undefined;
  private readonly texts: Texts;
  /** By table, by id of the labels the index of the series for whoever takes the partials; -1 = not known yet. */
  private readonly known: Int32Array[];

  constructor(
    bytes: Buffer,
    given: Places,
    texts: Texts,
    notes: PlannedNotes | undefined,
    ownSessions: OwnSessions | undefined,
  ) {
    this.bytes = bytes;
    this.ownSessions = ownSessions;
    this.labels = notes && new NotedLabels(notes);
    this.given = given;
    this.texts = texts;
    this.words = new Uint32Array(bytes.buffer);
    this.signed = new Int32Array(bytes.buffer);
    this.doubles = new Float64Array(bytes.buffer);
    this.known = given.tables.map(() => new Int32Array(FIRST_KNOWN).fill(-1));
  }

  get places(): readonly TablePlace[] {
    return this.given.tables;
  }

  /** Brings the samples to their sizes, and tells what there is; undefined if that is not to be read now. */
  abstract settle(what: 'all' | 'ticks'): PartialsState | undefined;
  /** What there was has been taken. */
  abstract begin(what: 'all' | 'ticks'): void;

  /** For so many ids. */
  knownOf(table: number, ids: number): Int32Array {
    const known = this.known[table]!;
    if (ids <= known.length) return known;
    const more = new Int32Array(2 * ids).fill(-1);
    more.set(known);
    this.known[table] = more;
    return more;
  }

  /** Ids mean other labels from now on. */
  protected forget(): void {
    for (const known of this.known) known.fill(-1);
  }

  /** The values of the labels of an id. */
  labelsOf({ dictionary, width }: TablePlace, id: number): string[] {
    const { texts, bytes } = this;
    const start = texts.textOf(dictionary, id) >>> 0;
    return spanTexts(bytes, start, start + texts.textLength(dictionary, id), width);
  }

  /** Values that fit no exact sum, by the address of their series; undefined if there are none. */
  spilt({ spiltSize, spiltValues }: PartialsState): Map<number, number[]> | undefined {
    if (spiltSize === 0) return undefined;
    const bySeries = new Map<number, number[]>();
    for (let k = 0; k < spiltSize; k++) {
      const at = spiltValues + 16 * k;
      const series = this.words[at >>> 2]!;
      const value = this.doubles[(at >>> 3) + 1]!;
      const known = bySeries.get(series);
      if (known === undefined) bySeries.set(series, [value]);
      else known.push(value);
    }
    return bySeries;
  }
}

/** An engine whose partials are taken, and what it has. */
export interface Taken {
  readonly tables: PartialTables;
  readonly state: PartialsState;
}
