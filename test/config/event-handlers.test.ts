import t from 'tap';
import { matchLines, read, said } from './read.ts';

t.test('two file handlers on one path are an error, whichever way it is written', async (t) => {
  const loaded = await read(`
events:
  a: { subscriptions: [], handler: { type: file, format: json, path: x/y.log } }
  b: { subscriptions: [], handler: { type: file, format: json, path: ./x/../x/y.log } }
`);
  matchLines(t, said(loaded), [
    /^error c.yml:4:70: events.b.handler.path is the file that events.a writes already/,
  ]);
});

t.test("OpenZiti's other handlers are left out with a warning", async (t) => {
  const loaded = await read(
    'events: { a: { subscriptions: [{ type: usage }], handler: { type: amqp, url: x } } }',
  );
  matchLines(t, said(loaded), [/^warning c.yml:1:67: events.a.handler.type amqp .*left out/]);
  t.same(
    loaded.config.handlers.map(({ name }) => name),
    [],
  );
});

t.test('handlers that need more say so', async (t) => {
  const cases: [handler: string, said: RegExp][] = [
    ['{ type: otlp }', /^error .*events.a.handler has no url/],
    [
      '{ type: otlp, url: collector:4318 }',
      /^error .*url must be an http or https URL.*not "collector:4318"/,
    ],
    ['{ type: prometheus, address: "9000" }', /^error .*socket address.*not "9000"; write ":9000"/],
    [
      '{ type: file, format: table, path: x }',
      /^error .*format must be json or logs for a file handler, not "table"/,
    ],
    ['{ type: stdout, onError: retry }', /^error .*onError must be wait, spool, fail or drop/],
    [
      '{ type: stdout, onError: spool }',
      /^error .*onError must be wait, fail or drop for a stdout handler, not "spool"/,
    ],
    [
      '{ type: file, format: json, path: x, url: "http://a:1" }',
      /^warning .*url has no effect on a file handler.*belongs to otlp handlers/,
    ],
    [
      '{ type: file, format: json, path: x, onError: wait, retryFor: 5s }',
      /^warning .*retryFor has no effect with onError: wait; it is of onError: fail/,
    ],
    ['{ type: stdout, onError: drop, retryFor: 5s }', /^warning .*retryFor has no effect with onError: drop/],
    [
      '{ type: otlp, url: "http://a:1", onError: wait, spool: { path: x } }',
      /^warning .*spool has no effect with onError: wait; it is of onError: spool/,
    ],
    ['{ type: otlp, url: "http://a:1", format: logs }', /^warning .*format has no effect on an otlp handler/],
    ['{ type: stdout, retryFor: 5 }', /^error .*retryFor .*; give the unit, such as 5s/],
    ['{ type: stdout, version: 4 }', /^error .*version must be 2 or 3, not 4/],
  ];
  for (const [handler, line] of cases) {
    matchLines(
      t,
      said(await read(`events: { a: { subscriptions: [], handler: ${handler} } }`)),
      [line],
      handler,
    );
  }
});

t.test('what is of no effect elsewhere is told of nobody who uses it', async (t) => {
  for (const handler of [
    '{ type: file, format: json, path: x, onError: fail, retryFor: 5s }',
    '{ type: otlp, url: "http://a:1", spool: { path: x }, retryFor: 5s }',
    '{ type: otlp, url: "http://a:1", onError: spool, spool: { path: x }, retryFor: 5s }',
  ])
    t.same(said(await read(`events: { a: { subscriptions: [], handler: ${handler} } }`)), [], handler);
});

t.test('subscriptions that an export has no form for are told', async (t) => {
  const loaded = await read(
    'events: { a: { subscriptions: [{ type: logs }, { type: metrics }], handler: { type: otlp, url: "http://a:1" } } }',
  );
  matchLines(t, said(loaded), [
    /^warning c.yml:1:48: events.a.subscriptions\[1\] selects metrics, which an otlp handler does not export/,
  ]);
});

t.test('a web configuration of no endpoint is refused as an option', async (t) => {
  const option = await read('', { options: { metricsWebConfig: 'web.yml' } });
  matchLines(t, said(option), [
    /^error --metrics-web-config: has no effect, as there is no Prometheus endpoint; add --metrics-addr/,
  ]);
});

t.test('the same in a file is told', async (t) => {
  matchLines(t, said(await read('operator: { metricsWebConfig: web.yml }')), [
    /^warning c.yml:1:\d+: operator.metricsWebConfig has no effect, as there is no Prometheus endpoint; switch one on by operator.metrics: true/,
  ]);
});

