import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { mirrormon } from '../helpers/program.ts';

// long enough for workers to be ready well before its end
const good = Buffer.concat([...generate({ kind: 'operator', records: 40_000, seed: 3 })]);
const lines = good.toString().split('\n');
// what is no record stands all over the log, and its last line has no end
const bad = ['{"level":', '[1]', '', '{"a":"\u0001"}', `{"long":"${'x'.repeat(1 << 21)}"}`, '   \r'];
const log = Buffer.from(
  lines
    .flatMap((line, k) => (k % 6000 === 5999 ? [bad[(k / 6000) | 0] ?? '', line] : line))
    .join('\n')
    .trimEnd(),
);
const folder = t.testdir({ 'op.log': log, 'op.log.gz': gzipSync(log) });
const path = (name: string): string => join(folder, name);

interface Outputs {
  readonly status: number | null;
  readonly json: string;
  readonly logs: string;
  readonly deadLetters: string;
}

const inputs = { file: ['op.log'], gzip: ['op.log.gz'], pipe: [] };

async function outputsOf(names: readonly string[], args: readonly string[], env = {}): Promise<Outputs> {
  const letters = path('dead.jsonl');
  const files = names.map(path);
  const options = { env, ...(files.length === 0 ? { stdin: log } : {}) };
  const json = await mirrormon([...files, '-o', 'json', '--dead-letters', letters, ...args], options);
  const deadLetters = await readFile(letters, 'utf8');
  await writeFile(letters, '');
  const logs = await mirrormon([...files, '-o', 'logs', ...args], options);
  return { status: json.status, json: json.stdout, logs: logs.stdout, deadLetters };
}

/** The name of the input stands in every dead letter, and may differ. */
const withoutNames = (text: string): string => text.replaceAll(/"input":"[^"]*"/g, '');

t.test('any number of workers gives the same bytes, from a file, a pipe and gzip', async (t) => {
  const expected = await outputsOf(inputs.file, [], { MIRRORMON_PARSER: 'reference' });
  t.equal(expected.status, 0);
  t.ok(expected.json.length > 1000 && expected.logs.length > 1_000_000);
  t.equal(expected.deadLetters.trimEnd().split('\n').length, 4);
  for (const workers of ['0', '1', '2', '3']) {
    for (const [kind, names] of Object.entries(inputs)) {
      const name = `${kind}, ${workers} workers`;
      const found = await outputsOf(names, ['--workers', workers]);
      t.equal(found.status, 0, name);
      t.ok(found.json === expected.json, `${name}: the report`);
      t.ok(found.logs === expected.logs, `${name}: the records`);
      t.ok(withoutNames(found.deadLetters) === withoutNames(expected.deadLetters), `${name}: dead letters`);
    }
  }
});

t.test(
  'barriers of ticks stand at places of the input, so late records give the same bytes too',
  async (t) => {
    // beyond two barriers, with records that are late by far
    const part = Buffer.concat([...generate({ kind: 'operator', records: 50_000, seed: 5, late: 5 })]);
    const whole = Buffer.concat(Array.from({ length: 8 }, () => part));
    await writeFile(path('late.log'), whole);
    await writeFile(path('late.log.gz'), gzipSync(whole, { level: 1 }));
    const { stdout: expected } = await mirrormon([path('late.log'), '-o', 'json', '--workers', '0']);
    t.match(expected, /"m15_rate":0\.\d{10}/);
    const runs = { 'late.log': ['1', '2'], 'late.log.gz': ['1'] };
    for (const [name, each] of Object.entries(runs)) {
      for (const workers of each) {
        const { stdout } = await mirrormon([path(name), '-o', 'json', '--workers', workers]);
        t.ok(stdout === expected, `${name}, ${workers} workers`);
      }
    }
    // sessions of which some threads saw the start and others the end
    const told = async (workers: string): Promise<string[]> => {
      const of = [path('late.log'), '--workers', workers];
      const audited = await mirrormon(['audit', '--format', 'csv', ...of]);
      const used = await mirrormon(['usage', '--by', 'user,target,hour', '--format', 'json', ...of]);
      await mirrormon(['report', '-o', path(`${workers}.html`), ...of]);
      return [audited.stdout, used.stdout, await readFile(path(`${workers}.html`), 'utf8')];
    };
    const alone = await told('0');
    t.ok(alone.every((text) => text.length > 10_000));
    for (const workers of ['1', '2']) {
      for (const [k, text] of (await told(workers)).entries()) {
        t.ok(text === alone[k], `${['audit', 'usage', 'report'][k]}, ${workers} workers`);
      }
    }
  },
);

t.test(
  'long stripes are broken off where records must be looked at, and nothing is lost or read twice',
  async (t) => {
    const part = good.toString().split('\n').slice(0, -1);
    const parts: string[] = [];
    for (let k = 0; k < 6; k++) {
      // what is no record, has no time, or is longer than a window, some MB apart, in pairs and at once
      const odd = [
        bad[k]!,
        '{"level":"INFO","fields":{"message":"Session Start","session_id":"x"}}',
        bad[4]!,
      ];
      for (const [at, line] of part.entries()) {
        if (k > 2 && at === 7_000 * k) parts.push(...odd);
        if (k > 3 && at > 20_000 && at < 23_000) parts.push(odd[1]!);
        parts.push(line);
      }
    }
    await writeFile(path('odd.log'), parts.join('\n'));
    const ledgerOf = async (workers: string): Promise<{ json: string; ledger: string; letters: string }> => {
      const args = [
        '--workers',
        workers,
        '--ledger',
        path('ledger.json'),
        '--dead-letters',
        path('odd.jsonl'),
      ];
      const { stdout } = await mirrormon([path('odd.log'), '-o', 'json', '--force', ...args]);
      const { read, measured, filtered } = JSON.parse(await readFile(path('ledger.json'), 'utf8'));
      const letters = await readFile(path('odd.jsonl'), 'utf8');
      return { json: stdout, ledger: JSON.stringify({ read, measured, filtered }), letters };
    };
    const expected = await ledgerOf('0');
    t.match(expected.ledger, `"records":${parts.filter((line) => line.trim() !== '').length}`);
    for (const workers of ['1', '2', '3']) t.same(await ledgerOf(workers), expected, `${workers} workers`);
  },
);
