/**
 * Runs that several processes share by Kafka: the last reports are those of one process over the same records.
 * MIRRORMON_ROLE_RECORDS (1000000) and MIRRORMON_ROLE_KILLS (10) say how long the second part is.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { mirrormon, start } from '../helpers/program.ts';
import { startBroker } from './broker.ts';
import { need } from './components.ts';
import { TestCluster } from './kafka-roles-cluster.ts';

const jars = await need('kafka');
t.setTimeout(3_600_000);
const folder = t.testdir();
const broker = await startBroker(jars);
t.teardown(() => broker.stop());
const cluster = new TestCluster(broker, jars);
const PARTITIONS = 8;
/** Of those who map. */
const endpoint =
  'events: { own: { subscriptions: [{ type: metrics }], handler: { type: prometheus, address: "127.0.0.1:0" } } }\n';

interface Event {
  readonly metric: string;
  readonly metric_type: string;
  readonly tags?: unknown;
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly source_event_id: string;
  readonly metrics: Readonly<Record<string, number>>;
}

const seriesOf = ({ metric, metric_type, tags }: Event): string =>
  JSON.stringify([metric, metric_type, tags]);
const timeOf = ({ timestamp }: Event): number => timestamp.seconds * 1e9 + timestamp.nanos;
const eventsIn = (lines: readonly string[]): Event[] => lines.map((line) => JSON.parse(line));

/** Records, and what one process reports of them. */
async function records(count: number, seed: number): Promise<{ lines: string[]; expected: Event[] }> {
  const log = join(folder, `${seed}.log`);
  writeFileSync(
    log,
    (await mirrormon(['generate', '--records', String(count), '--seed', String(seed)])).stdout,
  );
  const { stdout } = await mirrormon([log, '-o', 'json']);
  return {
    lines: readFileSync(log, 'utf8').trimEnd().split('\n'),
    expected: eventsIn(stdout.trimEnd().split('\n')),
  };
}

/** The processes of a run, which are started anew when they are killed. */
class Processes {
  readonly said: string[] = [];
  private readonly group: string;
  private readonly running: { role: string; child: ChildProcess; exited: Promise<unknown> }[] = [];

  constructor(group: string) {
    this.group = group;
    t.teardown(() => {
      for (const { child } of this.running) child.kill('SIGKILL');
    });
  }

  start(role: string, commitEvery = '1s'): void {
    const file = join(folder, `${this.group}-${role}.yml`);
    writeFileSync(
      file,
      `metrics: { reportInterval: 6h }\nkafka: { brokers: ["${broker.address}"], topics: ${this.group}-in, group: ${this.group}, role: ${role}, shares: 4, commitEvery: ${commitEvery} }\n${role === 'map' ? endpoint : ''}`,
    );
    const child = start(['-c', file]);
    child.stdout!.resume();
    child.stderr!.setEncoding('utf8').on('data', (text) => this.said.push(text));
    this.running.push({ role, child, exited: once(child, 'close') });
  }

  /** One of a role, as a machine that fails; another one takes its place. */
  async kill(role: string): Promise<void> {
    const those = this.running.filter((one) => one.role === role);
    const one = those[Math.floor(Math.random() * those.length)]!;
    this.running.splice(this.running.indexOf(one), 1);
    one.child.kill('SIGKILL');
    await one.exited;
    this.start(role, '300ms');
  }

  /** As a machine that is paused; of one role, the first of them alone. */
  async pause(milliseconds: number, only?: string): Promise<void> {
    const those = only === undefined ? this.running : [this.running.find(({ role }) => role === only)!];
    for (const { child } of those) child.kill('SIGSTOP');
    await delay(milliseconds);
    for (const { child } of those) child.kill('SIGCONT');
  }

  /** Asks those of a role to end, and gives their statuses. */
  async end(role: string): Promise<unknown[]> {
    const those = this.running.filter((one) => one.role === role);
    for (const { child } of those) child.kill('SIGTERM');
    return await Promise.all(those.map(async ({ exited }) => ((await exited) as [unknown])[0]));
  }
}

async function untilRead(t: Test, group: string, topic: string, seconds: number): Promise<void> {
  for (const until = Date.now() + seconds * 1000; ; await delay(500)) {
    const lag = await cluster.lag(group, topic).catch(() => -1);
    if (lag === 0) return;
    if (Date.now() > until) {
      t.fail(`${group}: ${lag} records of ${topic} were not read`);
      return;
    }
  }
}

/** What the endpoints say that a group's processes have told the addresses of. */
async function scraped(processes: Processes): Promise<string[]> {
  const addresses = processes.said.join('').match(/http:\S+\/metrics/g) ?? [];
  return await Promise.all(
    addresses.map(async (address) =>
      fetch(address).then(
        async (answer) => await answer.text(),
        () => 'closed',
      ),
    ),
  );
}

