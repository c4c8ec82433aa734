import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, inflateSync } from 'node:zlib';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { decodeSnapshot } from '../../lib/page/columns.ts';
import { denseBytes } from '../../lib/page/dense-text.ts';
import { type EventLine, eventsOf, rateKeys, withoutRates } from '../helpers/event-lines.ts';
import { partsOf } from '../helpers/log-parts.ts';
import { mirrormon } from '../helpers/program.ts';

const PARTS = 8;
// it starts the program some fifty times
t.setTimeout(600_000);

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const log = Buffer.concat([
  ...generate({ kind: 'operator', records: 6_000, seed: 3 }),
  Buffer.from(
    [1, 2.5, 1e300]
      .map((x) => JSON.stringify({ level: 'INFO', fields: { 'histogram.own': x, 'gauge.g': x } }))
      .join('\n'),
  ),
  Buffer.from('\nno record\n'),
]);

/** The log as gzip files and others, cut after lines; with their partials. */
async function parts(options: readonly string[] = []): Promise<string[]> {
  const partials: string[] = [];
  for (const [k, bytes] of partsOf(log, PARTS).entries()) {
    const file = at(`part-${k}.log`);
    await writeFile(file, k % 2 === 0 ? bytes : gzipSync(bytes));
    partials.push(at(`${k}.partial`));
    await mirrormon([file, '-o', 'none', '--partial', partials[k]!, '--force', ...options]);
  }
  return partials;
}

function furthestRate(some: readonly EventLine[], others: readonly EventLine[]): number {
  return Math.max(
    ...some.flatMap(({ metrics }, k) =>
      rateKeys.map((key) => {
        const [x, y] = [metrics[key] ?? 0, others[k]!.metrics[key] ?? 0];
        return x === y ? 0 : Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y));
      }),
    ),
  );
}

/** What a page shows, without the metrics, whose rates differ in their last digits. */
async function shownBy(page: string): Promise<unknown> {
  const [, data = ''] = /id="data">([^<]*)/.exec(await readFile(at(page), 'utf8')) ?? [];
  const { head, ...columns } = decodeSnapshot(inflateSync(denseBytes(data)));
  t.ok(head.metrics.length > 0 && columns.cells.pair.length > 0);
  return { ...columns, head: { ...head, metrics: head.metrics.length } };
}

await writeFile(at('whole.log'), log);
const one = await mirrormon([at('whole.log'), '-o', 'json', '--ledger', at('whole.json')]);
const partials = await parts();

t.test('eight partials merged are one run over all, but for the last digits of rates', async (t) => {
  const merged = await mirrormon([
    'merge',
    ...partials,
    '--expect',
    '8',
    '-o',
    'json',
    '--ledger',
    at('merged.json'),
  ]);
  const [some, others] = [eventsOf(merged.stdout), eventsOf(one.stdout)];
  t.equal(merged.status, 0);
  t.same(some.map(withoutRates), others.map(withoutRates));
  t.ok(furthestRate(some, others) <= 1e-12, `rates differ by ${furthestRate(some, others)}`);
  t.match(merged.stderr, /^mirrormon: 8 partials merged, of 6,004 records; [\d,]+ series\n$/);
  const books = async (name: string) => {
    const { read, rejected, refused, measured, other } = JSON.parse(await readFile(at(name), 'utf8'));
    return { read, rejected, refused, measured, other };
  };
  t.same(await books('merged.json'), await books('whole.json'));
});

t.test('in any order, and in two steps, the same bytes come of them', async (t) => {
  const { stdout } = await mirrormon(['merge', ...partials, '-o', 'json']);
  const backwards = await mirrormon(['merge', ...partials.toReversed(), '-o', 'json']);
  t.same(eventsOf(backwards.stdout).map(withoutRates), eventsOf(stdout).map(withoutRates));
  const halves = [partials.slice(0, 3), partials.slice(3)];
  for (const [k, half] of halves.entries()) {
    await mirrormon(['merge', ...half, '-o', 'none', '--partial', at(`half-${k}.partial`)]);
  }
  const steps = await mirrormon(['merge', at('half-0.partial'), at('half-1.partial'), '-o', 'json']);
  t.same(eventsOf(steps.stdout).map(withoutRates), eventsOf(stdout).map(withoutRates));
});

t.test('the summary and the page are those of one run over all, too', async (t) => {
  const files = Array.from({ length: PARTS }, (_, k) => at(`part-${k}.log`));
  const run = await mirrormon([...files, '-o', 'summary', '--report', at('run.html')]);
  const merged = await mirrormon(['merge', ...partials, '-o', 'summary', '--report', at('merged.html')]);
  t.equal(merged.status, 0, merged.stderr);
  t.match(run.stdout, /sessions/);
  t.equal(merged.stdout, run.stdout);
  t.same(await shownBy('merged.html'), await shownBy('run.html'), 'and so is the page, but for rates');
  await mirrormon(['merge', ...partials, '-o', 'none', '--partial', at('all.partial')]);
  const again = await mirrormon(['merge', at('all.partial'), '-o', 'summary']);
  t.equal(again.stdout, run.stdout, 'also in two steps');
});

