/** Lines that go on: over rotated files, between the streams of several pods, and after a silence. */
import t from 'tap';
import { openLog } from '../../lib/framings/index.ts';
import { collect } from './collect.ts';

const limits = { maxRecordBytes: 1 << 16 };
const time = '2024-04-01T13:37:00Z';
const docker = (log: string, stream = 'stdout'): string => `${JSON.stringify({ log, stream, time })}\n`;

t.test('a line that was cut by a rotation is joined over the files', async (t) => {
  for (const [first, second] of [
    [`${time} stdout P {"a":\n`, `${time} stdout F 1}\n`],
    [docker('{"a":'), docker('1}\n')],
  ]) {
    const begun: Parameters<typeof openLog>[0]['begun'] = [];
    const old = collect(openLog({ limits, begun }), first!);
    t.same([old.records, old.rejected], [[], []], 'nothing is given up at the end of the old one');
    t.equal(begun.length, 1);
    const { records } = collect(openLog({ limits, begun }), `${docker('other\n', 'stderr')}${second}`);
    t.ok(records.some(([, text]) => text === '{"a":1}'));
    t.equal(begun.length, 0);
  }
});

t.test('what no file goes on with is a dead letter at its place', async (t) => {
  const begun: Parameters<typeof openLog>[0]['begun'] = [];
  collect(openLog({ limits, begun }), `${time} stdout F {}\n${time} stdout P {"a":\n`);
  const rest = [...openLog({ limits, begun }).endAll()];
  t.same(
    rest.map(({ origin }) => origin?.offset[0]),
    [time.length + ' stdout F {}\n'.length],
  );
});

t.test('messages of several lines of two pods, in turn', async (t) => {
  const line = (pod: string, log: string): string =>
    `${JSON.stringify({ log: `${log}\n`, stream: 'stdout', kubernetes: { pod_name: pod } })}\n`;
  const log = [
    line('p', `${time}  INFO a::b: first of p`),
    line('q', `${time}  WARN a::b: first of q`),
    line('p', 'and more of p'),
    line('q', 'and more of q'),
    line('p', `${time}  INFO a::b: second of p n=1`),
  ];
  const { records } = collect(openLog({ limits }), log.join(''));
  const read = records.map(([, text]) => JSON.parse(text));
  t.same(read.map(({ kubernetes, fields }) => [kubernetes.pod_name, fields.message]).sort(), [
    ['p', 'first of p\nand more of p'],
    ['p', 'second of p'],
    ['q', 'first of q\nand more of q'],
  ]);
});

t.test('silence completes a record, and what comes behind it is no part of it', async (t) => {
  const framer = openLog({ limits });
  const read = (frames: ReturnType<typeof framer.push>): string[] =>
    [...frames].flatMap(({ bytes, count, offset, length }) =>
      Array.from({ length: count }, (_, k) =>
        Buffer.from(bytes.subarray(offset[k]!, offset[k]! + length[k]!)).toString(),
      ),
    );
  t.same(read(framer.push(Buffer.from(`${time}  INFO a::b: finished n=1\n`))).length, 1, 'at once');
  t.equal(framer.waiting, false);
  t.same(read(framer.push(Buffer.from(`${time}  INFO a::b: may go on\n`))), []);
  t.equal(framer.waiting, true);
  const [settled, ...others] = read(framer.settle());
  t.match(settled, '"message":"may go on"');
  t.same(others, []);
  t.equal(framer.waiting, false);
  t.same(read(framer.push(Buffer.from('too late\n'))), ['too late'], 'for the parser to refuse');
});

t.test('a hole that is longer than a record may be is passed over, however it comes', async (t) => {
  const log = `{"a":1}\n${'\0'.repeat(500_000)}{"b":2}\n{"c":3}\n`;
  for (const size of [1000, 70_000, 1 << 20]) {
    const { records, rejected, consumed } = collect(openLog({ limits }), log, [size]);
    t.same(
      records.map(([, text]) => text),
      ['{"a":1}', '{"b":2}', '{"c":3}'],
    );
    t.same([rejected, consumed], [[], log.length]);
  }
});

t.test('as many text records on a line as there are', async (t) => {
  const all = Array.from({ length: 10_000 }, (_, k) => `${time}  INFO a: x n=${k}`);
  const { records, rejected } = collect(
    openLog({ limits: { maxRecordBytes: 1 << 20 } }),
    `${all.join('\r')}\n`,
  );
  t.same([records.length, rejected], [all.length, []]);
});

t.test(
  'what a prefix has in quotes hides no text record, and what a text record has in braces no object',
  async (t) => {
    const text = `${time}  INFO a::b: Session End session_duration=12`;
    const found = (line: string): unknown => {
      const { records, rejected } = collect(openLog({ limits }), `${line}\n`);
      return [records.map(([, record]) => JSON.parse(record)), rejected];
    };
    for (const data of ['{', '{\\"b', '{}', '{ {']) {
      t.same(found(`<134>1 ${time} host op 1 ID [x@1 a="${data}"] ${text}`), found(text), data);
    }
    t.same(found(`host op: {"a":"of ${text}"}`), [[{ a: `of ${text}` }], []]);
  },
);
