import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { DETECTION_LIMIT, detectFraming } from '../../../lib/framings/detect/index.ts';
import { holds } from '../../helpers/holds.ts';

const detect = (text: string, complete = true) => detectFraming(Buffer.from(text), complete);

const time = '2024-04-01T13:37:00.123Z ';
const pod = '[pod/op-1/operator] ';

const cases: Record<string, readonly string[]> = {
  ndjson: [
    '',
    '\n\n',
    '{"a":1}',
    '{"a":1}\n{"b":2}\n',
    '{"a":1}{"b":2}\n',
    '\ufeff{"a":1}\n',
    '\n  \r\n{"a":1}\n{',
    '{"a":"{","b":"}{"}\n',
    '{"a":"\\"}{"}\n',
    '{"a":oops}\n{"b":1}\n',
    '{"cut":"of\n{"b":1}\n',
    '{"cut":{"off":1\n{"b":1}\n',
    '{"cut":1,\n{"b":1}\n',
    '{"cut":\noops',
    '{"a":1} trailing\n{"b":1}\n',
    'warning: something\n{"a":1}\n{"b":1}\n',
    'only text\nand more',
    '{\n{"a":1}\n',
    '{"never":"ends',
    '{"log":"x"}',
    '{"log":{},"kubernetes":{}}',
    '{"pod":"a","container":"b","message":"c","timestamp":"d"}',
    '5\n',
  ],
  json: [
    '{\n  "a": 1\n}\n',
    '{ "a":\r\n 1 }',
    '{"a":1} [2]',
    '{"a":[\n1,\n2]}',
    '{"a":1\n,"b":2}',
    '{}{}',
    '{\n}',
    '[{"a":1}]',
    '[\n{"a":1}]',
    '[ 1 ]',
    '[]',
    '["x"]',
    '[true]',
    '[null, 1]',
    'banner\n[{"a":1}]',
    `${'unknown\n'.repeat(16)}[1]`,
    `{"events":[{"message":"${'x'.repeat(70_000)}`,
  ],
  kubectl: [
    `${pod}{"a":1}\n`,
    `${pod}plain text\n`,
    `${time}{"a":1}\n`,
    `${pod}${time}{"a":1}`,
    `${time}plain text\n${time}{"a":1}\n`,
    `Found 2 pods, using pod/op-1\n${time}{"a":1}\n`,
  ],
  prefixed: [
    'starting with {"a":1}\n',
    '[pod] {"a":1}\n',
    'web-1  | {"a":1}\n',
    'port 8080\nApr  1 13:37:00 host op[1]: {"a":1}\n',
    `${'unknown\n'.repeat(100)}2024-04-01T13:37:00 {"a":1}\n`,
  ],
  stern: [
    'op-1 operator {"a":1}\n',
    'shop op-1 operator {"a":1}\n',
    '\x1b[32mop-1\x1b[0m \x1b[31moperator\x1b[0m {"a":1}\n',
    `op-1 operator ${time}{"a":1}\n`,
    `op-1 operator ${time} INFO mirrord: started\n`,
    '{"message":"{}","podName":"op-1","containerName":"operator"}\n',
    '{"pod":"op-1","container":"operator","message":{"a":1}}\n',
  ],
  cri: [
    `${time}stdout F {"a":1}\n`,
    `${time}stderr P {"a"\n`,
    `${time}stdout F:x plain text\n`,
    `${time}stdout F ${time} INFO mirrord: started\n`,
  ],
  docker: [
    '{"log":"{}\\n","stream":"stdout","time":"2024-04-01T13:37:00Z"}\n',
    '{"log":"plain\\n","stream":"stderr","attrs":{},"time":"2024-04-01T13:37:00Z"}\n',
  ],
  fluentd: [
    '{"log":"{}","stream":"stdout","kubernetes":{"pod_name":"op-1"}}\n',
    '{"log":"{}","stream":"stdout","time":"2024-04-01T13:37:00Z","kubernetes":{}}\n',
    '{"log":"x","logtag":"F"}\n',
  ],
  tracing: [
    `${time} INFO mirrord: started\n`,
    `${time}ERROR mirrord: started k="v"\n`,
    `  ${time} INFO mirrord: started\n    at src/main.rs:1\n\n`,
    '\x1b[2m2024-04-01T13:37:00Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mmirrord\x1b[0m\x1b[2m:\x1b[0m started\n',
    `${pod}${time} INFO mirrord: started\n`,
    `${time}${time} WARN mirrord: started\n`,
    `banner\n${time}DEBUG mirrord: started\n`,
  ],
  exposition: [
    '# HELP x y\n',
    '# TYPE x counter\nx 1\n',
    '# UNIT x_seconds seconds\n',
    'name{a="b"} 1.5\n',
    'name 1\n',
    '# only a comment\nname{} 1 1712000000000\n',
    '{"a name","label"="x"} 1\n',
    `${'# HELP x y\n'.repeat(4)}{"a":1}\n`,
  ],
};

