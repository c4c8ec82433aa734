// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is tested
import t from 'tap';
import { type EventSettings, resolveConfig } from '../../lib/config/resolve.ts';

t.test('settings in the form of the YAML, defaults filled in', async (t) => {
  const config = await resolveConfig({ metrics: { reportInterval: '20s' } });
  t.equal(config.metrics.reportInterval, 20_000);
  t.equal(config.metrics.messageQueueSize, 10);
  t.same(config.handlers, [], 'a program writes nothing that it did not ask for');
});

t.test('a wrong setting is an error that names it', async (t) => {
  await t.rejects(resolveConfig({ metrics: { reportInterval: 'soon' } }), {
    code: 'CONFIG_INVALID',
    message: /reportInterval/,
  });
});

t.test(
  'a key that there is not is a compile error, and one at run time that names the nearest',
  async (t) => {
    // @ts-expect-error mistyped
    await t.rejects(resolveConfig({ metrics: { reportIntervall: '1m' } }), {
      code: 'CONFIG_INVALID',
      message: /metrics.reportIntervall is not a setting/,
      hint: /did you mean reportInterval\?/,
    });
    // @ts-expect-error no section of ours
    await t.rejects(resolveConfig({ edge: {} }), { message: /edge is not a setting/ });
    // @ts-expect-error at a wrong level
    await t.rejects(resolveConfig({ operator: { sourceId: 'x' } }), { hint: /belongs to metrics.sourceId/ });
    const subscriptions = [{ type: 'metrics' }];
    // @ts-expect-error mistyped
    const handler: EventSettings['handler'] = { type: 'file', pth: 'x', format: 'json' };
    await t.rejects(resolveConfig({ events: { a: { subscriptions, handler } } }), { code: 'CONFIG_INVALID' });
    // @ts-expect-error of the wrong type
    await t.rejects(resolveConfig({ metrics: { maxSeries: 'many' } }), { message: /maxSeries must be/ });
  },
);

t.test('what JSON has no words for is an error', async (t) => {
  const circle: Record<string, unknown> = {};
  circle.metrics = circle;
  const table: readonly [settings: unknown, message: string][] = [
    [{ metrics: { maxSeries: Number.NaN } }, 'metrics.maxSeries must not be NaN'],
    [{ metrics: { maxSeries: 10n } }, 'metrics.maxSeries must not be a BigInt'],
    [{ metrics: { maxSeries: () => 1 } }, 'metrics.maxSeries must not be a function'],
    [{ metrics: { sourceId: new Date() } }, 'metrics.sourceId must not be an instance of Date'],
    [new Map([['metrics', {}]]), 'a configuration must not be an instance of Map'],
    [
      { events: { a: { subscriptions: [/x/] } } },
      'events.a.subscriptions.0 must not be an instance of RegExp',
    ],
    [circle, 'metrics must not be a part of itself'],
  ];
  for (const [settings, message] of table)
    await t.rejects(resolveConfig(settings as object), { code: 'CONFIG_INVALID', message });
  t.ok(await resolveConfig(Object.assign(Object.create(null), { metrics: { reportInterval: undefined } })));
});

t.test('every kind of setting may be written', async (t) => {
  const config = await resolveConfig({
    metrics: {
      reportInterval: '20s',
      reservoir: { size: 64 },
      buckets: { a: [1, 2] },
      rules: [
        { name: 'a_total', type: 'counter', when: { message: '^x$' }, labels: { user: 'client_user' } },
      ],
    },
    input: { maxDepth: 5 },
    operator: { logLevel: 'debug', otelLogExportUrl: 'http://collector:4318/v1/logs' },
    events: {
      a: {
        subscriptions: [{ type: 'logs', fieldFilter: { client_user: '$HOME' } }],
        handler: { type: 'file', format: 'logs', path: '${HOME}/x.log', retryFor: '1m' },
      },
    },
  });
  t.equal(config.handlers[0]?.path, '${HOME}/x.log', 'no variable is expanded');
});
