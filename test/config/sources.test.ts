import t from 'tap';
import type { ConfigSources } from '../../lib/config/load.ts';
import type { HandlerConfig } from '../../lib/config.ts';
import { matchLines, read, said } from './read.ts';

t.test('option before environment before file before default', async (t) => {
  const file = 'operator: { metricsAddr: ":1" }';
  const env = { OPERATOR_METRICS_ADDR: ':2' };
  const address = async (texts: string, more: Parameters<typeof read>[1] = {}) =>
    (await read(texts, more)).config.operator.metricsAddr;
  t.equal(await address(''), '0.0.0.0:9000');
  t.equal(await address(file), ':1');
  t.equal(await address(file, { env }), ':2');
  t.equal(await address(file, { env, options: { metricsAddr: ':3' } }), ':3');
});

t.test('every variable reaches its setting', async (t) => {
  const { config, errors, warnings } = await read('', {
    env: {
      OPERATOR_METRICS_ENABLED: 'true',
      OPERATOR_METRICS_ADDR: '[::]:9000',
      OPERATOR_METRICS_FALLBACK_ADDR: '0.0.0.0:9000',
      RUST_LOG: 'mirrord=debug',
      OTEL_RUST_LOG: 'warn',
      OTLP_RUST_LOG: 'trace',
      OPERATOR_JSON_LOG: 'false',
      OTLP_LOGS_URL: 'http://$(HOST):4318/v1/logs',
      OTLP_TRACES_URL: 'https://$(HOST)/v1/traces',
      HOST: 'collector',
    },
  });
  t.same([...errors, ...warnings], []);
  t.same(config.operator, {
    metrics: true,
    metricsAddr: '[::]:9000',
    metricsFallbackAddr: '0.0.0.0:9000',
    jsonLog: false,
    logLevel: 'mirrord=debug',
    otelLogLevel: 'warn',
    otelLogExportUrl: 'http://collector:4318/v1/logs',
    otelTraceExportUrl: 'https://collector/v1/traces',
  });
  const other = await read('', { env: { OTLP_RUST_LOG: 'trace' } });
  t.equal(other.config.operator.otelLogLevel, 'trace', "the chart's name of the variable");
});

t.test('wrong variables and options are named', async (t) => {
  const loaded = await read('', {
    env: {
      OPERATOR_METRICS_ENABLED: 'sure',
      OPERATOR_METRICS_ADDR: 'nowhere',
      OTLP_LOGS_URL: 'http://$(NOBODY)/v1/logs',
      RUST_LOG: 'mirrord=lots,warn',
    },
    options: { reportInterval: '5', seed: 'x', output: 'jsn', sourceId: '' },
  });
  matchLines(t, said(loaded).sort(), [
    /^error --report-interval: its value must be a duration of 1ms or more.*not "5"; give the unit, such as 5s/,
    /^error --seed: its value must be a whole number of at least 0, not "x"/,
    /^error --source-id: its value must be text that is not empty, not ""/,
    /^error -o: its value must be summary, table, json, logs or none, not "jsn"; did you mean json\?/,
    /^error OPERATOR_METRICS_ADDR: its value must be a socket address/,
    /^error OPERATOR_METRICS_ENABLED: its value must be true or false, not "sure"/,
    /^error OTLP_LOGS_URL: its value refers to \$\(NOBODY\), but neither the environment nor operator\.extraEnv has a value for NOBODY/,
    /^warning RUST_LOG: "mirrord=lots" is ignored: "lots" is not a level/,
  ]);
  t.equal(loaded.config.operator.logLevel, 'warn', 'what is left of a lenient value counts');
});

t.test('an empty variable is unset, but an empty RUST_LOG is not', async (t) => {
  const loaded = await read('operator: { metricsAddr: ":1", logLevel: debug }', {
    env: { OPERATOR_METRICS_ADDR: '', OTLP_LOGS_URL: '', OPERATOR_JSON_LOG: '', RUST_LOG: '' },
  });
  t.equal(loaded.config.operator.metricsAddr, ':1');
  t.equal(loaded.config.operator.logLevel, 'error');
  matchLines(t, said(loaded), [/^warning RUST_LOG: .*only errors/]);
});

