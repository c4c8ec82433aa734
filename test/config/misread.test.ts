import { writeFile } from 'node:fs/promises';
import t from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { matchLines, read, said } from './read.ts';

t.test('keys that are others to YAML than to whoever reads them', async (t) => {
  const loaded = await read(
    [
      'metrics.reservoir.size: 5',
      'metrics:',
      '  reportInterval: 20s',
      '  \u00a0sourceId: x',
      '\u200boperator: {}',
      'other.section: 1',
    ].join('\n'),
  );
  t.same(loaded.errors, []);
  matchLines(t, said(loaded), [
    /c.yml:1:1: metrics.reservoir.size is one key to YAML.*write metrics: \{ reservoir: \{ size: … \} \}/,
    /c.yml:4:3: sourceId stands behind U\+00A0.*indent it by spaces/,
    /c.yml:5:1: operator stands behind U\+200B/,
  ]);
});

t.test('numbers that are others to the programs whose files these are', async (t) => {
  const loaded = await read('metrics: { messageQueueSize: 010, maxSeries: 0007, maxSessions: 089 }');
  t.match(loaded.config.metrics, { messageQueueSize: 10, maxSeries: 7, maxSessions: 89 });
  matchLines(t, said(loaded), [/messageQueueSize is 10 here, and 8 to OpenZiti and Helm.*write 10 or 8/]);
});

t.test('a file that is not UTF-8', async (t) => {
  const folder = t.testdir();
  await writeFile(`${folder}/c.yml`, Buffer.from('metrics:\n  sourceId: caf\xe9\n', 'latin1'));
  await t.rejects(loadConfig({ files: [`${folder}/c.yml`], env: {}, options: {} }), {
    code: 'CONFIG_UNREADABLE',
    message: /line 2 is not UTF-8; convert it/,
  });
});
