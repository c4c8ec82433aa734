import fc from 'fast-check';
import t from 'tap';
import { recordToText } from '../../../lib/tracing/text/record-to-text.ts';
import { textToJson } from '../../../lib/tracing/text/text-to-json.ts';
import { holds } from '../../helpers/holds.ts';
import { events, logOf, offsets, shown } from './events.ts';

const write = (record: unknown): string =>
  recordToText(Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)));

t.test('a record and its spans', async (t) => {
  const record = {
    timestamp: '2024-04-01T13:37:00.123456Z',
    level: 'INFO',
    fields: { message: 'Port Steal', port: 80, http_filter: 'a "b"' },
    target: 'operator::session',
    span: { name: 'inner' },
    spans: [{ id: 1, name: 'outer' }, { name: 'inner' }],
  };
  const line =
    '2024-04-01T13:37:00.123456Z  INFO outer{id=1}:inner: operator::session: Port Steal port=80 http_filter="a \\"b\\""';
  t.equal(write(record), line);
  t.equal(
    write({ ...record, spans: [], span: { k: 'v', name: 's' } }),
    line.replace('outer{id=1}:inner', 's{k="v"}'),
  );
});

t.test('a flattened record, where a target stands twice', async (t) => {
  const start =
    '{"timestamp":"2024-04-01T13:37:00Z","level":"WARN","message":"x","level":"fake","target":"pod/a",';
  t.equal(
    write(`${start}"id":12845969263990981773,"target":"op::api"}`),
    '2024-04-01T13:37:00Z  WARN op::api: x level="fake" target="pod/a" id=12845969263990981773',
  );
});

t.test('what a record lacks, and what it has beyond', async (t) => {
  t.equal(write({ fields: { a: null, b: [1, { c: 2 }] } }), 'a=null b=[1,{"c":2}]');
  t.equal(
    write({ level: 'ERROR', message: 5, kubernetes: { pod_name: 'p' } }),
    'ERROR 5 kubernetes={"pod_name":"p"}',
  );
  t.equal(write({}), '');
  t.equal(write({ message: 'a\x1b[1m\u009b\n\tb' }), 'a\\x1b[1m\\u{9b}\n\tb', 'nothing steers a terminal');
});

t.test('the real layout, to the byte, of every event whose values JSON can tell', async (t) => {
  const [json, full] = [logOf('json'), logOf('full')];
  const record = (log: Buffer, layout: 'json' | 'full', k: number): Buffer =>
    log.subarray(offsets[layout][k], (offsets[layout][k + 1] ?? log.length) - 1);
  let compared = 0;
  for (const [k, event] of events.entries()) {
    const plain = event.fields.every(
      (field, place) =>
        (field.name === 'message' && place === 0) ||
        (['str', 'u64', 'i64', 'bool'].includes(field.type) && !field.name.startsWith('log.')) ||
        (field.type === 'f64' && /^-?\d+\.\d+$/.test(shown(field))),
    );
    const twice = new Set(event.fields.map(({ name }) => name)).size < event.fields.length;
    if (!plain || twice || event.spans.length > 0 || event.entered.length > 0) continue;
    compared++;
    const want = record(full, 'full', k).toString();
    const got = write(record(json, 'json', k).toString());
    if (want !== got) t.equal(got, want, `event ${k}`);
  }
  t.ok(compared > 400, `${compared} events`);
});

t.test('what was written is read again', async () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_.]{0,9}$/).filter((key) => key !== 'message');
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean());
  const message = fc.stringMatching(/^[A-Za-z][A-Za-z .!]{0,20}$/).filter((text) => !text.endsWith(' '));
  holds(
    t,
    fc.property(message, fc.dictionary(name, value, { noNullPrototype: true }), (text, others) => {
      const record = {
        timestamp: '2024-04-01T13:37:00Z',
        level: 'DEBUG',
        fields: { message: text, ...others },
        target: 'a::b',
      };
      const back = textToJson(write(record));
      return back !== undefined && JSON.stringify(JSON.parse(back)) === JSON.stringify(record);
    }),
    { numRuns: 300 },
  );
});
