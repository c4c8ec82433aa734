import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { type DetectedFraming, openFramer } from '../../lib/framings/index.ts';
import { holds } from '../helpers/holds.ts';
import { anyChunks } from './collect.ts';

interface Found {
  /** Each record, and the place and the bytes in the input that it was made from. */
  readonly records: readonly (readonly [record: string, offset: number, source: string])[];
  readonly texts: readonly (string | undefined)[];
  readonly rejected: readonly (readonly [reason: string, offset: number, length: number, bytes: string])[];
  readonly consumed: number;
}

function frame(
  name: DetectedFraming,
  input: string | Uint8Array,
  { chunks = [1 << 20], max = 1000 }: { chunks?: readonly number[]; max?: number } = {},
): Found {
  const framer = openFramer(name, {
    input: { name: '-', framing: '' },
    limits: { maxRecordBytes: max },
    sourceId: 'test',
  });
  const bytes = Buffer.from(input);
  const records: [string, number, string][] = [];
  const texts: (string | undefined)[] = [];
  const rejected: [string, number, number, string][] = [];
  let consumed = 0;
  const take = (frames: ReturnType<typeof framer.push>): void => {
    for (const { bytes: made, offset, length, origin, count, ...rest } of frames) {
      for (let k = 0; k < count; k++) {
        const record = Buffer.from(made.subarray(offset[k]!, offset[k]! + length[k]!)).toString();
        records.push([record, origin!.offset[k]!, Buffer.from(origin!.bytes[k]!).toString()]);
        const text = origin!.texts[k];
        texts.push(text && Buffer.from(text).toString());
      }
      for (const { reason, offset, length, bytes } of rest.rejected) {
        rejected.push([reason, offset, length, Buffer.from(bytes).toString()]);
      }
      consumed += rest.consumed;
    }
  };
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = Math.max(1, chunks[Math.min(k, chunks.length - 1)]!);
    take(framer.push(bytes.subarray(at, at + size)));
    at += size;
  }
  take(framer.end());
  return { records, texts, rejected, consumed };
}

const time = '2024-04-01T13:37:00.123456789Z';
const contents = ({ records }: Found): string[] => records.map(([record]) => record);

t.test('cri: parts of a line are joined, stream by stream', async (t) => {
  const lines = [
    `${time} stdout P {"a":`,
    `${time} stderr P {"b"`,
    `${time} stdout F 1}`,
    `${time} stdout F {"c":3}`,
    `${time} stderr F:x :2}`,
    `${time} stdout F`,
    `${time} stdout F `,
    `${time} stdout P {"open":4}`,
  ];
  const found = frame('cri', lines.join('\n'));
  t.same(contents(found), ['{"a":1}', '{"c":3}', '{"b":2}', '{"open":4}']);
  t.equal(found.records[0]![1], 0, 'where its first part stands');
  t.equal(found.records[0]![2], `${lines[0]}\n${lines[2]}`, 'and its parts');
  t.same(found.rejected, []);
  t.equal(found.consumed, lines.join('\n').length);
});

t.test('cri: what is no line of it is a dead letter at its place', async (t) => {
  const odd = ['oops', `${time} stdin F {}`, `${time} stdout X {}`, `${time} stdout Fx {}`, `${time} stdout`];
  for (const line of odd) {
    t.same(frame('cri', `\n${line}\r\n`).rejected, [['bad-framing', 1, line.length, line]], line);
  }
});

t.test('docker: texts without a line feed go on in the next object of their stream', async (t) => {
  const wrap = (log: string, stream = 'stdout') => JSON.stringify({ log, stream, time });
  const lines = [
    wrap('{"a":"é\\n'),
    wrap('err\n', 'stderr'),
    wrap('\\"1"}\r\n'),
    '{"not":"wrapped"}',
    '{broken',
    wrap('\n'),
    wrap('{"end":1}'),
  ];
  const found = frame('docker', lines.join('\n'));
  t.same(contents(found), ['err', '{"a":"é\\n\\"1"}', '{"not":"wrapped"}', '{broken', '{"end":1}']);
  t.equal(found.records[1]![2], `${lines[0]}\n${lines[2]}`);
  t.same(found.rejected, [], 'what is no JSON is left to the parser');
});

t.test('fluentd: the inner keys join the outer ones, digits and order kept', async (t) => {
  const merged = (line: string) => contents(frame('fluentd', line))[0];
  const kubernetes = '"kubernetes":{"pod_name":"p", "n": 1.0}';
  t.equal(
    merged(`{"stream":"stdout","log":"{\\"level\\":\\"INFO\\",\\"id\\":9007199254740993}\\n",${kubernetes}}`),
    `{"stream":"stdout",${kubernetes},"level":"INFO","id":9007199254740993}`,
  );
  t.equal(
    merged('{"log":"{\\"stream\\":2,\\"stre\\\\u0061m\\":3}","stream":1,"tag":0}'),
    '{"tag":0,"stream":2,"stre\\u0061m":3}',
  );
  t.equal(merged('{"log":"{}","logtag":"F"}'), '{}');
  t.equal(merged('{"stream":"a","message":"merged already"}'), '{"stream":"a","message":"merged already"}');
  t.equal(merged('{"log":"no json","stream":"a"}'), 'no json', 'for the parser to refuse');
  t.equal(merged('{"log":{"a":1}}'), '{"log":{"a":1}}');
  t.match(merged('{"log":"{\\"a\\":1","stream":"a"}'), /"a":1$/, 'for the parser to refuse, too');
});

