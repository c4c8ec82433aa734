import { UNKNOWN } from './session-table.ts';

/** One session as all its records tell it. The object is used again for the next one. */
export interface SessionView {
  row: number;
  /** Which session of its id it is, from 0. */
  which: number;
  client: number;
  target: number;
  /** Milliseconds since the epoch. Where it is missing: what its end's duration tells, or when it was first heard of. */
  start: number;
  /** Milliseconds since the epoch; NaN where it is missing. */
  end: number;
  /** The duration that it reports, else end less start; of one that has not ended, until the newest record. */
  seconds: number;
  startMissing: boolean;
  /** Whether `start` is what the end's duration tells. */
  startDeduced: boolean;
  endMissing: boolean;
  /** Head of its chain in `ports`. */
  ports: number;
}

const ROWS = 2 ** 32;
/** 0000-01-01, before which no time can be written. */
const EARLIEST = -62_167_219_200_000;

/** One to be filled. Its times are doubles from the beginning: else each that is written later is an object of its own. */
export function blankView(): SessionView {
  return {
    row: 0,
    which: 0,
    client: UNKNOWN,
    target: UNKNOWN,
    start: Number.NaN,
    end: Number.NaN,
    seconds: Number.NaN,
    startMissing: true,
    startDeduced: false,
    endMissing: true,
    ports: UNKNOWN,
  };
}

/** A number for each session. */
export function keyOf({ row, which }: SessionView): number {
  return which * ROWS + row;
}

export function rowOfKey(key: number): number {
  // nearly all are the first of their id, and a remainder of doubles takes a call
  return key < ROWS ? key : key % ROWS;
}

/**
 * Has a view, which has what records tell of its times (NaN where none does), tell what is known of its session. No time
 * is handed over: where calls are not inlined each would be an object.
 * @param rows tells when a row was heard of, where nothing tells of its start
 * @param now until which open ones last
 */
export function settle(view: SessionView, rows: { heard(row: number): number }, now: number): void {
  view.startMissing = Number.isNaN(view.start);
  view.startDeduced = false;
  view.endMissing = Number.isNaN(view.end);
  if (view.startMissing) setUntoldStart(view, rows);
  if (!lasts(view.seconds)) view.seconds = secondsBetween(view.start, view.endMissing ? now : view.end);
}

function setUntoldStart(view: SessionView, rows: { heard(row: number): number }): void {
  const deduced = deducedStart(view.end, view.seconds);
  view.startDeduced = !Number.isNaN(deduced);
  const heard = view.startDeduced ? deduced : rows.heard(view.row);
  view.start = Number.isNaN(heard) ? view.end : heard;
}

/**
 * Between two times in milliseconds, to the microsecond: behind it is what doubles make of a time. None is less than
 * nothing.
 */
function secondsBetween(start: number, end: number): number {
  return Math.max(0, Math.round((end - start) * 1000)) / 1e6;
}

/** When a session began by what its end says of its duration; NaN if that is nothing. */
export function deducedStart(end: number, seconds: number): number {
  const start = end - seconds * 1000;
  return lasts(seconds) && start >= EARLIEST ? start : Number.NaN;
}

/** No session lasts for less than nothing, or for ever. */
function lasts(seconds: number): boolean {
  return Number.isFinite(seconds) && seconds >= 0;
}
