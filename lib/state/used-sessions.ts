import { actions } from '../usage/port-uses.ts';
import { clientFields, Sessions, targetFields } from '../usage/session-store.ts';
import { UNKNOWN } from '../usage/session-table.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { TimeReader, TimeWriter } from './time-codec.ts';

/** What of a row is there, as bits. */
const START = 1;
const END = 2;
const SECONDS = 4;
/** It was first heard of by its start. */
const BEGAN = 8;
const NAMED = 16;
const RANK_SHIFT = 5;
/** Its end is another's. */
const END_APART = 128;

/** All sessions, row by row: some 25 bytes each before they are compressed, beside their ids and ports. */
export function writeUsedSessions(to: ByteWriter, sessions: Sessions): void {
  const { clients, targets, ports, table, repeated } = sessions;
  for (const names of [clients, targets, ports.names]) {
    to.whole(names.length);
    for (let id = 0; id < names.length; id++) for (const text of names.texts(id)) to.text(text);
  }
  to.whole(repeated.dropped);
  to.whole(ports.dropped);
  to.whole(table.length);
  const times = new TimeWriter(to);
  const durations = new TimeWriter(to);
  for (let row = 0; row < table.length; row++) {
    writeRow(to, sessions, row, times, durations);
    ports.eachOfId(table.firstUse(row), (name, action, first, last) => {
      to.flag(true);
      to.whole(name * actions.length + actions.indexOf(action));
      times.write(first);
      times.write(last);
    });
    to.flag(false);
    for (const { isStart, time, seconds, client, target } of repeated.of(row) ?? []) {
      to.flag(true);
      to.flag(isStart);
      times.write(time);
      if (!isStart) to.double(seconds);
      writeId(to, client);
      writeId(to, target);
    }
    to.flag(false);
  }
}

function writeRow(
  to: ByteWriter,
  { table }: Sessions,
  row: number,
  times: TimeWriter,
  durations: TimeWriter,
): void {
  const id = Buffer.from(table.id(row));
  const [start, end, seconds, heard] = [
    table.start[row]!,
    table.end[row]!,
    table.seconds[row]!,
    table.heard(row),
  ];
  const [client, target] = [table.client[row]!, table.target[row]!];
  const [endClient, endTarget] = [table.clientOfEnd(row), table.targetOfEnd(row)];
  const isApart = endClient !== client || endTarget !== target;
  const has = (value: number, bit: number): number => (Number.isNaN(value) ? 0 : bit);
  to.whole(
    has(start, START) |
      has(end, END) |
      has(seconds, SECONDS) |
      (heard === start ? BEGAN : 0) |
      (id.length > 0 ? NAMED : 0) |
      (table.rank[row]! << RANK_SHIFT) |
      (isApart ? END_APART : 0),
  );
  if (id.length > 0) {
    to.whole(id.length);
    to.raw(id);
  }
  if (!Number.isNaN(start)) times.write(start);
  if (heard !== start) times.write(heard);
  if (!Number.isNaN(end)) times.write(end);
  if (!Number.isNaN(seconds)) durations.write(seconds);
  for (const id of isApart ? [client, target, endClient, endTarget] : [client, target]) writeId(to, id);
}

/** @throws {DamagedBytes} */
export function readUsedSessions(from: ByteReader): Sessions {
  const sessions = new Sessions();
  const { table, ports } = sessions;
  const clients = readTexts(from, clientFields.length, sessions.clients);
  const targets = readTexts(from, targetFields.length, sessions.targets);
  const names = readTexts(from, 2, ports.names);
  sessions.repeated.dropped = from.whole();
  ports.dropped = from.whole();
  const rows = from.whole();
  const times = new TimeReader(from);
  const durations = new TimeReader(from);
  const id = (of: readonly number[]): number => idOf(of, from.whole());
  for (let k = 0; k < rows; k++) {
    const bits = from.whole();
    const row = (bits & NAMED) === 0 ? table.addNameless() : table.rowOfId(from.raw(from.whole()).toString());
    const read = (bit: number, reader: TimeReader): number =>
      (bits & bit) === 0 ? Number.NaN : reader.read();
    table.rank[row] = (bits & (END_APART - 1)) >> RANK_SHIFT;
    table.start[row] = read(START, times);
    const heard = (bits & BEGAN) === 0 ? times.read() : table.start[row]!;
    table.end[row] = read(END, times);
    table.hear(row, heard);
    table.seconds[row] = read(SECONDS, durations);
    table.client[row] = id(clients);
    table.target[row] = id(targets);
    if ((bits & END_APART) !== 0) table.tellEnd(row, id(clients), id(targets));
    while (from.flag()) {
      const what = from.whole();
      const name = names[Math.floor(what / actions.length)];
      if (name === undefined) throw new DamagedBytes('it names a port that it does not have');
      ports.add(table, row, what % actions.length, name, times.read(), times.read());
    }
    while (from.flag()) {
      const isStart = from.flag();
      const time = times.read();
      const seconds = isStart ? Number.NaN : from.double();
      const [client, target] = [id(clients), id(targets)];
      if (isStart) sessions.began(row, time, client, target);
      else sessions.ended(row, time, seconds, client, target);
    }
  }
  return sessions;
}

/** The ids of texts, by their places in the state. */
function readTexts(from: ByteReader, width: number, to: Sessions['clients']): number[] {
  const ids: number[] = [];
  for (let left = from.whole(); left > 0; left--) {
    ids.push(to.intern(Array.from({ length: width }, () => from.text())));
  }
  return ids;
}

/** @param id of a client or a target, or UNKNOWN */
export function writeId(to: ByteWriter, id: number): void {
  to.whole(id === UNKNOWN ? 0 : id + 1);
}

function idOf(ids: readonly number[], written: number): number {
  if (written === 0) return UNKNOWN;
  const id = ids[written - 1];
  if (id === undefined) throw new DamagedBytes('it names a text that it does not have');
  return id;
}
