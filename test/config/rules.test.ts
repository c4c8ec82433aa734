import t from 'tap';
import { printConfig } from '../../lib/config/print.ts';
import { read, said } from './read.ts';

t.test('rules have the form of the catalogue', async (t) => {
  const loaded = await read(`
metrics:
  rules:
    - name: http_errors_total
      type: counter
      help: Failed requests.
      when: { kind: log, message: ^Failed, fields: { status: ^5 } }
      labels: [client_user, kubernetes.namespace_name]
    - { name: wait, type: histogram, unit: seconds, value: wait_s, labels: { queue: original_queue }, buckets: [0.1, 1] }
`);
  t.same(said(loaded), []);
  t.same(loaded.config.metrics.rules, [
    {
      name: 'http_errors_total',
      type: 'counter',
      help: 'Failed requests.',
      when: { kind: 'log', message: '^Failed', fields: { status: '^5' } },
      labels: [
        { name: 'client_user', field: 'client_user' },
        { name: 'kubernetes_namespace_name', field: 'kubernetes.namespace_name' },
      ],
    },
    {
      name: 'wait',
      type: 'histogram',
      help: 'Measured by the rule wait.',
      unit: 'seconds',
      when: {},
      value: 'wait_s',
      labels: [{ name: 'queue', field: 'original_queue' }],
      buckets: [0.1, 1],
    },
  ]);
});

t.test('each mistake in a rule is told', async (t) => {
  const cases: [rule: string, said: RegExp][] = [
    ['5', /rules\[0\] must be a map, not 5/],
    ['{ type: counter }', /rules\[0\] has no name/],
    ['{ name: x }', /rules\[0\] has no type/],
    ['{ name: 1x, type: counter }', /rules\[0\].name must be the name of a metric.*not "1x"/],
    [
      '{ name: x, type: countr }',
      /type must be counter, gauge or histogram, not "countr"; did you mean counter\?/,
    ],
    ['{ name: x, type: counter, labels: [a, a] }', /the label a stands here twice/],
    ['{ name: x, type: counter, labels: [le] }', /"le" cannot be a label/],
    ['{ name: x, type: counter, labels: { __a: b } }', /"__a" cannot be a label/],
    ['{ name: x, type: counter, labels: { a-b: c } }', /"a-b" cannot be a label/],
    ['{ name: x, type: counter, labels: c }', /labels must be a list of fields/],
    ['{ name: x, type: histogram }', /is a histogram without a value/],
    [
      '{ name: x, type: counter, when: { message: "(" } }',
      /when.message is not a valid expression: missing closing \)/,
    ],
    ['{ name: x, type: counter, when: { fields: { a: "[" } } }', /when.fields.a is not a valid expression/],
    [
      '{ name: x, type: counter, when: { kind: sesion-start } }',
      /^error c.yml:1:\d+: .*when.kind: there is no kind of record 'sesion-start'; did you mean session-start\?/,
    ],
    [
      '{ name: x, type: counter, when: { kind: [log, frob] } }',
      /no kind of record 'frob'; there are session-start, /,
    ],
    [
      '{ name: x, type: counter, when: { fields: { port: 80 } } }',
      /fields.port must be a regular expression, or a map of what the field must be, not 80; write \{ equals: 80 \}/,
    ],
    [
      '{ name: x, type: counter, when: { fields: { port: { above: many } } } }',
      /fields.port.above must be a number, not "many"/,
    ],
    [
      '{ name: x, type: counter, when: { fields: { port: { exists: maybe } } } }',
      /port.exists must be true or false, not "maybe"/,
    ],
    [
      '{ name: x, type: counter, when: { fields: { port: {} } } }',
      /fields.port says nothing that the field must be; it takes matches, equals, exists, above/,
    ],
    [
      '{ name: x, type: counter, when: { fields: { a: { matches: "(" } } } }',
      /fields.a.matches is not a valid expression/,
    ],
    ['{ name: x, type: counter, when: { any: [] } }', /when.any must be a list of at least one condition/],
    ['{ name: x, type: counter, when: { any: { kind: log } } }', /when.any must be a list/],
    ['{ name: x, type: counter, when: { not: [] } }', /when.not must be a map/],
    [
      '{ name: x, type: counter, when: { not: { any: [{ message: "[" }] } } }',
      /when.not.any\[0\].message is not a valid expression/,
    ],
    ['{ name: x, type: counter, value: -1 }', /rules\[0\].value is below zero; a counter only goes up/],
    ['{ name: x, type: gauge, value: .inf }', /value must be the name of a field, or a finite number/],
    ['{ name: x, type: histogram, value: { since: {} } }', /value has no key; such as \{ since: /],
    ['{ name: x, type: histogram, value: { key: a } }', /value has no since/],
    ['{ name: x, type: counter, when: { mesage: a } }', /^warning .*mesage .*did you mean message\?/],
    ['{ name: x, type: counter, lables: [a] }', /^warning .*lables .*did you mean labels\?/],
    ['{ name: x, type: histogram, value: v, buckets: [2, 1] }', /buckets must ascend, but 1 follows 2/],
    ['{ name: x, type: histogram, value: v, buckets: [] }', /at least one number/],
    ['{ name: x, type: counter }, { name: x, type: gauge }', /a second rule for the metric x/],
  ];
  for (const [rule, line] of cases) {
    const lines = said(await read(`metrics: { rules: [${rule}] }`));
    t.equal(lines.length, 1, `${rule}: ${lines.join(' / ')}`);
    t.match(lines, [line], rule);
  }
});

