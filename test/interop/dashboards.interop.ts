import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { dashboardText } from '../../lib/dashboards/index.ts';
import { parsed, richLog } from '../dashboards/support/log.ts';
import { filledIn } from '../dashboards/support/promql.ts';
import { freePort } from '../helpers/free-port.ts';
import { start } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';
import { find, need } from './components.ts';
import { eventually, startPrometheus } from './services.ts';

await need('promtool');
await need('prometheus');

interface Panel {
  readonly title: string;
  readonly targets?: { expr: string }[];
  readonly panels?: Panel[];
}

interface RuleState {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'mirrormon-dashboards-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const rules = join(folder, 'rules.yml');
writeFileSync(rules, await dashboardText('prometheus-rules'));

/** A running mirrormon whose input stays open, as a live log's does. */
async function live(args: readonly string[]) {
  const child = start([...args, '-o', 'none', '-q']);
  t.teardown(async () => {
    child.stdin!.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  return (text: string) => child.stdin!.write(text);
}

t.test('promtool takes the rules', async (t) => {
  const output = execFileSync(await find('promtool'), ['check', 'rules', rules], { encoding: 'utf8' });
  t.match(output, /SUCCESS: \d\d rules found/);
});

t.test('a real Prometheus answers every panel', async (t) => {
  const [port, zitiPort] = [await freePort(), await freePort()];
  const zitiConfig = join(folder, 'ziti.yml');
  const handler = { type: 'prometheus', address: `127.0.0.1:${zitiPort}` };
  // A JSON text is YAML.
  writeFileSync(
    zitiConfig,
    JSON.stringify({ events: { all: { subscriptions: [{ type: 'metrics' }], handler } } }),
  );
  const operator = await live(['--metrics-addr', `127.0.0.1:${port}`]);
  const controller = await live(['-c', zitiConfig]);

  const log = richLog(12_000);
  const half = log.indexOf('\n', log.length / 2) + 1;
  const lines = (text: string): number => text.split('\n').length - 1;
  const instance = `instance="127.0.0.1:${port}"`;
  const prometheus = await startPrometheus({
    targets: [`127.0.0.1:${port}`, `127.0.0.1:${zitiPort}`],
    rules: [rules],
  });
  t.teardown(() => prometheus.stop());
  const read = (count: number) =>
    eventually(`${count} records are read and scraped`, async () => {
      const [sample] = await prometheus.query(`mirrormon_records_read_total{${instance}}`);
      return sample?.value === count ? true : undefined;
    });

  controller(readFileSync(fixture('ziti', 'events-v3.ndjson'), 'utf8'));
  operator(log.slice(0, half));
  await read(lines(log.slice(0, half)));
  await prometheus.scraped();
  operator(`${log.slice(half)}{not json\n`);
  await read(lines(log) + 1);
  // a rate needs a second scrape after what it is a rate of
  const before = Date.now() / 1000;
  await eventually('two more scrapes', async () => {
    const [sample] = await prometheus.query(`timestamp(up{${instance}})`);
    return sample !== undefined && sample.value > before + 2 ? true : undefined;
  });

  const dashboard: { panels: Panel[] } = JSON.parse(await dashboardText('grafana'));
  const panels = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const silent: string[] = [];
  for (const { title, targets = [] } of panels) {
    for (const { expr } of targets) {
      const samples = await prometheus.query(filledIn(expr, { job: 'mirrormon' }));
      if (!samples.some(({ value }) => Number.isFinite(value))) silent.push(title);
    }
  }
  t.same(
    [...new Set(silent)],
    [
      'Dropped, by handler and reason',
      'Handler failures',
      'Kafka: records that were not read yet',
      'Kafka: records lost to retention',
      'Kafka: commits of a shared run',
      'Kafka: time of a commit',
      'Kafka: rebalances',
      'Kafka: restored state',
      'Scrapes of other endpoints (--scrape).',
    ],
    'nothing was dropped, failed, scraped or read from Kafka: all other panels show something',
  );

  const starts = parsed(log).filter(({ fields }) => fields.message === 'Session Start');
  const panelOf = (title: string): string =>
    filledIn(panels.find((panel) => panel.title === title)!.targets![0]!.expr, { job: 'mirrormon' });
  const byUser = await prometheus.query(panelOf('Sessions by user'));
  const users = new Map<string, number>();
  for (const { fields } of starts) {
    const user = String(fields.client_user);
    users.set(user, (users.get(user) ?? 0) + 1);
  }
  t.same(
    byUser.map(({ metric }) => metric.client_user).sort(),
    [...users.keys()].sort(),
    'every user is there',
  );
  for (const { metric, value } of byUser) {
    const count = users.get(metric.client_user!)!;
    // increase extrapolates to the ends of the window; what was there from the first scrape is exact
    t.ok(value >= count * 0.99 && value <= count * 1.5, `${metric.client_user}: ${value} of ${count}`);
  }
  const exact = await prometheus.query(`sum(mirrord_sessions_create_total{${instance}})`);
  t.equal(exact[0]?.value, starts.length);

  const targets = await prometheus.query(
    filledIn(panels.find(({ title }) => title === 'Session durations by target')!.targets![3]!.expr, {
      job: 'mirrormon',
    }),
  );
  t.ok(targets.length > 50, 'p95 of duration by target');
  t.hasOwnProps(targets[0]!.metric, ['target_namespace']);
  const ports = await prometheus.query(panelOf('Stolen connections by port'));
  t.ok(
    ports.some(({ metric }) => metric.port === '8080'),
    'stolen connections by port',
  );

  const response = await fetch(`${prometheus.url}/api/v1/rules`);
  const { data } = (await response.json()) as { data: { groups: { rules: RuleState[] }[] } };
  const states = data.groups.flatMap((group) => group.rules);
  t.ok(states.length > 20);
  for (const { name, health, lastError } of states) t.equal(health, 'ok', `${name} ${lastError ?? ''}`);
  for (const { name } of states.filter((state) => state.name.includes(':'))) {
    t.ok((await prometheus.query(name)).length > 0, `${name} is recorded`);
  }
  const [firing] = await prometheus.query('ALERTS{alertname="MirrormonDeadLetters",alertstate="firing"}');
  t.equal(firing?.metric.reason, 'invalid-json', 'an alert fires for what is wrong');
});