t.test('what must not be merged is refused with 2: which file, why, and what to do', async (t) => {
  const refused = async (...args: string[]): Promise<string> => {
    const { status, stderr, stdout } = await mirrormon(['merge', '-o', 'json', ...args]);
    return `${status} ${stderr}${stdout}`.replaceAll(`${folder}/`, '');
  };
  const [first, second] = [partials[0]!, partials[1]!];
  t.equal(
    await refused(first, second, '--expect', '3'),
    '2 mirrormon: 3 partials are expected, and 2 are here; find those that are missing, or run them again\n',
  );
  t.match(
    await refused(first, first),
    /^2 mirrormon: 0.partial: its input part-0.log is in 0.partial, too: they begin alike; merge every input once/,
  );
  t.match(
    await refused(first, at('half-0.partial')),
    /^2 mirrormon: half-0.partial: its input part-0.log is in 0.partial, too/,
  );
  await mirrormon([at('part-2.log'), '-o', 'none', '--seed', '7', '--partial', at('seed.partial')]);
  t.match(
    await refused(first, at('seed.partial')),
    /^2 mirrormon: seed.partial: it is of another configuration than 0.partial: seed differs; run both/,
  );
  await mirrormon([at('part-2.log'), '-o', 'none', '--where', 'user=a', '--partial', at('where.partial')]);
  t.match(await refused(first, at('where.partial')), /^2 .* restriction differs/);
  const bytes = await readFile(second);
  await writeFile(at('short.partial'), bytes.subarray(0, -100));
  t.match(
    await refused(first, at('short.partial')),
    /^2 mirrormon: short.partial: this state is damaged: 100 of \d+ bytes are missing at its end/,
  );
  t.match(await refused(first, at('part-2.log')), /^2 mirrormon: part-2.log: this is no state of mirrormon/);
  t.match(
    await refused(first, at('none.partial')),
    /^2 mirrormon: none.partial: this state cannot be read: no such file/,
  );
});

t.test(
  'a partial never replaces an input, another output or a stranger, and is whole or not there',
  async (t) => {
    const log = at('part-2.log');
    const before = await readFile(log);
    const onInput = await mirrormon([log, '-o', 'none', '--partial', log, '--force']);
    t.match(onInput, { status: 2, stderr: /it would be destroyed/ });
    t.same(await readFile(log), before);
    const onOther = await mirrormon([log, '-o', 'none', '--partial', at('x'), '--ledger', at('x')]);
    t.match(onOther, { status: 2, stderr: /is .*x, the file of --ledger/ });
    await writeFile(at('stranger'), 'mine');
    t.match(await mirrormon([log, '-o', 'none', '--partial', at('stranger')]), {
      status: 2,
      stderr: /--force/,
    });
    t.equal(await readFile(at('stranger'), 'utf8'), 'mine');
    t.equal((await mirrormon([log, '-o', 'none', '--partial', at('stranger'), '--force'])).status, 0);
    t.match(await mirrormon([log, '-o', 'none', '--partial', at('no/where')]), {
      status: 1,
      stderr: /no such file or folder/,
    });
    t.same(
      (await readdir(folder)).filter((name) => name.startsWith('.')),
      [],
      'nothing is left behind',
    );
  },
);

t.test('a run with reports before its end gives no partial', async (t) => {
  const args = ['-o', 'none', '--partial', at('y.partial')];
  const message = /--partial is of a run with one report, at its end/;
  t.match(await mirrormon([at('part-2.log'), ...args, '--report-interval', '1m']), {
    status: 2,
    stderr: message,
  });
  t.match(await mirrormon([at('part-2.log'), ...args, '-f']), { status: 2, stderr: message });
});

t.test('an input that failed is told again where its partial is merged', async (t) => {
  const partial = at('failed.partial');
  const run = await mirrormon([at('part-0.log'), at('missing.log'), '-o', 'none', '--partial', partial]);
  t.equal(run.status, 1);
  const merged = await mirrormon(['merge', partial, '-o', 'none']);
  t.match(merged, { status: 0, stderr: /failed.partial: the run that wrote it failed or was told to end/ });
});

t.test('mirrormon state tells what is in one', async (t) => {
  const table = await mirrormon(['state', partials[1]!]);
  t.match(table.stdout, /^a partial of mirrormon [\d.]+, format 1, written /);
  t.match(table.stdout, /\nconfiguration [0-9a-f]{16}: seed 1, source mirrord-operator\n/);
  t.match(table.stdout, /\nmirrord_sessions_create_total +counter +\d+\n/);
  const { stdout } = await mirrormon(['state', partials[7]!, '--format', 'json']);
  const { inputs, read, rejected, complete } = JSON.parse(stdout);
  t.match(inputs, [{ name: at('part-7.log'), framing: 'ndjson', records: read.records }]);
  t.same([rejected, complete], [{ 'invalid-json': 1 }, true]);
  const damaged = await mirrormon(['state', at('short.partial')]);
  t.match(damaged, { status: 2, stderr: /this state is damaged/ });
});

t.test(
  'merge writes through the handlers of a configuration, which must be the one of the partials',
  async (t) => {
    const subscription = 'subscriptions: [{ type: metrics }]';
    const handler = `handler: { type: file, format: json, path: ${at('out.ndjson')} }`;
    await writeFile(at('c.yml'), `events:\n  e:\n    ${subscription}\n    ${handler}\n`);
    t.equal((await mirrormon(['merge', ...partials, '-c', at('c.yml')])).status, 0);
    t.equal(eventsOf(await readFile(at('out.ndjson'), 'utf8')).length, eventsOf(one.stdout).length);
    await writeFile(at('d.yml'), `metrics: { maxSeries: 5 }\n${await readFile(at('c.yml'), 'utf8')}`);
    t.match(await mirrormon(['merge', ...partials, '-c', at('d.yml')]), {
      status: 2,
      stderr: /another configuration: metrics.maxSeries/,
    });
  },
);
