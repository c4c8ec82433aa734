import t from 'tap';
import type { Batch } from '../../../lib/batch/batch.ts';
import { Wants } from '../../../lib/batch/wants.ts';
import { MirrormonError } from '../../../lib/errors.ts';
import { openScanner, type Scanner } from '../../../lib/parse/scanner/index.ts';

const wants = new Wants();
const message = wants.field('message', [['message']]);
const user = wants.field('user', [['user']]);
const labels = wants.labels([message, user]);
const limits = { maxRecordBytes: 1 << 16, maxDepth: 1000 };
const input = { name: 'test', framing: '' };

function open(more: Partial<Parameters<typeof openScanner>[0]['limits']> = {}): Scanner {
  return openScanner({ wants, limits: { ...limits, ...more } })!;
}

const push = (parser: ReturnType<Scanner['parser']>, text: string): Batch[] => [
  ...(parser.push(Buffer.from(text)) as Iterable<Batch>),
];

const record = (k: number): string => `{"message":"m${k % 7}","user":"u${k}"}\n`;

const records = (from: number, to: number): string => {
  let text = '';
  for (let k = from; k < to; k++) text += record(k);
  return text;
};

t.test('a record is given by the push that brings its line end', async (t) => {
  const parser = open().parser(input, 'ndjson');
  for (const c of record(1).slice(0, -1)) t.same(push(parser, c), []);
  const [batch, ...rest] = push(parser, '\n');
  t.same([batch!.rows, batch!.column(user).text(0), rest.length], [1, 'u1', 0]);
  batch!.release();
  t.same(
    push(parser, record(2)).map((each) => each.rows),
    [1],
  );
});

t.test('a batch holds at most 4096 records, rejected ones counted', async (t) => {
  const parser = open().parser(input, 'ndjson');
  const batches = push(parser, 'x\n{}\n'.repeat(5000));
  t.ok(batches.every(({ rows, rejected }) => rows + rejected.length <= 4096));
  t.equal(
    batches.reduce((sum, { rows }) => sum + rows, 0),
    5000,
  );
  t.equal(
    batches.reduce((sum, { rejected }) => sum + rejected.length, 0),
    5000,
  );
  t.equal(
    batches.reduce((sum, { consumed }) => sum + consumed, 0),
    25000,
  );
});

t.test('batches are given lazily', async (t) => {
  const scanner = open();
  const batches = scanner
    .parser(input, 'ndjson')
    .push(Buffer.from('{}\n'.repeat(100_000))) as Iterable<Batch>;
  const bytes = new Set<number>();
  for (const batch of batches) {
    bytes.add(batch.bytes.byteOffset);
    batch.release();
  }
  t.equal(bytes.size, 1, 'a batch that was released gives its memory to the next one');
});

t.test('a batch keeps its memory until everyone has released it, however many are alive', async (t) => {
  const parser = open().parser(input, 'ndjson');
  const alive: Batch[] = [];
  for (let k = 0; k < 100; k++) {
    const [batch] = push(parser, records(k * 10, k * 10 + 10));
    alive.push(batch!);
    batch!.retain();
    batch!.release();
  }
  for (const [k, batch] of alive.entries()) {
    t.equal(batch.column(user).text(9), `u${k * 10 + 9}`);
    const { tuples, id } = { tuples: batch.labels(labels).tuples, id: batch.labels(labels).id(0) };
    t.same(tuples.values(id), [`m${(k * 10) % 7}`, `u${k * 10}`]);
    batch.release();
  }
});

t.test('releasing too often is a bug that is told', async (t) => {
  const [batch] = push(open().parser(input, 'ndjson'), record(1));
  batch!.release();
  t.throws(() => batch!.release(), { constructor: MirrormonError, code: 'PIPELINE_BROKEN' });
});

t.test('ids keep their meaning when dictionaries are renewed', async (t) => {
  for (const small of [{ symbols: 5 }, { tuples: 5 }, { heapBytes: 300 }]) {
    const parser = open(small).parser(input, 'ndjson');
    const seen: { batch: Batch; ids: number[] }[] = [];
    for (let k = 0; k < 12; k++) {
      const [batch] = push(parser, records(k * 20, k * 20 + 20));
      // half of them now, the rest when the batch's dictionaries are long out of use
      const ids = [...Array(10).keys()].map((row) => {
        batch!.labels(labels).id(row);
        return batch!.column(user).id(row);
      });
      seen.push({ batch: batch!, ids });
    }
    t.ok(new Set(seen.map(({ batch }) => batch.symbols)).size > 1, 'they were renewed');
    for (const [k, { batch, ids }] of seen.entries()) {
      for (let row = 0; row < 20; row++) {
        const id = batch.column(user).id(row);
        if (row < 10) t.equal(id, ids[row]);
        t.equal(batch.symbols.text(id), `u${k * 20 + row}`);
        const { tuples } = batch.labels(labels);
        t.same(tuples.values(batch.labels(labels).id(row)), [`m${(k * 20 + row) % 7}`, `u${k * 20 + row}`]);
      }
      batch.release();
    }
    t.same(seen[0]!.batch.labels(labels).tuples.values(1), [], 'texts go with the last batch that has them');
  }
});