/** What was reported last equals what one process reports, and nothing was reported twice. */
async function check(t: Test, group: string, expected: readonly Event[]): Promise<void> {
  const found = eventsIn(await cluster.consumed(`${group}-reports`));
  const last = new Map<string, Event>();
  const reported = new Set<string>();
  /** How many series each report is of, by its time. */
  const sizes = new Map<number, number>();
  for (const event of found) {
    reported.add(`${seriesOf(event)} ${timeOf(event)}`);
    sizes.set(timeOf(event), (sizes.get(timeOf(event)) ?? 0) + 1);
    const before = last.get(seriesOf(event));
    if (before === undefined || timeOf(before) <= timeOf(event)) last.set(seriesOf(event), event);
  }
  t.equal(reported.size, found.length, 'no series is in a report twice');
  const inOrder = [...sizes].sort(([a], [b]) => a - b).map(([, size]) => size);
  t.same(
    inOrder,
    [...inOrder].sort((a, b) => a - b),
    'no report leaves out what an earlier one had',
  );
  t.equal(last.size, expected.length, 'as many series');
  const differing = expected.flatMap((wanted) => {
    const event = last.get(seriesOf(wanted));
    if (event === undefined || timeOf(event) !== timeOf(wanted)) return [[seriesOf(wanted), 'is not there']];
    return Object.entries(wanted.metrics)
      .filter(([key, value]) => !isSame(key, value, event.metrics[key]!))
      .map(([key, value]) => [seriesOf(wanted), key, value, event.metrics[key]]);
  });
  t.same(differing.slice(0, 3), [], 'the same figures');
  t.equal(
    new Set([...last.values()].map(({ source_event_id }) => source_event_id)).size,
    1,
    'one report, whoever wrote it',
  );
}

function isSame(key: string, a: number, b: number): boolean {
  if (!key.endsWith('_rate')) return a === b;
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

/** Everything is read, added up, and reported at the end. */
async function finish(t: Test, group: string, processes: Processes, seconds: number): Promise<void> {
  await untilRead(t, `${group}-map`, `${group}-in`, seconds);
  t.same(new Set(await processes.end('map')), new Set([143]), 'who maps ends as it is told');
  await untilRead(t, `${group}-reduce`, `${group}-partials`, seconds);
  t.same(new Set(await processes.end('reduce')), new Set([143]), 'who reduces ends as it is told');
}

t.test('two processes that map and two that reduce are one', async (t) => {
  const { lines, expected } = await records(100_000, 5);
  await cluster.createTopic('quiet-in', PARTITIONS);
  const processes = new Processes('quiet');
  for (const role of ['map', 'map', 'reduce', 'reduce']) processes.start(role);
  await cluster.produce('quiet-in', lines, PARTITIONS);
  await untilRead(t, 'quiet-map', 'quiet-in', 120);
  const pages = (await scraped(processes)).filter((page) => page !== 'closed');
  t.ok(pages.length > 0);
  for (const page of pages) {
    t.match(page, /^mirrormon_kafka_commits_total\{role="map"\} [1-9]/m, 'who maps tells how it fares');
    t.match(page, /^mirrormon_kafka_rebalances_total\{role="map"\} [1-9]/m);
    t.match(page, /^mirrormon_kafka_lag\{topic="quiet-in",partition="\d"\} 0$/m);
    t.notMatch(page, /^mirrord_/m, 'its part of the figures is for those who reduce');
  }
  await finish(t, 'quiet', processes, 120);
  await check(t, 'quiet', expected);
});

t.test('what is aborted is not read by the consumer that tells what was reported', async (t) => {
  await cluster.createTopic('aborted', 1);
  await cluster.produce('aborted', ['a'], 1);
  await cluster.abort('aborted', ['b', 'c']);
  await cluster.produce('aborted', ['d'], 1);
  t.same(await cluster.consumed('aborted'), ['a', 'd']);
});

t.test('it is one process when some, or all of them and the broker, stand still', async (t) => {
  const { lines, expected } = await records(200_000, 7);
  await cluster.createTopic('still-in', PARTITIONS);
  const processes = new Processes('still');
  for (const role of ['map', 'map', 'reduce', 'reduce']) processes.start(role, '300ms');
  const slices = 6;
  const size = Math.ceil(lines.length / slices);
  for (let slice = 0; slice < slices; slice++) {
    await cluster.produce('still-in', lines.slice(slice * size, (slice + 1) * size), PARTITIONS);
    await delay(Math.random() * 4000);
    if (slice % 2 === 0) {
      // longer than the group waits: one that reports has its shares taken over, and is refused when it goes on
      await processes.pause(14_000, 'reduce');
    } else {
      // longer than a transaction may take
      broker.pause();
      await processes.pause(13_000);
      broker.resume();
    }
  }
  await finish(t, 'still', processes, 300);
  await check(t, 'still', expected);
  t.comment(processes.said.join(''));
});

t.test('it is one process whoever dies, when a partition comes and when the broker goes', async (t) => {
  const kills = Number(process.env.MIRRORMON_ROLE_KILLS ?? 10);
  const { lines, expected } = await records(Number(process.env.MIRRORMON_ROLE_RECORDS ?? 1_000_000), 6);
  await cluster.createTopic('harsh-in', PARTITIONS);
  const processes = new Processes('harsh');
  for (const role of ['map', 'map', 'reduce', 'reduce']) processes.start(role, '300ms');
  const slices = kills + 2;
  const size = Math.ceil(lines.length / slices);
  let partitions = PARTITIONS;
  for (let slice = 0; slice < slices; slice++) {
    if (slice === Math.floor(slices / 3)) await cluster.addPartitions('harsh-in', ++partitions);
    const producing = cluster.produce('harsh-in', lines.slice(slice * size, (slice + 1) * size), partitions);
    if (slice === Math.floor(slices / 2)) await broker.restart();
    if (slice < kills) {
      // of both kinds in turn, amid whatever they are doing
      await delay(4000 + Math.random() * 6000);
      await processes.kill(slice % 2 === 0 ? 'map' : 'reduce');
    }
    await producing;
  }
  await finish(t, 'harsh', processes, 600);
  await check(t, 'harsh', expected);
  t.comment(processes.said.join(''));
});
