import { Copies } from '../usage/copies.ts';
import type { EventsState, KeptSeries } from '../usage/event-sources.ts';
import type { UsageState } from '../usage/index.ts';
import type { LevelsState } from '../usage/log-levels.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { readPastSessions, writePastSessions } from './settled-sessions.ts';
import { readUsedSessions, writeUsedSessions } from './used-sessions.ts';

/** Who used what, when, and what went wrong. */
export function writeUsage(to: ByteWriter, state: UsageState): void {
  to.doubles([state.oldest, state.newest]);
  for (const name of state.inputs) {
    to.flag(true);
    to.text(name);
  }
  to.flag(false);
  writeLevels(to, state.levels);
  writeEvents(to, state.events);
  writeUsedSessions(to, state.sessions);
  const { count, length, client, target, time, scaleDown } = state.copies;
  to.whole(count);
  to.whole(length);
  for (let row = 0; row < length; row++) {
    for (const id of [client[row]!, target[row]!]) to.whole(id);
    to.double(time[row]!);
    to.flag(scaleDown[row] === 1);
  }
  writePastSessions(to, state.sessions.past);
}

/** @throws {DamagedBytes} */
export function readUsage(from: ByteReader): UsageState {
  const [oldest = Number.NaN, newest = Number.NaN] = from.doubles();
  const inputs: string[] = [];
  while (from.flag()) inputs.push(from.text());
  const [levels, events] = [readLevels(from), readEvents(from)];
  const sessions = readUsedSessions(from);
  const copies = new Copies();
  const [count, kept] = [from.whole(), from.whole()];
  for (let k = 0; k < kept; k++) copies.add(from.whole(), from.whole(), from.double(), from.flag());
  copies.count = count;
  readPastSessions(from, sessions);
  if (!(oldest <= newest) && newest !== Number.NEGATIVE_INFINITY)
    throw new DamagedBytes('it has no newest record');
  return { oldest, newest, inputs, levels, events, sessions, copies };
}

function writeLevels(to: ByteWriter, { counts, modules }: LevelsState): void {
  to.wholes(counts);
  for (const [module, { warnings, errors }] of modules) {
    to.flag(true);
    to.text(module);
    to.whole(warnings);
    to.whole(errors);
  }
  to.flag(false);
}

function readLevels(from: ByteReader): LevelsState {
  const counts = from.wholes();
  const modules: [string, { warnings: number; errors: number }][] = [];
  while (from.flag()) modules.push([from.text(), { warnings: from.whole(), errors: from.whole() }]);
  return { counts, modules };
}

function writeEvents(to: ByteWriter, { byType, series }: EventsState): void {
  for (const [type, count] of byType) {
    to.flag(true);
    to.text(type);
    to.whole(count);
  }
  to.flag(false);
  for (const { names, events, time, json } of series) {
    to.flag(true);
    for (const name of names) to.text(name);
    to.whole(events);
    to.double(time);
    to.whole(json.length);
    to.raw(json);
  }
  to.flag(false);
}

function readEvents(from: ByteReader): EventsState {
  const byType = new Map<string, number>();
  while (from.flag()) byType.set(from.text(), from.whole());
  const series: KeptSeries[] = [];
  while (from.flag()) {
    const names = [from.text(), from.text(), from.text(), from.text()];
    const [events, time] = [from.whole(), from.double()];
    // the state's own bytes go when it is merged
    series.push({ names, events, time, json: Buffer.from(from.raw(from.whole())) });
  }
  return { byType, series };
}
