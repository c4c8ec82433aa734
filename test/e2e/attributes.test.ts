import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';

interface Event {
  readonly metric: string;
  readonly metrics: { readonly count: number };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Count and tags of every series of `own_total` that a log of these lines gives. */
async function seriesOf(...lines: string[]): Promise<[number, Event['tags']][]> {
  const folder = t.testdir({ 'a.log': `${lines.join('\n')}\n` });
  const { stdout } = await mirrormon(['-q', '-o', 'json', join(folder, 'a.log')]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
    .filter(({ metric }) => metric === 'own_total')
    .map(({ metrics, tags }) => [metrics.count, tags]);
}

const head = '"timestamp":"2024-04-01T00:00:00Z","level":"INFO"';

t.test('numbers that are attributes keep their digits', async (t) => {
  const record = (id: string): string =>
    `{${head},"fields":{"monotonic_counter.own_total":1,"user":${id}},"target":"m"}`;
  t.same(await seriesOf(...['18446744073709551614', '18446744073709551615', '1.50', '"7"'].map(record)), [
    [1, { user: '1.50' }],
    [1, { user: '18446744073709551614' }],
    [1, { user: '18446744073709551615' }],
    [1, { user: '7' }],
  ]);
});

t.test('an empty attribute is none', async (t) => {
  const record = (rest: string): string =>
    `{${head},"fields":{"monotonic_counter.own_total":1${rest}},"target":"m"}`;
  // they would be two series of equal labels in an exposition
  t.same(await seriesOf(record(''), record(',"a":""'), record(',"a":"b"')), [
    [2, undefined],
    [1, { a: 'b' }],
  ]);
});

t.test('attributes of flattened records that are called as what stands beside them', async (t) => {
  const record = (target: string): string =>
    `{${head},"monotonic_counter.own_total":1,"level":"low","target":${target},"target":"m","threadId":"ThreadId(1)"}`;
  t.same(await seriesOf(...['"pod/a"', '"pod/b"', '12345678901234567890'].map(record)), [
    [1, { level: 'low', target: '12345678901234567890' }],
    [1, { level: 'low', target: 'pod/a' }],
    [1, { level: 'low', target: 'pod/b' }],
  ]);
  t.same(
    await seriesOf(`{${head},"monotonic_counter.own_total":1,"target":"m"}`),
    [[1, undefined]],
    'the module is none',
  );
});
