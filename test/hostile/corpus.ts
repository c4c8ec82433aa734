/** A generator of numbers in [0, 1) that are the same for the same seed: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** JSON of values that somebody's code stumbles over. */
const values = [
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '-0',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '18446744073709551616',
  '-9223372036854775809',
  '0.1e1',
  '{"toString":1}',
  '{"__proto__":{"x":1}}',
  '{"constructor":null,"valueOf":[]}',
  '{"toJSON":"x","length":-1,"then":{}}',
  '[[[[[[[[]]]]]]]]',
  '"\\u0000\\u001b[31m\\u202e"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"<script>alert(1)</script>"',
  '"a\\nb\\r\\"c\\\\\\\\"',
  '"{\\"a\\":1}"',
  '"NaN"',
  '"Infinity"',
  '"-1"',
  '"2026-13-45T99:99:99Z"',
  '"0001-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.999999999Z"',
  '"1969-12-31T23:59:59Z"',
  '{"seconds":1e18,"nanos":-1}',
  '{"seconds":"x"}',
  '"00-00000000000000000000000000000000-0000000000000000-zz"',
  '"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"',
];

/** Whatever the records of both systems have, and what JavaScript has by itself. */
const keys = [
  'timestamp',
  'level',
  'target',
  'message',
  'fields',
  'span',
  'spans',
  'kubernetes',
  'docker',
  'session_id',
  'session_duration',
  'client_user',
  'client_id',
  'client_hostname',
  'client_name',
  'port',
  'ports',
  'filter',
  'traceparent',
  'tracestate',
  'baggage',
  'monotonic_counter.x',
  'counter.y',
  'histogram.z',
  'namespace',
  'metric',
  'metrics',
  'metric_type',
  'source_id',
  'source_entity_id',
  'source_event_id',
  'event_src_id',
  'tags',
  'version',
  'event_type',
  '',
  '__proto__',
  'constructor',
  'toString',
  '@timestamp',
  'le',
  'quantile',
  '__name__',
  'a"b',
  'a\\\\b',
  '\\u0000',
  'é😀',
];
const messages = [
  'Session Start',
  'Session End',
  'Port Steal',
  'Port Unsteal',
  'Copy Target',
  'Port Mirror',
  'toString',
  '',
  'x'.repeat(5_000),
];
const metricTypes = ['intValue', 'floatValue', 'meter', 'histogram', 'timer', 'constructor', ''];
const namespaces = [
  'metrics',
  'fabric.circuits',
  'usage',
  'circuit',
  'edge.sessions',
  'entityChange',
  '__proto__',
];

/** What records look like without harm, to put harm into. */
type Draw = (pick: <T>(from: readonly T[]) => T) => Record<string, string>;
const text = (value: string): string => JSON.stringify(value);

const operator: Draw = (pick) => ({
  timestamp: '"2026-08-01T10:00:00Z"',
  level: text(pick(['INFO', 'ERROR', 'TRACE', 'loud'])),
  fields: `{"message":${text(pick(messages))},"session_id":${pick(values)},"${pick(keys)}":${pick(values)},"${pick(keys)}":${pick(values)}}`,
  target: '"operator::session"',
});

const flat: Draw = (pick) => ({
  timestamp: '"2026-08-01T10:00:01Z"',
  level: '"INFO"',
  message: text(pick(messages)),
  [pick(keys)]: pick(values),
  [pick(keys)]: pick(values),
});

const event: Draw = (pick) => ({
  namespace: text(pick(namespaces)),
  timestamp: '{"seconds":1785578400,"nanos":5}',
  metric: text(pick(['m', 'link.x.latency', 'service.dial.fail:abc', 'a'.repeat(3_000), '1 2', ''])),
  metrics: `{"${pick(['value', 'count', 'p99', '__proto__', 'm1_rate'])}":${pick(values)},"mean":${pick(values)}}`,
  metric_type: text(pick(metricTypes)),
  source_id: text(pick(['ctrl', '', '\u202e'])),
  tags: pick([`{"${pick(keys)}":${pick(values)}}`, '{}', ...values]),
  version: pick(['2', '3', '"2"', '1e9']),
});

const shapes = [operator, flat, event];

/** What no parser takes, or takes for something else. */
const raw = [
  '{"a":',
  '[]',
  '\u0000\u0000',
  '{"a":1}{"b":2}',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  `{"fields":${'{"a":'.repeat(900)}1${'}'.repeat(900)}}`,
  `{"tags":${'['.repeat(990)}${']'.repeat(990)},"namespace":"metrics","metric":"m","metric_type":"intValue","metrics":{"value":1}}`,
  '2026-08-01T10:00:00Z  INFO operator: Session Start session_id=1',
  '\u001b[2J\u001b]0;x\u0007',
  '{"timestamp":"2026-08-01T10:00:00Z","level":"INFO","fields":{"message":"Session Start"},"fields":{"message":"Session End"}}',
];

/**
 * A hostile record: one of the shapes of a log with values where they do not belong, a key given twice or left out, or
 * something that is no record at all. The same number gives the same record.
 */
export function hostileRecord(number: number): string {
  const random = randomOf(number);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  if (random() < 0.05) return pick(raw);
  const members = Object.entries(pick(shapes)(pick));
  const harm = Math.floor(random() * 3);
  for (let k = 0; k < harm; k++) {
    const at = Math.floor(random() * members.length);
    const kind = random();
    if (kind < 0.5) members[at] = [members[at]![0], pick(values)];
    else if (kind < 0.7) members.splice(at, 1);
    else members.push([pick(keys), pick(values)]);
    if (members.length === 0) break;
  }
  return `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
}
