import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { root } from '../helpers/root.ts';

const log = join(root, 'fixtures', 'operator', 'operator.log.gz');

/** With a ledger everything is measured, without one what is read: nobody may see a difference. */
t.test('metrics that nobody reads cost nothing and change nothing', async (t) => {
  const filters = [
    '^mirrord_sessions_(create_total|duration)\\.',
    '^mirrormon_sessions_active',
    '_duration_seconds\\.p95$',
    'count$',
    '^nothing$',
  ];
  for (const metricFilter of filters) {
    const folder = t.testdir({
      'config.yml': JSON.stringify({
        events: {
          some: {
            subscriptions: [{ type: 'metrics', metricFilter }],
            handler: { type: 'stdout', format: 'json' },
          },
        },
      }),
    });
    const ledger = join(folder, 'ledger.json');
    const args = [log, '-c', join(folder, 'config.yml'), '--report-interval', '1h', '-q'];
    const [some, all] = await Promise.all([mirrormon(args), mirrormon([...args, '--ledger', ledger])]);
    t.same([some.status, all.status, some.stderr, all.stderr], [0, 0, '', '']);
    t.equal(some.stdout === all.stdout, true, metricFilter);
    t.equal(some.stdout !== '', metricFilter !== '^nothing$', metricFilter);
    t.equal(JSON.parse(await readFile(ledger, 'utf8')).read.records, 4000);
  }
});
