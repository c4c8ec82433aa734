import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { eventsOf } from '../helpers/event-lines.ts';
import { mirrormon } from '../helpers/program.ts';

t.setTimeout(600_000);
const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

await writeFile(at('log'), Buffer.concat([...generate({ kind: 'operator', records: 6_000, seed: 4 })]));
await writeFile(at('interval.yml'), 'metrics: { report: interval, reportInterval: 5m }\n');

interface Event {
  readonly metric_type: string;
  readonly metric: string;
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly interval_start: string;
  readonly interval_end: string;
  readonly tags?: Record<string, string>;
  readonly metrics: Record<string, number>;
}

const config = `
metrics: { report: interval, reportInterval: 5m }
events:
  own:
    subscriptions: [{ type: metrics }]
    handler: { type: file, format: json, path: figures }
`;

const isMeasured = ({ metrics }: Event): boolean => metrics.count !== undefined;
const keyOf = ({ metric, tags }: Event): string => JSON.stringify([metric, tags]);

function countsOf(events: readonly Event[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events.filter(isMeasured)) {
    counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + event.metrics.count!);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const whole = eventsOf<Event>((await mirrormon([at('log'), '-o', 'json'])).stdout);
const run = await mirrormon([at('log'), '-o', 'json', '-c', at('interval.yml')]);
const events = eventsOf<Event>(run.stdout);

t.test('counts of all intervals are those of one report', async (t) => {
  t.same([...countsOf(events)], [...countsOf(whole)]);
  t.ok(whole.some(isMeasured));
});

t.test(
  'intervals follow one another from the first record to the last, and are told in every event',
  async (t) => {
    const periods = [...new Set(events.map((event) => `${event.interval_start} ${event.interval_end}`))];
    const [first = '', ...others] = periods.map((period) => period.split(' '));
    let end = first[1];
    for (const [from, to] of others) {
      t.equal(from, end);
      end = to;
    }
    t.ok(others.length > 10);
    for (const { timestamp, interval_end } of events) {
      const ms = timestamp.seconds * 1000 + Math.floor(timestamp.nanos / 1e6);
      if (Date.parse(interval_end) !== ms) t.fail(`${interval_end} is not ${ms}`);
    }
    const records = (await readFile(at('log'), 'utf8')).trimEnd().split('\n');
    t.equal(
      Date.parse(first[0]!),
      Math.min(...records.slice(0, 100).map((line) => Date.parse(JSON.parse(line).timestamp))),
    );
  },
);

t.test('threads, pipes and the other parser say the same', async (t) => {
  const args = ['-o', 'json', '-c', at('interval.yml')];
  const log = await readFile(at('log'));
  t.equal((await mirrormon([...args, at('log'), '--workers', '0'])).stdout, run.stdout);
  t.equal((await mirrormon([...args, at('log'), '--workers', '3'])).stdout, run.stdout);
  t.equal((await mirrormon([...args, '-'], { stdin: log })).stdout, run.stdout);
});

t.test('a run that goes on from its state goes on with its interval', async (t) => {
  const log = await readFile(at('log'));
  const cut = log.indexOf(10, log.length / 2) + 1;
  await writeFile(at('a.log'), log.subarray(0, cut));
  await writeFile(at('b.log'), log.subarray(cut));
  const outputs: string[] = [];
  for (const [name, runs] of Object.entries({ once: [['a', 'b']], twice: [['a'], ['a', 'b']] })) {
    const cwd = at(name);
    await mkdir(cwd);
    await writeFile(join(cwd, 'c.yml'), config);
    for (const files of runs) {
      const paths = files.map((file) => at(`${file}.log`));
      const { status, stderr } = await mirrormon([...paths, '-c', 'c.yml', '--state', 's'], { cwd });
      t.equal(status, 0, stderr);
    }
    outputs.push(await readFile(join(cwd, 'figures'), 'utf8'));
  }
  t.equal(outputs[1], outputs[0]);
  t.same([...countsOf(eventsOf<Event>(outputs[1]!))], [...countsOf(whole)]);
});

t.test('a partial says everything, and merged it is one interval', async (t) => {
  await writeFile(at('alone.yml'), 'metrics: { report: interval }\n');
  const partial = await mirrormon([at('log'), '-o', 'none', '-c', at('alone.yml'), '--partial', at('p')]);
  t.equal(partial.status, 0, partial.stderr);
  const merged = eventsOf<Event>(
    (await mirrormon(['merge', at('p'), '-o', 'json', '-c', at('alone.yml')])).stdout,
  );
  t.same([...countsOf(merged)], [...countsOf(whole)]);
  const alone = eventsOf<Event>((await mirrormon([at('log'), '-o', 'json', '-c', at('alone.yml')])).stdout);
  t.same(merged, alone);
});