t.test('fluentd: split lines are joined, pod by pod', async (t) => {
  const wrap = (log: string, pod: string, more: object) =>
    JSON.stringify({ log, stream: 'stdout', kubernetes: { pod_name: pod }, ...more });
  const long = `{"a":"${'x'.repeat(16_378)}`;
  const lines = [
    wrap('{"b"', 'p', { logtag: 'P' }),
    wrap('{"c"', 'q', { partial_message: 'true', partial_id: 'i', partial_last: 'false' }),
    wrap(':2}', 'p', { logtag: 'F' }),
    wrap(':3}', 'q', { partial_message: 'true', partial_id: 'i', partial_last: 'true' }),
    wrap(long, 'p', {}),
    wrap('y"}\n', 'p', {}),
    wrap('{"d":4}', 'p', { logtag: 'P' }),
  ];
  const found = frame('fluentd', lines.join('\n'), { max: 1 << 20 });
  t.same(
    contents(found).map((text) => JSON.parse(text)),
    [
      { stream: 'stdout', kubernetes: { pod_name: 'p' }, b: 2 },
      { stream: 'stdout', kubernetes: { pod_name: 'q' }, c: 3 },
      { stream: 'stdout', kubernetes: { pod_name: 'p' }, a: `${'x'.repeat(16_378)}y` },
      { stream: 'stdout', kubernetes: { pod_name: 'p' }, d: 4 },
    ],
  );
});

t.test('stern: every output', async (t) => {
  const lines = [
    'op-1 operator {"a":1}',
    `op-1 operator ${time} {"a":2}`,
    'mirrord op-1 operator {"a":3}',
    '\x1b[32mop-1\x1b[0m \x1b[31moperator\x1b[0m {"a":4}',
    '{"message":"{\\"a\\":5}","podName":"op-1","containerName":"operator","labels":{}}',
    `{"message":"${time} {\\"a\\":6}","podName":"op-1","containerName":"operator"}`,
    '{"pod": "op-1", "container": "operator", "message": {"a":7.0}}',
    '{"namespace": "n", "pod": "op-1", "container": "operator", "message": {"a":8}}',
    '{"a":9}',
  ];
  t.same(
    contents(frame('stern', lines.join('\n'))),
    [1, 2, 3, 4, 5, 6, '7.0', 8, 9].map((a) => `{"a":${a}}`),
  );
  t.same(frame('stern', '+ op-1 › operator\n').rejected[0]?.slice(0, 2), ['bad-framing', 0]);
});

const header = '2024-04-01T13:37:00Z  INFO m: ';
const messages = (found: Found): string[] =>
  contents(found).map((text) => (text.startsWith('{') ? (JSON.parse(text).fields?.message ?? text) : text));

t.test('tracing: lines that begin no record continue the one before', async (t) => {
  const input = `panic before\n${header}a\nb\n\n{c\n\n${header}d\r\n{"json":1}\n${header}e`;
  const found = frame('tracing', input);
  t.same(messages(found), ['panic before', 'a\nb\n\n{c', 'd', '{"json":1}', 'e']);
  t.equal(found.records[1]![1], 13);
  t.equal(found.records[1]![2], `${header}a\nb\n\n{c`, 'with the lines that it stands on');
  t.equal(found.texts[2], `${header}d`);
  t.equal(found.texts[3], undefined, 'JSON is no translation');
});

t.test('tracing: what imitates a record is none where the layout tells', async (t) => {
  const ansi = (text: string) =>
    `\x1b[2m2024-04-01T13:37:00Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mm\x1b[0m\x1b[2m:\x1b[0m ${text}\n`;
  t.same(messages(frame('tracing', `${ansi(`a\n${header}forged`)}${ansi('b')}`)), [
    `a\n${header}forged`,
    'b',
  ]);
  const pretty = (text: string) => `  ${header}${text}\n    at src/a.rs:1\n\n`;
  t.same(messages(frame('tracing', `${pretty(`a\n  ${header}forged`)}${pretty('b')}`)), [
    `a\n  ${header}forged`,
    'b',
  ]);
  t.same(messages(frame('tracing', `${header}a\n${header}real or not\n`)), ['a', 'real or not']);
});

