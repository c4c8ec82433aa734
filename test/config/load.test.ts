import { readFile } from 'node:fs/promises';
import t from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { assertValid } from '../../lib/config/problem.ts';
import { MirrormonError } from '../../lib/errors.ts';
import { fixture } from '../helpers/root.ts';
import { matchLines, read, said } from './read.ts';

t.test('without any source, everything has the default of the design', async (t) => {
  const loaded = await loadConfig({ files: [], env: {}, options: {} });
  t.same(said(loaded), []);
  t.match(loaded.config, {
    metrics: {
      reportInterval: undefined,
      messageQueueSize: 10,
      sourceId: 'mirrord-operator',
      report: 'all',
      reservoir: { size: 128, timerSize: 1028, alpha: 0.015, admission: 'newest' },
      buckets: {},
      maxSeries: 100_000,
      expireAfter: 0,
      rules: [],
    },
    input: { maxRecordBytes: 1_048_576, maxDepth: 1000 },
    operator: { metrics: false, metricsAddr: '0.0.0.0:9000', logLevel: 'info', otelLogLevel: 'info' },
    seed: 1,
  });
  t.equal(loaded.config.operator.jsonLog, undefined);
});

for (const name of [
  'controller.yml',
  'router.yml',
  'helm-values.yaml',
  'file-reporter.yml',
  'complete.yml',
]) {
  t.test(`${name} is accepted without a word`, async (t) => {
    t.same(said(await read(await readFile(fixture('config', name), 'utf8'))), []);
  });
}

t.test('a file of UTF-16, as PowerShell writes it, is read', async (t) => {
  const text = Buffer.from('\ufeffmetrics:\r\n  sourceId: größe\r\n', 'utf16le');
  const files = { little: text, big: Buffer.from(text).swap16(), bare: text.subarray(2) };
  const folder = t.testdir({ ...files } as unknown as Record<string, string>);
  for (const name of Object.keys(files)) {
    const loaded = await loadConfig({ files: [`${folder}/${name}`], env: {}, options: {} });
    t.same(said(loaded), [], name);
    t.equal(loaded.config.metrics.sourceId, 'größe', name);
  }
});

t.test("a controller's file gives its handlers", async (t) => {
  const { config } = await read(await readFile(fixture('config', 'controller.yml'), 'utf8'));
  t.equal(config.metrics.reportInterval, 5000);
  t.same(
    config.handlers.map(({ name }) => name),
    [
      'metricsCtrl',
      'metricsPool',
      'metricsAll',
      'metricsAnchoredInt',
      'metricsAnchoredIntNoDot',
      'metricsP99',
      'metricsTwoSubs',
      'metricsRolling',
      'allTypes',
      'legacyNames',
    ],
  );
  t.match(config.handlers[0], {
    type: 'file',
    format: 'json',
    path: 'ev/metrics-ctrl.ndjson',
    maxsizemb: 100,
    maxbackups: 0,
    bufferSize: 10,
    onError: 'wait',
    retryFor: 300_000,
    subscriptions: [{ type: 'metrics', sourceFilter: 'ctrl1', metricFilter: '.*', place: 'c.yml:62:9' }],
  });
  t.equal(config.handlers[0]?.version, undefined, 'events that come in pass unchanged');
  t.equal(config.handlers[2]?.bufferSize, 100);
  t.equal(config.handlers[6]?.format, 'json', 'the case of a format does not matter');
  t.equal(config.handlers[8]?.subscriptions.length, 15);
  t.equal(config.handlers[8]?.subscriptions.find(({ type }) => type === 'usage')?.version, 3);
});

t.test('the chart’s values give the levels of the Operator', async (t) => {
  const { config } = await read(await readFile(fixture('config', 'helm-values.yaml'), 'utf8'));
  t.match(config.operator, {
    metrics: false,
    jsonLog: false,
    logLevel: 'mirrord=info,operator=info,kube_runtime=warn',
  });
});

t.test('the keys that the chart has in comments are known, too', async (t) => {
  const keys = `affinity clickhouseBranchConfig clusterName cockroachdbBranchConfig containerArgs dbBranching
    extraVolumeMounts extraVolumes idleKafkaSplitTtlMillis imagePullPolicy imagePullSecrets imageTag jiraWebhookUrl
    kafkaSplittingTopicFormat mariadbBranchConfig maxSessionTimeSeconds mongodbBranchConfig
    multiClusterMemberAzureGroup multiClusterMemberIamGroup mysqlBranchConfig noPodTargetsSessionTimeoutMillis
    nodeSelector pgBranchConfig redisBranchConfig spannerBranchConfig tolerations`.split(/\s+/);
  t.same(said(await read(`operator:\n${keys.map((key) => `  ${key}: {}\n`).join('')}`)), []);
});

