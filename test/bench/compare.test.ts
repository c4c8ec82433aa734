import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { differences, figuresOfEvents, lineDifferences, only } from '../../bench/compare.ts';
import { measure, median, node } from '../../bench/measure.ts';
import { seriesKey } from '../../bench/series.ts';

/** A bench whose comparison lets everything pass would be worth nothing. */
t.test('figures', async (t) => {
  const expected = {
    series: { 'a{}': { count: 3, sum: 10, buckets: [1, 2] }, 'b{}': { count: 200, sum: 5 } },
  };
  const other = (key: 'a{}' | 'b{}', change: object) => ({
    series: { ...expected.series, [key]: { ...expected.series[key], ...change } },
  });
  t.same(differences(expected, expected, 'all'), []);
  t.same(differences(expected, other('a{}', { sum: 10 * (1 + 5e-7) }), 'all'), []);
  t.match(differences(expected, other('a{}', { sum: 10 * (1 + 2e-6) }), 'all'), [/a\{\}: sum/]);
  t.match(differences(expected, other('a{}', { sum: undefined }), 'sampled'), [/a\{\}: sum undefined/]);
  t.match(differences(expected, other('b{}', { count: 199 }), 'all'), [/b\{\}: count 199 instead of 200/]);
  t.match(differences(expected, other('a{}', { buckets: [2, 1] }), 'all'), [/a\{\}: buckets 2,1/]);
  t.same(differences(expected, other('a{}', { buckets: undefined }), 'all'), [], 'buckets may be left out');
  const unsummed = other('b{}', { sum: undefined });
  t.same(differences(expected, unsummed, 'sampled'), [], 'no sample holds 200 values');
  t.equal(differences(expected, unsummed, 'all').length, 1);
  t.match(differences(expected, { series: {} }, 'all'), ['a{}: missing', 'b{}: missing']);
  t.same(Object.keys(only(expected, ['b']).series), ['b{}']);
});

t.test('figures of events', async (t) => {
  const event = JSON.stringify({ metric: 'm', metrics: { count: 2, mean: 4 }, tags: { b: 'x', a: 'y' } });
  const value = JSON.stringify({ metric: 'g', metrics: { value: 7 } });
  t.same(figuresOfEvents(`${event}\n${value}\n`).series, {
    [seriesKey('m', { a: 'y', b: 'x' })]: { count: 2, sum: 8 },
    'g{}': { count: 7, sum: undefined },
  });
});

t.test('lines', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-compare-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const expected = file('expected', '{"a":1,"b":"é"}\n{"a":2}\n');
  t.same(await lineDifferences(expected, file('same', '{"a":1,"b":"é"}\n{"a":2}\n')), []);
  t.same(await lineDifferences(expected, file('spaced', '{"a": 1, "b": "\\u00e9"}\n{"a":2}')), []);
  t.match(await lineDifferences(expected, file('shorter', '{"a":1,"b":"é"}\n')), [/1 lines instead of 2/]);
  t.match(await lineDifferences(expected, file('others', '{"a":1,"b":"é"}\n{"a":3}\n')), [/but others/]);
  t.match(await lineDifferences(expected, file('swapped', '{"a":2}\n{"a":1,"b":"é"}\n')), [/but others/]);
});

t.test('processes', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-measure-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const output = join(folder, 'output');
  const program = join(folder, 'program.mjs');
  writeFileSync(program, 'process.stdin.pipe(process.stdout)');
  const run = await measure({ ...node(program, []), from: ['printf', '%s', '$(x) "y"'], stdout: output });
  t.equal(readFileSync(output, 'utf8'), '$(x) "y"', 'words are no syntax');
  t.ok(run.seconds > 0);
  t.ok(run.peakBytes > 10 * 2 ** 20, 'it told its peak memory');
  await t.rejects(measure({ argv: [process.execPath, '-e', 'process.exit(3)'] }), /ended with 3/);
  t.equal(median([5, 1, 3]), 3);
  t.equal(median([1, 2, 3, 4]), 2.5);
});
