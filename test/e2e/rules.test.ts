import { join } from 'node:path';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { mirrormon } from '../helpers/program.ts';

// long enough for workers to have their part of it
const log = Buffer.concat([...generate({ kind: 'operator', records: 30_000, seed: 9 })]);
const folder = t.testdir({
  'op.log': log,
  'rules.yml': `metrics:
  rules:
    - name: held_seconds
      type: histogram
      unit: seconds
      when: { kind: port-release }
      value: { since: { any: [{ kind: port-steal }, { kind: port-mirror }] }, key: session_id }
      labels: [target_namespace]
      buckets: [10, 60, 600]
    - name: unfiltered_total
      type: counter
      when: { kind: port-steal, not: { fields: { http_filter: { exists: true } } } }
    - name: low_ports_total
      type: counter
      when: { fields: { port: { below: 1024 } }, not: { kind: port-release } }
`,
});
const path = (name: string): string => join(folder, name);

t.test('rules measure the same on any number of threads, and as the oracle does', async (t) => {
  const run = (workers: string, env = {}) =>
    mirrormon(['-c', path('rules.yml'), path('op.log'), '-o', 'json', '--workers', workers], { env });
  const expected = await run('0', { MIRRORMON_PARSER: 'reference' });
  for (const name of ['held_seconds', 'unfiltered_total', 'low_ports_total'])
    t.match(expected.stdout, `"metric":"${name}"`);
  for (const workers of ['0', '1', '2'])
    t.ok((await run(workers)).stdout === expected.stdout, `${workers} workers`);
});

t.test('rules are checked, and explained', async (t) => {
  const checked = await mirrormon(['check', '--strict', path('rules.yml')]);
  t.equal(checked.status, 0, checked.stderr);
  const explained = await mirrormon([
    'explain',
    '-c',
    path('rules.yml'),
    path('op.log'),
    '--metric',
    'held_seconds',
    '--top',
    '1',
  ]);
  t.match(explained.stdout, 'a histogram of metrics.rules.');
  t.match(explained.stdout.replace(/\s+/g, ' '), /from records of kind port-release [\d,]+/);
});