t.test('a mistyped key is told with the word that was meant', async (t) => {
  const loaded = await read(`
metrics:
  reportInteval: 20s
  colour: red
  reservoir: { sise: 5 }
input: { maxDeph: 5 }
operator:
  loglevel: debug
  metricAddr: :9000
edge: {}
events:
  a:
    subscription: []
    subscriptions: [{ type: metrics, metricsFilter: x }]
    handler: { type: stdout, formt: json, path: x, colour: red }
`);
  t.same(loaded.errors, []);
  matchLines(t, said(loaded), [
    /c.yml:3:3: metrics.reportInteval is not a setting; did you mean reportInterval\?/,
    /c.yml:4:3: metrics.colour is not a setting; known here: reportInterval, messageQueueSize/,
    /c.yml:5:16: metrics.reservoir.sise .*did you mean size\?/,
    /c.yml:6:10: input.maxDeph .*did you mean maxDepth\?/,
    /c.yml:8:3: operator.loglevel .*did you mean logLevel\?/,
    /c.yml:9:3: operator.metricAddr .*did you mean metricsAddr\?/,
    /c.yml:13:5: events.a.subscription is not a setting/,
    /c.yml:14:38: events.a.subscriptions\[0\].metricsFilter .*did you mean metricFilter\?/,
    /c.yml:15:30: events.a.handler.formt .*did you mean format\?/,
    /c.yml:15:43: events.a.handler.path has no effect on a stdout handler/,
    /c.yml:15:52: events.a.handler.colour is not a setting/,
  ]);
});

t.test('at the top, only what is near to a section of ours is told', async (t) => {
  matchLines(t, said(await read('event: {}\ninputs: {}\nmetric: {}\nedge: {}\nagent: {}\nlink: {}\n')), [
    /c.yml:1:1: event is not a setting; did you mean events\?/,
    /c.yml:2:1: inputs .*did you mean input\?/,
    /c.yml:3:1: metric .*did you mean metrics\?/,
  ]);
});

t.test('a comment in another style is explained', async (t) => {
  matchLines(t, said(await read('metrics:\n  messageQueueSize: 20 // Default 10\n')), [
    /^error c.yml:2:21: .*whole number.*not "20 \/\/ Default 10"; comments begin with # in YAML: write 20 # Default 10/,
  ]);
  matchLines(t, said(await read('metrics:\n  sourceId: a // mine\n')), [
    /^warning c.yml:2:13: .*contains \/\/; comments begin with #/,
  ]);
  t.same(said(await read('operator: { otelLogExportUrl: http://a/b }')), [], 'a URL is none');
});

t.test('all errors are told at once, in the order of the file', async (t) => {
  const loaded = await read(
    'input: { maxDepth: 0 }\nmetrics: { report: some, maxSeries: x }\noperator: { metrics: 1 }\n',
  );
  matchLines(t, said(loaded), [/c.yml:1:20/, /c.yml:2:20/, /c.yml:2:37/, /c.yml:3:22/]);
  t.throws(() => assertValid(loaded), {
    code: 'CONFIG_INVALID',
    where: 'c.yml:1:20',
    message: /^input.maxDepth must be a whole number from 1 to 100000, not 0 \(and 3 more/,
  });
  t.equal(loaded.config.input.maxDepth, 1000, 'what was wrong has its default');
  t.doesNotThrow(() => assertValid({ errors: [] }));
});

t.test('later files win: maps are merged, lists and scalars replaced', async (t) => {
  const loaded = await read([
    `
metrics: { sourceId: a, maxSeries: 5, rules: [{ name: x, type: counter }] }
events:
  one: { subscriptions: [{ type: metrics }, { type: usage }], handler: { type: file, format: json, path: one } }
`,
    `
metrics: { sourceId: b, rules: [{ name: y, type: counter }] }
events:
  one: { subscriptions: [{ type: logs }], handler: { path: two } }
`,
  ]);
  t.same(said(loaded), []);
  t.match(loaded.config.metrics, { sourceId: 'b', maxSeries: 5, rules: [{ name: 'y' }] });
  t.equal(loaded.config.metrics.rules.length, 1);
  t.match(loaded.config.handlers, [{ path: 'two', format: 'json', subscriptions: [{ type: 'logs' }] }]);
  t.equal(loaded.config.handlers[0]?.subscriptions.length, 1);
});

t.test('problems of several files name theirs', async (t) => {
  matchLines(t, said(await read(['input: { maxDepth: 0 }', 'metrics: { maxSeries: 0 }'])), [
    /c.yml:1:20/,
    /c2.yml:1:23/,
  ]);
});

t.test('both names of the interval are read, and metrics.reportInterval wins', async (t) => {
  const interval = async (...texts: string[]) => (await read(texts)).config.metrics.reportInterval;
  t.equal(await interval('network: { metricsReportInterval: 7s }'), 7000);
  t.equal(await interval('metrics: { reportInterval: 8s }\nnetwork: { metricsReportInterval: 7s }'), 8000);
  t.equal(await interval('metrics: { reportInterval: 8s }', 'network: { metricsReportInterval: 7s }'), 8000);
});

t.test('levels in files are strict', async (t) => {
  matchLines(t, said(await read('operator: { logLevel: "info, mirrord=debug" }')), [
    /^error c.yml:1:23: operator.logLevel, character 14: .* is not a level.*; leave out the spaces/,
  ]);
  matchLines(t, said(await read('operator: { logLevel: warning }')), [
    /^warning c.yml:1:23: .*names warning, which is no level.*; write warn for the level/,
  ]);
});

t.test('terminal escapes in keys and values stay text', async (t) => {
  const lines = said(
    await read('events: { "a\\e[31m": { subscriptions: "\\e[2J" } }\nmetrics: { "\\u202Ex": 1 }'),
  );
  t.ok(lines.length >= 3);
  for (const line of lines) t.notMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/);
});