t.test('tracing: behind kubectl, a record for each pod', async (t) => {
  const lines = [
    `[pod/a/c] ${header}one`,
    `[pod/b/c] ${time} ${header}two`,
    '[pod/a/c] more',
    `[pod/b/c] ${time} `,
  ];
  const found = frame('tracing', lines.join('\n'));
  t.same(messages(found), ['one\nmore', 'two']);
  t.same(found.texts, [`${header}one\nmore`, `${header}two`]);
});

t.test('text records in every wrapping', async (t) => {
  const cri = `${time} stdout F ${header}a\n${time} stdout F b\n${time} stdout F ${header}c\n`;
  t.same(messages(frame('cri', cri)), ['a\nb', 'c']);
  const fluentd = [`${header}a k=x`, 'b'].map((log) => JSON.stringify({ log, stream: 's' })).join('\n');
  const [record] = contents(frame('fluentd', fluentd));
  t.same(JSON.parse(record!), {
    stream: 's',
    timestamp: '2024-04-01T13:37:00Z',
    level: 'INFO',
    fields: { message: 'a', k: 'x\nb' },
    target: 'm',
  });
  t.same(messages(frame('stern', `op-1 c ${header}a\nop-1 c b c\nop-1 c ${header}d\n`)), ['a\nb c', 'd']);
});

t.test('what is too long is measured and not kept', async (t) => {
  const wrap = `${time} stdout `;
  const parts = [0, 1, 2].map((k) => `${wrap}${k === 2 ? 'F' : 'P'} ${'x'.repeat(60)}\n`).join('');
  const joined = frame('cri', `${parts}${wrap}F {}\n`, { max: 150 });
  t.same(joined.rejected[0]!.slice(0, 3), ['too-long', 0, parts.length - 1]);
  t.same(contents(joined), ['{}']);
  const text = frame('tracing', `${header}${'x'.repeat(50)}\n${'y\n'.repeat(50)}${header}z\n`, { max: 100 });
  t.same(text.rejected[0]!.slice(0, 3), ['too-long', 0, header.length + 150]);
  t.same(messages(text), ['z']);
  const line = `${wrap}F ${'x'.repeat(101)}`;
  t.same(frame('cri', `${line}\r\n`, { max: 100 }).rejected[0]!.slice(0, 3), ['too-long', 0, line.length]);
  const giant = frame('docker', `{"log":"${'x'.repeat(70_000)}\\n"}\n{"log":"{}\\n"}\n`, { max: 100 });
  t.same(
    giant.rejected.map(([reason, offset, length]) => [reason, offset, length]),
    [['too-long', 0, 70_012]],
  );
  t.same(contents(giant), ['{}']);
});

t.test('a text that is no UTF-8 is a dead letter', async (t) => {
  const input = Buffer.concat([Buffer.from(header), Buffer.from([0xff]), Buffer.from(`\n${header}a\n`)]);
  const found = frame('tracing', input);
  t.same(
    found.rejected.map(([reason, offset, length]) => [reason, offset, length]),
    [['invalid-utf8', 0, header.length + 1]],
  );
  t.same(messages(found), ['a']);
});

t.test('any chunks give the same, and every byte is accounted for', async () => {
  const wrap = (log: string, stream: string) => JSON.stringify({ log, stream, time });
  const bits: Partial<Record<DetectedFraming, string[]>> = {
    cri: [
      `${time} stdout P {"a"`,
      `${time} stdout F :1}\n`,
      `${time} stderr F ${header}x`,
      `${time} stderr F y\n`,
      '\n',
      'é',
      '\r\n',
    ],
    docker: [
      wrap('{"a"', 'a'),
      wrap(':1}\n', 'a'),
      wrap('x\n', 'b'),
      '\n',
      wrap(`${header}m\n`, 'b'),
      '{',
      '\r\n',
    ],
    fluentd: [wrap('{"a":1}', 'a'), wrap(`${header}x`, 'b'), '\n', '{"a":', '1}\n', '\r\n'],
    stern: ['op-1 c {"a":1}\n', `op-1 c ${header}x\n`, 'op-1 c y\n', 'op-2 c z', '\n', '{"a":1}'],
    tracing: [
      header,
      'x\n',
      '\n',
      '{"a":1}\n',
      `  ${header}`,
      '    at a.rs:1\n',
      '\r\n',
      '[pod/a/b] ',
      '\x1b[2m',
    ],
  };
  for (const [name, pieces] of Object.entries(bits)) {
    holds(
      t,
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), anyChunks, (some, chunks) => {
        const input = some.join('');
        const whole = frame(name as DetectedFraming, input);
        assert.deepEqual(frame(name as DetectedFraming, input, { chunks }), whole);
        assert.equal(whole.consumed, Buffer.byteLength(input));
        for (const [, offset, source] of whole.records) {
          const first = source.split('\n')[0]!;
          assert.equal(Buffer.from(input).toString('utf8', offset, offset + Buffer.byteLength(first)), first);
        }
      }),
      { numRuns: 300 },
    );
  }
});
