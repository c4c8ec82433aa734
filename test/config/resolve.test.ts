import t from 'tap';
import { resolveConfig } from '../../lib/config/resolve.ts';

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