t.test('conditions and values have all their forms, and are printed as they are read', async (t) => {
  const rules = `
metrics:
  rules:
    - name: slow_steals
      type: histogram
      unit: seconds
      when:
        any: [{ kind: port-steal }, { kind: [port-mirror, log], message: ^Port }]
        not: { fields: { http_filter: { exists: true } } }
        fields: { port: { atLeast: 1024, below: 2048.5 }, client_user: "@corp$", scale_down: { equals: false } }
      value: { since: { kind: session-start }, key: session_id }
    - { name: weight, type: counter, value: 2.5 }
    - { name: port, type: gauge, value: port }
`;
  const loaded = await read(rules);
  t.same(said(loaded), []);
  const [slow, weight, port] = loaded.config.metrics.rules;
  t.match(slow, {
    when: {
      any: [{ kind: 'port-steal' }, { kind: ['port-mirror', 'log'], message: '^Port' }],
      not: { fields: { http_filter: { exists: true } } },
      fields: {
        port: { atLeast: 1024, below: 2048.5 },
        client_user: '@corp$',
        scale_down: { equals: false },
      },
    },
    elapsed: { since: { kind: 'session-start' }, key: 'session_id' },
  });
  t.match(weight, { amount: 2.5 });
  t.match(port, { value: 'port', asIntegers: true });
  const again = await read(await printConfig(loaded));
  t.same(said(again), []);
  t.same(again.config.metrics.rules, loaded.config.metrics.rules);
});

t.test('buckets belong to metrics and ascend', async (t) => {
  const cases: [buckets: string, said: RegExp][] = [
    ['{ a-b: [1] }', /"a-b" is not the name of a metric/],
    ['{ a: 1 }', /buckets.a must be a list, not 1/],
    ['{ a: [1, x] }', /buckets.a must be a list of numbers.*not "x"/],
    ['{ a: [1, .inf] }', /without \+Inf, not .inf/],
    ['{ a: [1, 1] }', /must ascend, but 1 follows 1/],
    ['[1]', /metrics.buckets must be a map, not a list/],
  ];
  for (const [buckets, line] of cases) {
    const lines = said(await read(`metrics: { buckets: ${buckets} }`));
    t.equal(lines.length, 1);
    t.match(lines, [line], buckets);
  }
});