t.test('keys that are names of properties are ordinary keys', async (t) => {
  const { config } = await read(`
metrics: { buckets: { __proto__: [1, 2], constructor: [3] } }
events:
  __proto__:
    subscriptions: [{ type: logs, fieldFilter: { __proto__: x, toString: y } }]
    handler: { type: stdout }
`);
  t.same(Object.entries(config.metrics.buckets), [
    ['__proto__', [1, 2]],
    ['constructor', [3]],
  ]);
  t.equal(config.handlers[0]?.name, '__proto__');
  t.same(Object.keys(config.handlers[0]?.subscriptions[0]?.fieldFilter ?? {}), ['__proto__', 'toString']);
});

t.test('a file that cannot be read', async (t) => {
  const missing = fixture('config', 'nowhere.yml');
  await t.rejects(loadConfig({ files: [missing], env: {}, options: {} }), {
    code: 'CONFIG_UNREADABLE',
    where: missing,
    message: /no such file/,
  });
  await t.rejects(loadConfig({ files: [fixture('config')], env: {}, options: {} }), {
    message: /it is a folder/,
  });
  t.equal(new MirrormonError('CONFIG_UNREADABLE', '').exitCode, 2);
});

t.test('keys of ours at a wrong level are told with where they belong', async (t) => {
  const loaded = await read(`
metrics: { size: 5, metricsAddr: ":1" }
reportInterval: 20s
operator: { maxbackups: 3, labels: {}, version: 1 }
type: file
events:
  subscriptions: [{ type: metrics }]
  a:
    metricFilter: x
    subscriptions: [{ type: metrics, maxsizemb: 1 }]
    handler: { type: stdout, metricFilter: x, timerSize: 3 }
`);
  t.same(loaded.errors, []);
  matchLines(t, said(loaded), [
    /c.yml:2:12: metrics.size stands at the wrong level.*it belongs to metrics.reservoir.size/,
    /c.yml:2:21: metrics.metricsAddr stands at the wrong level.*it belongs to operator.metricsAddr/,
    /c.yml:3:1: reportInterval stands at the wrong level.*it belongs to metrics.reportInterval/,
    /c.yml:4:13: operator.maxbackups stands at the wrong level.*events.NAME.handler.maxbackups/,
    /c.yml:7:18: events.subscriptions is no map.*subscriptions belongs to events.NAME.subscriptions/,
    /c.yml:9:5: events.a.metricFilter stands at the wrong level.*events.NAME.subscriptions\[\].metricFilter/,
    /c.yml:10:38: events.a.subscriptions\[0\].maxsizemb stands at the wrong level.*events.NAME.handler.maxsizemb/,
    /c.yml:11:30: events.a.handler.metricFilter stands at the wrong level/,
    /c.yml:11:47: events.a.handler.timerSize stands at the wrong level.*metrics.reservoir.timerSize/,
  ]);
});

t.test('a device that never ends is no configuration', async (t) => {
  await t.rejects(loadConfig({ files: ['/dev/zero'], env: {}, options: {} }), {
    code: 'CONFIG_UNREADABLE',
    message: 'cannot read this configuration: it is longer than 16 MiB, so it is none',
  });
});