t.test('numbers and texts of options', async (t) => {
  const { config } = await read('', { options: { seed: '7', sourceId: '42', reportInterval: '1m30s' } });
  t.equal(config.seed, 7);
  t.equal(config.metrics.sourceId, '42');
  t.equal(config.metrics.reportInterval, 90_000);
  t.equal((await read('', { options: { seed: 9 } })).config.seed, 9);
});

t.test('a traces URL is a handler of sessions', async (t) => {
  const url = 'http://collector:4318/v1/traces';
  const place = 'operator.otelTraceExportUrl';
  for (const loaded of [
    await read(`operator: { otelTraceExportUrl: '${url}' }`),
    await read('', { env: { OTLP_TRACES_URL: url } }),
    await read('', { env: { OTLP_TRACES_URL: 'http://elsewhere' }, options: { otelTraceUrl: url } }),
  ]) {
    t.same(said(loaded), []);
    t.match(loaded.config.handlers, [
      { name: place, type: 'otlp', url, subscriptions: [{ type: 'spans', place }] },
    ]);
  }
  matchLines(t, said(await read('', { options: { otelTraceUrl: 'collector:4318' } })), [
    /^error --otel-trace-url: its value must be an http or https URL/,
  ]);
});

function names(handlers: readonly HandlerConfig[]): string[] {
  return handlers.map(({ name, type, format }) => `${name} ${type} ${format}`);
}

const oneEvent =
  'events: { a: { subscriptions: [{ type: metrics }], handler: { type: file, format: json, path: x } } }';

t.test('standard output has a handler only if no other is configured or it was asked for', async (t) => {
  const handlers = async (text: string, options: ConfigSources['options']) =>
    names((await read(text, { options })).config.handlers);
  t.same(await handlers('', {}), ['stdout stdout json']);
  t.same(await handlers('', { stdoutIsTerminal: true }), ['stdout stdout summary']);
  t.same(await handlers('', { stdoutIsTerminal: true, output: 'json' }), ['stdout stdout json']);
  t.same(await handlers('', { output: 'none' }), []);
  t.same(await handlers(oneEvent, {}), ['a file json']);
  t.same(await handlers(oneEvent, { stdoutIsTerminal: true }), ['a file json']);
  t.same(await handlers(oneEvent, { output: 'table' }), ['a file json', 'stdout stdout table']);
  t.same(await handlers(oneEvent, { output: 'none' }), ['a file json']);
  t.same(
    await handlers('operator: { metrics: true, otelLogExportUrl: "http://a/" }', {}),
    ['operator.metrics prometheus json', 'operator.otelLogExportUrl otlp json', 'stdout stdout json'],
    'shorthands do not count',
  );
});

t.test('what the handlers of the shorthands subscribe to', async (t) => {
  const { config } = await read('operator: { otelLogLevel: warn, logLevel: debug }', {
    options: { metricsAddr: ':9100', otelLogUrl: 'http://a:4318/v1/logs', output: 'logs' },
  });
  t.equal(config.operator.metrics, true, '--metrics-addr switches it on');
  t.match(config.handlers, [
    { name: 'operator.metrics', type: 'prometheus', address: ':9100', subscriptions: [] },
    { type: 'otlp', url: 'http://a:4318/v1/logs', subscriptions: [{ type: 'logs', level: 'warn' }] },
    { name: 'stdout', format: 'logs', subscriptions: [{ type: 'logs', level: 'debug' }] },
  ]);
});

t.test('handlers never share a name', async (t) => {
  const { config } = await read('events: { stdout: { subscriptions: [], handler: { type: stdout } } }', {
    options: { output: 'json' },
  });
  t.same(
    config.handlers.map(({ name }) => name),
    ['stdout', "stdout'"],
  );
});
