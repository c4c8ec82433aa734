import t from 'tap';
import {
  bytesOfNotes,
  NOTE_BYTES,
  type NoteCounts,
  ranks,
  SessionNotes,
  USE_BYTES,
} from '../../lib/batch/session-notes.ts';
import { Tuples } from '../../lib/batch/symbols.ts';
import { HashIndex } from '../../lib/usage/hash-index.ts';
import { NotedRows } from '../../lib/usage/noted-rows.ts';
import { NotedSessions } from '../../lib/usage/noted-sessions.ts';
import { Sessions } from '../../lib/usage/session-store.ts';

const SESSIONS = 5000;
const NOTES = 9000;
const TEXT = 8;

/** A table of so many labels of some texts each. */
function labelsOf(count: number, width: number, name: string): Tuples {
  const tuples = new Tuples();
  for (let k = 1; k < count; k++) tuples.intern(`${k}`, () => new Array<string>(width).fill(`${name}${k}`));
  return tuples;
}

const labels = {
  clients: labelsOf(60, 5, 'client'),
  targets: labelsOf(40, 4, 'target'),
  ports: labelsOf(5, 2, 'port'),
};

/** Notes of ids that come once or several times, from the `from`-th to before another one of all. */
function notesOf(from: number, to: number): SessionNotes {
  const length = to - from;
  const counts: NoteCounts = { notes: length, uses: length, copies: 0, textBytes: TEXT * length };
  const bytes = new ArrayBuffer(bytesOfNotes(counts));
  const words = new Uint32Array(bytes);
  const doubles = new Float64Array(bytes);
  const texts = Buffer.from(bytes, length * (NOTE_BYTES + USE_BYTES));
  for (let k = 0; k < length; k++) {
    const note = from + k;
    // some have no id, some words of hashes are alike
    const id = note % 97 === 0 ? 0 : 1 + ((note * 7919) % SESSIONS);
    const word = (k * NOTE_BYTES) / 4;
    const double = word / 2;
    words[word] = id === 0 ? 0 : Math.imul(id >>> 2, 0x9e37_79b1) >>> 0;
    words[word + 1] = id;
    doubles[double + 1] = note % 5 === 0 ? Number.NaN : 1000 * note;
    doubles[double + 2] = note % 3 === 0 ? Number.NaN : 1000 * note + 500;
    doubles[double + 3] = note % 3 === 0 ? Number.NaN : 0.5;
    // some start as another's than they end, where they start
    words[word + 8] = (note % 11 === 0 && note % 5 !== 0 ? note + 1 : note) % 60;
    words[word + 9] = (note % 13 === 0 && note % 5 !== 0 ? note + 1 : note) % 40;
    words[word + 10] = note % 60;
    words[word + 11] = note % 40;
    words[word + 12] = note % 4 === 0 ? k + 1 : 0;
    words[word + 13] = TEXT * k;
    words[word + 14] = id === 0 ? 0 : TEXT;
    words[word + 15] = note % 5 !== 0 ? ranks.start : note % 3 !== 0 ? ranks.end : ranks.between;
    texts.write(id === 0 ? '' : `id-${id}`.padEnd(TEXT), TEXT * k);
    const use = (length * NOTE_BYTES + k * USE_BYTES) / 4;
    words.set([1 + (note % 4), note % 3, 0], use);
    doubles.fill(1000 * note - (note % 8), use / 2 + 2, use / 2 + 4);
  }
  return new SessionNotes(bytes, counts, labels, { levels: [], oldest: 0 });
}

function told(sessions: Sessions): unknown[] {
  const { table, clients, targets, ports, repeated } = sessions;
  return Array.from({ length: table.length }, (_, row) => [
    table.id(row),
    [table.start[row], table.end[row], table.seconds[row], table.heard(row), table.rank[row]],
    [clients.texts(table.client[row]!), targets.texts(table.target[row]!)],
    [clients.texts(table.clientOfEnd(row)), targets.texts(table.targetOfEnd(row))],
    ports.of(table.firstUse(row)),
    repeated.of(row),
  ]);
}

t.test('many notes at once give what each gives by itself', async (t) => {
  const bulk = new Sessions();
  const taking = new NotedSessions(bulk);
  taking.take(notesOf(0, 5000));
  taking.take(notesOf(5000, NOTES));
  const single = new Sessions();
  for (let from = 0; from < NOTES; from += 100) new NotedSessions(single).take(notesOf(from, from + 100));
  const expected = told(single);
  t.ok(expected.length > SESSIONS, 'each nameless one is a session');
  const byStart = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  t.strictSame(told(bulk).sort(byStart), expected.sort(byStart));
  t.equal(bulk.clients.length, single.clients.length);
});

t.test('rows that were there before notes are joined with them, and found behind them', async (t) => {
  const sessions = new Sessions();
  const { table } = sessions;
  const known = table.add(0, 2, 'id-2');
  new NotedSessions(sessions).take(notesOf(0, NOTES));
  t.equal(table.find(0, 2), known);
  t.not(table.start[known], undefined);
  const next = table.add(12_345, 67_890, 'behind');
  t.equal(table.find(12_345, 67_890), next);
  t.equal(table.id(next), 'behind');
});

t.test('an index that lies in the memory of the module finds its rows however it grows', async (t) => {
  const index = new HashIndex();
  const low = (row: number): number => Math.imul(row >>> 3, 0x9e37_79b1) >>> 0;
  for (let row = 0; row < 900; row++) index.add(low(row), row, row);
  index.moveTo(NotedRows.open(new Sessions())!);
  for (let row = 900; row < 40_000; row++) index.add(low(row), row, row);
  const lost: number[] = [];
  for (let row = 0; row < 40_000; row++) if (index.find(low(row), row) !== row) lost.push(row);
  t.same(lost, []);
  t.equal(index.find(low(5), 12_345), -1);
  t.equal(index.highOf(39_999), 39_999);
  index.keep(Uint32Array.from([3, 39_999]));
  t.equal(index.find(low(39_999), 39_999), 1);
  t.equal(index.find(low(4), 4), -1);
});
