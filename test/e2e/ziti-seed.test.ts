import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

/** The three example events of OpenZiti's documentation, as they stand there. */
const examples = readFileSync(fixture('ziti', 'seed-examples.json'), 'utf8');
const events: unknown[] = JSON.parse(`[${examples.replaceAll('\n}\n{', '\n},\n{')}]`);

const parsed = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const textOf = (...path: string[]): string => readFileSync(join(...path), 'utf8');

t.test('the example events pass unchanged, in version 2, and through version 3 and back', async (t) => {
  t.equal(events.length, 3);
  const folder = t.testdir({ there: {}, back: {} });
  const [there, back] = [join(folder, 'there'), join(folder, 'back')];
  const config = join(folder, 'c.yml');
  const handler = (name: string, more: string) =>
    `  ${name}: { subscriptions: [{ type: metrics }], handler: { type: file, format: json, path: ${name}.ndjson${more} } }\n`;
  writeFileSync(
    config,
    `events:\n${handler('plain', '')}${handler('two', ', version: 2')}${handler('three', ', version: 3')}`,
  );
  const first = await mirrormon(['-c', config], { cwd: there, stdin: examples });
  t.equal(first.status, 0, first.stderr);
  t.strictSame(parsed(textOf(there, 'plain.ndjson')), events, 'as they came');
  t.strictSame(parsed(textOf(there, 'two.ndjson')), events, 'version 2');

  const three = textOf(there, 'three.ndjson');
  t.match(parsed(three), new Array(3).fill({ version: 3, timestamp: '2022-06-07T18:14:44.479708609Z' }));
  const second = await mirrormon(['-c', config], { cwd: back, stdin: three });
  t.equal(second.status, 0, second.stderr);
  t.strictSame(parsed(textOf(back, 'two.ndjson')), events, 'version 3 and back');
  t.equal(textOf(back, 'two.ndjson'), textOf(there, 'two.ndjson'), 'to the byte');
});

t.test('the complete example of the documentation runs', async (t) => {
  const cwd = t.testdir();
  const router = {
    ...(events[0] as object),
    source_id: 'YSK7K7YhY',
    metric: 'pool.link.dialer.worker_count',
  };
  const { status, stdout, stderr } = await mirrormon(['-c', fixture('config', 'file-reporter.yml')], {
    cwd,
    stdin: `${examples}${JSON.stringify(router)}\n`,
  });
  t.equal(status, 0, stderr);
  t.equal(stdout, '');
  t.match(stderr, /^mirrormon: 4 records read, all understood;/, 'and without a warning');
  t.strictSame(parsed(textOf(cwd, 'controller-metrics.log')), events, 'of the controller, all metrics');
  t.strictSame(parsed(textOf(cwd, 'router-pool-metrics.log')), [events[0], router], 'of all, pool metrics');
});

t.test('metrics.sourceId names what mirrormon itself measures', async (t) => {
  const log =
    '{"timestamp":"2024-04-01T13:37:00Z","level":"INFO","fields":{"message":"x"},"target":"mirrord"}\n';
  const sources = async (...args: string[]) => {
    const { stdout } = await mirrormon(['-o', 'json', ...args], { stdin: log });
    return [...new Set(parsed(stdout).map((event) => (event as { source_id: string }).source_id))];
  };
  const config = join(t.testdir({ 'c.yml': 'metrics: { sourceId: ops-1 }\n' }), 'c.yml');
  t.same(await sources(), ['mirrord-operator']);
  t.same(await sources('-c', config), ['ops-1']);
  t.same(await sources('-c', config, '--source-id', 'ops-2'), ['ops-2']);
});