for (const [framing, texts] of Object.entries(cases)) {
  t.test(framing, async (t) => {
    for (const text of texts) t.equal(detect(text), framing, JSON.stringify(text.slice(0, 60)));
  });
}

t.test('text logs are not mistaken', async (t) => {
  for (const text of [
    '[INFO] starting\n',
    '[true story] x\n',
    '[0] kube.var: nothing\n',
    '[ 1234.567890] host op[1]: started\n',
    '[2024-04-01T13:37:00Z INFO  mirrord] started\n',
    '[] empty\n',
    `${time}NOTE mirrord: started\n`,
    'Starting 5 servers\n',
  ]) {
    t.equal(detect(text), 'ndjson', text);
    t.equal(detect(`${text}{"a":1}\n`, false), 'ndjson', text);
  }
});

t.test('a sample before a log makes no exposition of it', async (t) => {
  for (const sample of [
    'up{pod="op-1"} 1',
    '# HELP up whether\n# TYPE up gauge\nup 1',
    '{"up","pod"="op-1"} 1',
  ]) {
    t.equal(detect(`${sample}\n{"a":1}\n`), 'ndjson', sample);
    t.equal(detect(`${sample}\n{"a":1}\n`, false), 'ndjson', sample);
    t.equal(detect(`${sample}\n${time} INFO mirrord: started\n`), 'tracing', sample);
    t.equal(detect(`${sample}\n`, false), undefined, sample);
  }
});

t.test('a first line that was cut where an object could follow is no document', async (t) => {
  const record = '{"message":"m","fields":{}}\n';
  for (const cut of ['{"a":', '{"a":[', '{"a":[{"b":1},', '{"a":{"b"thread panicked at a.rs:1:2:']) {
    t.equal(detect(`${cut}\n${record}${record}`), 'ndjson', cut);
    t.equal(detect(`${cut}\nforeign\n${record}`), 'ndjson', cut);
  }
  for (const document of ['{"a":\n{"b":1}\n}\n', '{"a":[\n{"b":1},\n{"b":2}\n]}\n']) {
    t.equal(detect(document), 'json', document);
  }
});

t.test('more bytes are asked for where they could still decide', async (t) => {
  for (const text of [
    '',
    '{',
    '{"a":1}',
    '{"a":1} ',
    '{\n',
    '{\n  ',
    '{"a":"x',
    '# HELP',
    'name 1',
    '[pod/x',
    '[',
    time,
    'banner\n',
    '\ufeff',
  ]) {
    t.equal(detect(text, false), undefined, JSON.stringify(text));
  }
  t.equal(detect('{"a":1}\n', false), 'ndjson', 'a whole line is enough');
});

t.test('at most 64 KiB are waited for', async (t) => {
  t.equal(detect(`{"a":"${'x'.repeat(DETECTION_LIMIT)}`, false), 'ndjson');
  t.equal(detect('x'.repeat(DETECTION_LIMIT), false), 'ndjson');
  t.equal(detect(`${'x'.repeat(DETECTION_LIMIT)}\n[1]`, false), 'ndjson');
});

t.test('what is told early is what is told late', async () => {
  const bit = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\n',
    ' ',
    'a',
    '1',
    '{"a":1}',
    'true',
    pod,
    time,
    '# HELP x',
    'x 1',
    '\r',
    'op-1 c ',
    'stdout F ',
    ' INFO a: ',
    '{"log":"","stream":"","time":""}',
  );
  holds(
    t,
    fc.property(fc.array(bit, { maxLength: 20 }), (bits) => {
      const bytes = Buffer.from(bits.join(''));
      const last = detectFraming(bytes, true);
      for (let end = 0; end < bytes.length; end++) {
        const early = detectFraming(bytes.subarray(0, end), false);
        if (early !== undefined)
          assert.equal(early, last, `told after ${end} of ${JSON.stringify(bits.join(''))}`);
      }
    }),
    { numRuns: 1000 },
  );
});