t.test('two endpoints do not share an address', async (t) => {
  const entry = (name: string, address: string) =>
    `  ${name}: { subscriptions: [{ type: metrics }], handler: { type: prometheus, ${address} } }\n`;
  const two = (...addresses: readonly [string, string]) =>
    `events:\n${entry('a', addresses[0])}${entry('b', addresses[1])}`;
  const refused =
    /^error c.yml:3:\d+: events.b.handler serves at \S+, which events.a.handler does already; give it another/;
  for (const [first, second] of [
    ['address: "127.0.0.1:9001"', 'address: "127.0.0.1:9001"'],
    ['address: ":9001"', 'address: "127.0.0.1:9001"'],
    ['address: "127.0.0.1:9001"', 'address: "0.0.0.0:9001"'],
    ['address: "[::]:9001"', 'address: "[::1]:9001"'],
    ['', ''],
    ['address: ":9001"', 'address: ":9001", fallbackAddress: ":9001"'],
  ] as const)
    matchLines(t, said(await read(two(first, second))), [refused], `${first} ${second}`);
  for (const [first, second] of [
    ['address: "127.0.0.1:9001"', 'address: "127.0.0.1:9002"'],
    ['address: "127.0.0.1:0"', 'address: "127.0.0.1:0"'],
    ['address: "127.0.0.1:9001"', 'address: "[::1]:9001"'],
    ['address: "127.0.0.1:9001"', 'address: "0.0.0.0:9001", fallbackAddress: ":9002"'],
  ] as const)
    matchLines(t, said(await read(two(first, second))), [], `${first} ${second}`);
  matchLines(t, said(await read(`operator: { metrics: true }\nevents:\n${entry('a', '')}`)), [
    /^error c.yml:1:\d+: operator.metrics serves at 0.0.0.0:9000, which events.a.handler does already; give it another/,
  ]);
});

t.test('prometheus handlers serve at the address of the operator unless they have their own', async (t) => {
  const { config } = await read(`
operator: { metricsAddr: ':1', metricsFallbackAddr: ':2' }
events:
  a: { subscriptions: [], handler: { type: prometheus } }
  b: { subscriptions: [], handler: { type: prometheus, address: ':3' } }
`);
  t.match(config.handlers, [{ address: ':1', fallbackAddress: ':2' }, { address: ':3' }]);
  t.equal(config.handlers[1]?.fallbackAddress, undefined);
});

t.test('log subscriptions have the level of what they write to', async (t) => {
  const { config } = await read(`
operator: { logLevel: warn, otelLogLevel: error }
events:
  a: { subscriptions: [{ type: logs }, { type: logs, level: debug }], handler: { type: stdout } }
  b: { subscriptions: [{ type: logs }], handler: { type: otlp, url: 'http://a:1/v1/logs' } }
`);
  t.match(config.handlers, [
    { subscriptions: [{ level: 'warn' }, { level: 'debug' }] },
    { subscriptions: [{ level: 'error' }] },
  ]);
});

t.test('maxsizemb: 0 means what it means there', async (t) => {
  const { config } = await read(
    'events: { a: { subscriptions: [], handler: { type: file, format: json, path: x, maxsizemb: 0 } } }',
  );
  t.equal(config.handlers[0]?.maxsizemb, 100);
});

t.test('what writes to a network waits as the kind of run has it, unless it is told how', async (t) => {
  const { config } = await read(`
events:
  a: { subscriptions: [], handler: { type: otlp, url: 'http://a:1/v1/logs' } }
  b: { subscriptions: [], handler: { type: otlp, url: 'http://b:1', onError: spool, spool: { path: s, maxsizemb: 2 } } }
  c: { subscriptions: [], handler: { type: file, format: json, path: x } }
`);
  t.match(config.handlers, [
    { onError: undefined, spool: { path: undefined, maxsizemb: 64 } },
    { onError: 'spool', spool: { path: 's', maxsizemb: 2 } },
    { onError: 'wait' },
  ]);
  t.notOk('spool' in config.handlers[2]!);
});

t.test('an entry that cannot be used is never replaced by standard output', async (t) => {
  const entry = (handler: string) =>
    `events: { a: { subscriptions: [{ type: metrics }], handler: ${handler} } }`;
  for (const handler of ['{ type: amqp, url: x }', '{ type: servicebus }', '{ type: fil }', '5']) {
    t.same((await read(entry(handler))).config.handlers, [], handler);
  }
  const asked = await read(entry('{ type: amqp }'), { options: { output: 'json' } });
  t.equal(asked.config.handlers[0]?.type, 'stdout', 'but by -o');
});

t.test('traces have the settings of any export; nothing else can write spans', async (t) => {
  const { config } = await read(`
events: { a: { subscriptions: [{ type: spans }], handler: { type: otlp, url: 'http://a:1/v1/traces', onError: drop } } }
`);
  t.match(config.handlers, [{ type: 'otlp', onError: 'drop', subscriptions: [{ type: 'spans' }] }]);
  for (const [subscriptions, handler, line] of [
    ['[{ type: spans }]', '{ type: stdout }', /spans, which a stdout handler cannot write/],
    ['[{ type: spans }, { type: logs }]', '{ type: otlp, url: "http://a:1" }', /spans and other things/],
  ] as const) {
    matchLines(
      t,
      said(await read(`events: { a: { subscriptions: ${subscriptions}, handler: ${handler} } }`)),
      [line],
    );
  }
});
