import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { openLog } from '../../../lib/framings/index.ts';
import { StringReader } from '../../../lib/framings/unwrap/json-string.ts';
import { holds } from '../../helpers/holds.ts';
import { collect } from '../collect.ts';

const record = '{"timestamp":"2024-04-01T13:37:00Z","level":"INFO","fields":{"message":"m"},"target":"t"}';
const texts = [
  record,
  `${record}\n`,
  'some words',
  '2024-04-01T13:37:00Z  INFO t: m port=80\n',
  `${record.slice(0, 40)}`,
  `${record}${record}`,
  '{"a":"\\u00fc\\ud83d\\ude00"}',
  'ü"\\\n',
  '',
  `\0${record}`,
];
const times = ['2024-04-01T13:37:01Z', '2024-04-01T13:37:02.5Z', 'then', ''];

type Values = { text: string; time: string; stream: string };
const wrappings: readonly ((values: Values) => unknown)[] = [
  // without a line feed a text goes on in the next line
  ({ text, time, stream }) => ({ log: `${text}\n`, stream, time }),
  ({ text, time, stream }) => ({ log: text, stream, time, kubernetes: { pod_name: 'p' } }),
  ({ text, time, stream }) => ({ time, stream, logtag: 'F', log: text }),
  ({ text, time, stream }) => ({ labels: { pod: stream }, line: text, timestamp: time }),
  ({ text, time }) => ({ message: text, time, n: 1 }),
  ({ text, time }) => ({
    MESSAGE: text,
    __REALTIME_TIMESTAMP: '1711978620000000',
    __CURSOR: time,
    _PID: '1',
  }),
  ({ text, stream }) => ({ message: text, podName: stream, containerName: 'c', namespace: 'n' }),
  ({ text, time }) => ({ insertId: time, textPayload: text, timestamp: time, resource: { labels: {} } }),
  ({ text }) => ({ logStreamName: 's', timestamp: 1711978620000, message: text, eventId: text.length }),
];

const values = fc.record({
  text: fc.constantFrom(...texts),
  time: fc.constantFrom(...times),
  stream: fc.constantFrom('stdout', 'stderr', 'x'),
});
const line = fc.tuple(fc.constantFrom(...wrappings), values, fc.constantFrom(undefined, 1));

t.test('lines that look like others before are read as by themselves', async () => {
  const read = (log: string): readonly string[] => {
    const { records, rejected } = collect(openLog({ limits: { maxRecordBytes: 1 << 20 } }), log);
    return [...records.map(([, bytes]) => bytes), ...rejected.map(([, , reason]) => reason)];
  };
  holds(
    t,
    fc.property(fc.array(line, { minLength: 2, maxLength: 12 }), (lines) => {
      const texts = lines.map(
        ([wrap, values, indent]) => `${JSON.stringify(wrap(values)).replace(/,/g, indent ? ', ' : ',')}\n`,
      );
      const alone = texts.flatMap((text) => read(text));
      assert.deepEqual([...read(texts.join(''))].sort(), alone.sort());
    }),
    { numRuns: 1000 },
  );
});

t.test('strings are read as JSON has them', async (t) => {
  const reader = new StringReader();
  const bit = fc.constantFrom(
    'a',
    '"',
    '\\',
    '/',
    '\n',
    '\0',
    'ü',
    '東',
    '😀',
    '\u2028',
    '\b\f\r\t',
    '\ud800',
  );
  holds(
    t,
    fc.property(fc.array(bit, { maxLength: 12 }), fc.boolean(), (bits, isEscaped) => {
      const text = bits.join('');
      const plain = JSON.stringify(text);
      const json = isEscaped
        ? plain.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : plain;
      const found = reader.read(Buffer.from(`x${json}y`), 1);
      if (!/[\ud800-\udfff]/u.test(text)) assert.equal(found?.toString(), text);
      else assert.equal(found, undefined);
    }),
  );
  for (const broken of [
    '',
    'a',
    '"',
    '"a',
    '"\\',
    '"\\"',
    '"\\x"',
    '"\\u12"',
    '"\\ud800\\u0041"',
    '"a\nb"',
  ]) {
    t.equal(reader.read(Buffer.from(broken), 0), undefined, JSON.stringify(broken));
  }
});
