/**
 * Parse workers against the reference on random inputs, as files and as streams. As a program:
 * `tsx test/parse/scanner/workers/differential.ts [--minutes N] [--seed S]`.
 */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Batch } from '../../../../lib/batch/batch.ts';
import type { Rest } from '../../../../lib/parse/parser.ts';
import { type Case, Comparison, input, Rows } from '../compare.ts';
import { randomCase, randomSetting } from '../differential.ts';
import { Dice } from '../random.ts';

const CASES_PER_SETTING = 8;

/** A file's rest for a parser, or a stream's. */
function restOf(
  bytes: Buffer,
  from: number,
  descriptor: number | undefined,
  sizes: readonly number[],
  dice: Dice,
): Rest {
  async function* chunks(start = from): AsyncGenerator<Buffer> {
    let at = start;
    for (let k = 0; at < bytes.length; k++) {
      const size = Math.max(1, sizes[Math.min(k, sizes.length - 1)] ?? bytes.length);
      if (dice.chance(0.3)) await turn();
      const lent = Buffer.from(bytes.subarray(at, at + size));
      at += size;
      yield lent;
      lent.fill(0x7b);
    }
  }
  if (descriptor === undefined) return { bytes: chunks };
  return { bytes: chunks, file: { descriptor, from, to: bytes.length, progress: () => {} } };
}

/** Compares what workers read of one input, batch after batch as they come. */
export async function compareRest(comparison: Comparison, folder: string, each: Case): Promise<number> {
  const { bytes, chunks, seed } = each;
  const dice = new Dice(seed);
  const expected = new Rows(comparison.wants, comparison.reference());
  expected.push(bytes);
  expected.end();
  const parser = comparison.scanner.parser(input(), comparison.setting.framing);
  const actual = new Rows(comparison.wants, parser);
  const rejected = [...expected.rejected];
  const look = (): void => {
    for (const one of actual.rejected) assert.deepEqual(one, rejected.shift());
    if (dice.chance(0.3)) actual.readWholeColumns(dice);
    actual.compareAll(expected, dice);
    actual.release();
  };
  const head = dice.below(Math.min(bytes.length, 2000) + 1);
  const path = dice.chance(0.6) ? join(folder, `${seed}.log`) : undefined;
  if (path !== undefined) writeFileSync(path, bytes);
  const descriptor = path === undefined ? undefined : openSync(path, 'r');
  let batches = 0;
  try {
    actual.push(bytes.subarray(0, head));
    if (dice.chance(0.5)) look();
    const rest = restOf(bytes, head, descriptor, chunks, dice);
    for await (const batch of parser.rest!(rest) as AsyncIterable<Batch>) {
      actual.take([batch]);
      batches++;
      // consumers may hold on to some
      if (dice.chance(0.6)) look();
    }
    actual.end();
    look();
    assert.deepEqual(rejected, []);
    assert.equal(actual.total, expected.total, 'rows');
    assert.equal(actual.consumed, bytes.length, 'all bytes are accounted for');
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
    if (path !== undefined) rmSync(path);
  }
  expected.release();
  return batches;
}

export interface WorkersFailure {
  readonly seed: number;
  readonly what: string;
  readonly error: Error;
}

/** All cases of one seed. */
export async function fuzzWorkers(seed: number): Promise<WorkersFailure | undefined> {
  const dice = new Dice(seed);
  const setting = randomSetting(dice);
  const workers = { count: 1 + dice.below(3), rangeBytes: 100 + dice.below(4000) };
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-'));
  const comparison = new Comparison(setting, workers);
  let case_: Case | undefined;
  try {
    await comparison.scanner.startWorkers();
    for (let k = 0; k < CASES_PER_SETTING; k++) {
      case_ = randomCase(dice, setting);
      await compareRest(comparison, folder, case_);
    }
  } catch (error) {
    const text = case_?.bytes.toString('latin1');
    return {
      seed,
      what: JSON.stringify({ workers, setting, case: { ...case_, bytes: text } }),
      error: error as Error,
    };
  } finally {
    comparison.scanner.close();
    rmSync(folder, { recursive: true });
  }
  return undefined;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const until = Date.now() + Number(values.minutes ?? 1) * 60_000;
  const first = Number(values.seed ?? 1);
  let seed = first;
  for (; Date.now() < until; seed++) {
    const failure = await fuzzWorkers(seed);
    if (failure === undefined) continue;
    process.stderr.write(`seed ${seed}: ${failure.error.stack}\n`);
    process.stdout.write(`${failure.what}\n`);
    process.exitCode = 1;
    return;
  }
  const cases = (seed - first) * CASES_PER_SETTING;
  process.stderr.write(`${cases} cases, seeds ${first} to ${seed - 1}: no difference\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