t.test('only what is asked for by id enters the dictionary', async (t) => {
  const parser = open().parser(input, 'ndjson');
  for (let k = 0; k < 40; k++) {
    for (const batch of push(parser, records(k * 1000, k * 1000 + 1000))) {
      for (let row = 0; row < batch.rows; row++) {
        batch.column(message).id(row);
        batch.column(user).text(row);
        if (row % 100 === 0) batch.labels(labels).id(row);
      }
      t.equal(batch.symbols.size, 8, 'seven messages, and 0');
      t.ok(batch.labels(labels).tuples.size <= 1 + (k + 1) * 10);
      batch.release();
    }
  }
});

t.test('ids do not depend on the seed of the hashes', async (t) => {
  const text = records(0, 3000);
  const ids = [open(), open()].map((scanner) => {
    const found: number[] = [];
    for (const batch of push(scanner.parser(input, 'ndjson'), text)) {
      for (let row = 0; row < batch.rows; row++)
        found.push(batch.column(user).id(row), batch.labels(labels).id(row));
      batch.release();
    }
    return found;
  });
  t.same(ids[0], ids[1]);
});

t.test('a line that is too long is not kept, whatever the pieces it comes in', async (t) => {
  const long = 'y'.repeat(3_000_000);
  for (const size of [999, 65_536, 10_000_000]) {
    const parser = open().parser(input, 'ndjson');
    const bytes = `{}\n${long}\r\n{"user":"z"}\n${long}`;
    const rejected: unknown[] = [];
    const users: (string | undefined)[] = [];
    const take = (batches: Iterable<Batch>): void => {
      for (const batch of batches) {
        for (const { offset, length, reason, bytes: kept } of batch.rejected) {
          rejected.push([offset, length, reason, kept.length]);
        }
        for (let row = 0; row < batch.rows; row++) users.push(batch.column(user).text(row));
        batch.release();
      }
    };
    for (let at = 0; at < bytes.length; at += size) take(push(parser, bytes.slice(at, at + size)));
    take(parser.end() as Iterable<Batch>);
    t.same(users, [undefined, 'z']);
    t.same(rejected, [
      [3, 3_000_000, 'too-long', 1024],
      [3_000_018, 3_000_000, 'too-long', 1024],
    ]);
  }
});

t.test('inputs follow one another with common dictionaries', async (t) => {
  const scanner = open();
  const tables = ['a', 'b'].map((name) => {
    const [batch] = push(scanner.parser({ name, framing: '' }, 'ndjson'), record(1));
    t.equal(batch!.input.name, name);
    t.equal(batch!.base, 0);
    batch!.release();
    return batch!.symbols;
  });
  t.equal(tables[0], tables[1]);
});

t.test('what the scanner was not made for is left to the reference', async (t) => {
  t.equal(openScanner({ wants, limits: { ...limits, maxRecordBytes: 2 ** 28 } }), undefined);
  const many = new Wants();
  for (let k = 0; k < 33; k++) many.keysBeginning([[]], [`${k}.`]);
  t.equal(openScanner({ wants: many, limits }), undefined);
});

t.test('where reading is stopped, a last line that may go on was not read', async (t) => {
  const rows = (text: string, cut: boolean): [rows: number, rejected: number, consumed: number] => {
    const parser = open().parser(input, 'ndjson');
    const batches = [...push(parser, text), ...(parser.end(cut) as Iterable<Batch>)];
    const sum = (of: (batch: Batch) => number): number => batches.reduce((all, each) => all + of(each), 0);
    return [sum((each) => each.rows), sum((each) => each.rejected.length), sum((each) => each.consumed)];
  };
  const [one, two] = [record(1), record(2)];
  const all = one + two;
  for (let at = 0; at <= all.length; at++) {
    const text = all.slice(0, at);
    const isWhole = text.endsWith('}') || text.endsWith('\n');
    const before = at < one.length ? 0 : 1;
    const expected = isWhole ? rows(text, false) : [before, 0, before * one.length];
    t.same(rows(text, true), expected, `at ${at}`);
  }
  const long = `${one}{"a":"${'x'.repeat(1 << 17)}`;
  t.same(rows(long, true), [1, 0, one.length], 'nor was one that is too long already');
});
