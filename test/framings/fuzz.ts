/**
 * Mixes a random valid log of random framings, with cuts, foreign lines, NULs, CRLF, marks and lost line feeds, and reads
 * it in random chunks, by the scanner and by the reference parser: every record that is whole must come out as it is in
 * the plain log, and every damaged one must be a dead letter.
 *
 *     node dist/test/framings/fuzz.js [seconds] [seed]
 */
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { Wants } from '../../lib/batch/wants.ts';
import { generate } from '../../lib/generate/index.ts';
import { openParsing } from '../../lib/parse/open.ts';
import { Dice } from '../parse/scanner/random.ts';
import { type Packing, pack, reportOf } from './figures.ts';
import { type Form, forms, type Line } from './forms.ts';

/** Forms whose lines stand for themselves, so that they may be mixed, cut and joined. */
const wrapped = [
  'ndjson',
  'kubectl-timestamps',
  'kubectl-prefix-timestamps',
  'stern',
  'stern-namespaces',
  'stern-colours',
  'stern-timestamps-short',
  'stern-json',
  'stern-extjson',
  'compose',
  'compose-timestamps',
  'kail',
  'kubetail',
  'syslog',
  'syslog-5424',
  'journalctl-short-iso',
  'journalctl-short-unix',
  'aws-logs-tail-short',
  'fluentd-out-file',
  'cri',
  'docker',
  'fluentd',
  'fluent-bit-multiline-cri',
  'fluent-bit-cri',
  'vector',
  'journalctl-json',
  'logcli-jsonl',
  'gcp-json-payload',
  'splunk',
  'cloudwatch-subscription',
];
/** Of these no line may be damaged: it would still be one, of another text. */
const whole = ['crlf', 'cri-partial', 'docker-split', 'tracing', 'tracing-kubectl', 'tracing-compose'];

const foreign = [
  'I0401 13:37:00.000000       1 main.go:7] starting\n',
  'error: unexpected EOF\n',
  "thread 'tokio-runtime-worker' panicked at src/a.rs:1:2:\n",
  'rpc error: code = Unknown desc = broken\n',
];

const byName = new Map(forms.map((form) => [form.name, form]));
const formOf = (name: string): Form => byName.get(name)!;

export interface Trial {
  readonly bytes: Buffer;
  /** Of the records that are whole. */
  readonly records: readonly string[];
  /** Of those whose lines are: the record itself may be whole still, within what wraps it. */
  readonly damaged: readonly string[];
  /** Dead letters at least. */
  readonly dead: number;
  readonly chunks: readonly number[];
  readonly packing: Packing;
  /** Of what it is packed in. */
  readonly parts: number;
  /** The plain log: each record by its essence. */
  readonly plain: ReadonlyMap<string, string>;
}

/** What of a record must come out, whatever its layout. */
function essence(record: Readonly<Record<string, unknown>>): string {
  const { timestamp, level, target, fields } = record;
  const known = Object.entries(fields as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([timestamp, level, target, known]);
}

function logOf(seed: number): Line[] {
  const log = Buffer.concat([...generate({ kind: 'operator', records: 60, seed })]).toString();
  return log
    .trimEnd()
    .split('\n')
    .map((json) => ({ json, time: `${JSON.parse(json).timestamp.slice(0, 23)}Z` }))
    .filter(({ json }) => {
      const { span, timestamp } = JSON.parse(json);
      return span === undefined && /^.{19}\.\d{3,6}Z$/.test(timestamp);
    });
}

export function trialOf(seed: number): Trial {
  const dice = new Dice(seed);
  const lines = logOf(seed);
  const out: Buffer[] = [];
  const records: string[] = [];
  const damaged: string[] = [];
  let dead = 0;
  // what was cut off without an end: damage behind it is of the same dead letter
  let isCut = false;
  const count = (): void => {
    if (!isCut) dead++;
  };
  for (let at = 0; at < lines.length; ) {
    const size = 1 + dice.below(8);
    const some = lines.slice(at, at + size);
    at += size;
    const isWhole = dice.chance(0.25);
    const form = formOf(dice.pick(isWhole ? whole : wrapped));
    for (const line of some) {
      if (dice.chance(0.06)) {
        out.push(Buffer.from(dice.pick(foreign)));
        count();
        isCut = false;
      }
      if (dice.chance(0.04)) out.push(Buffer.from('\ufeff'));
      if (dice.chance(0.03)) out.push(Buffer.alloc(1 + dice.below(600)));
      let text = Buffer.from(form.write([line]) as string);
      if (!isWhole && dice.chance(0.06)) {
        // within the record, behind all that may stand before it
        const keep = text.length - 2 - dice.below(Math.min(60, text.length >> 2));
        const hasEnd = dice.chance(0.5);
        text = Buffer.concat([text.subarray(0, keep), Buffer.from(hasEnd ? '\n' : '')]);
        damaged.push(essence(JSON.parse(line.json)));
        count();
        isCut = !hasEnd;
      } else {
        records.push(essence(JSON.parse(line.json)));
        isCut = false;
        if (!isWhole && dice.chance(0.05)) text = text.subarray(0, text.length - 1);
        else if (dice.chance(0.1) && !form.name.startsWith('tracing'))
          text = Buffer.from(text.toString('latin1').replace(/\r?\n$/, '\r\n'), 'latin1');
      }
      out.push(text);
    }
    // what was cut off or lost its end does not run into lines of another form
    if (out.at(-1)!.at(-1) !== 0x0a) out.push(Buffer.from('\n'));
    isCut = false;
  }
  const chunks = Array.from(
    { length: 1 + dice.below(6) },
    () => 1 + dice.below(dice.chance(0.5) ? 60 : 5000),
  );
  return {
    ...{ bytes: Buffer.concat(out), records, damaged, dead, chunks },
    packing: dice.pick(['none', 'gzip', 'gzip', 'zstd', 'utf16']),
    parts: 1 + dice.below(4),
    plain: new Map(lines.map(({ json }) => [essence(JSON.parse(json)), json])),
  };
}

export interface Read {
  readonly records: string[];
  rejected: number;
  consumed: number;
}

export async function readTrial({ bytes, chunks }: Trial, reference: boolean): Promise<Read> {
  const parsing = openParsing({
    wants: new Wants(),
    limits: { maxRecordBytes: 1 << 20, maxDepth: 1000 },
    format: 'auto',
    names: false,
    sourceId: 'fuzz',
    tuples: 1000,
    reference,
    workers: 0,
    warn: (message) => assert.fail(message),
  });
  const read: Read = { records: [], rejected: 0, consumed: 0 };
  const take = async (batches: ReturnType<ReturnType<typeof parsing.open>['push']>): Promise<void> => {
    for await (const batch of batches) {
      for (let row = 0; row < batch.rows; row++) read.records.push(essence(batch.object(row)));
      read.rejected += batch.rejected.length;
      read.consumed += batch.consumed;
      batch.release();
    }
  };
  const parser = parsing.open({ name: 'fuzz', framing: '' });
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = chunks[k % chunks.length]!;
    await take(parser.push(bytes.subarray(at, at + size)));
    at += size;
  }
  await take(parser.end());
  await take(parsing.finish());
  parsing.close();
  return read;
}

/** Throws an AssertionError for a trial that is read wrongly. */
export async function check(seed: number): Promise<void> {
  const trial = trialOf(seed);
  const fast = await readTrial(trial, false);
  const still = new Set(trial.damaged);
  const expected = new Set(trial.records);
  const found = fast.records.filter((record) => expected.has(record) || !still.has(record));
  assert.deepEqual(found.sort(), [...trial.records].sort(), 'the records that are whole');
  assert(fast.rejected >= trial.dead, `${fast.rejected} dead letters for ${trial.dead}`);
  assert.equal(fast.consumed, trial.bytes.length, 'every byte is accounted for');
  const slow = await readTrial(trial, true);
  assert.deepEqual([...slow.records].sort(), [...fast.records].sort(), 'as the reference parser has them');
  assert.equal(slow.rejected, fast.rejected, 'dead letters as the reference parser has them');
  await checkFigures(trial, fast.records);
}

async function checkFigures(
  { bytes, chunks, packing, parts, plain }: Trial,
  records: string[],
): Promise<void> {
  const log = Buffer.from(records.map((record) => `${plain.get(record)}\n`).join(''));
  const found = await reportOf(pack(bytes, packing, parts), chunks);
  assert.equal(found, await reportOf(log, [1 << 16]), `figures of the plain log, packed as ${packing}`);
}

async function main([seconds = '60', first = '1']: string[]): Promise<void> {
  const end = Date.now() + Number(seconds) * 1000;
  let seed = Number(first);
  for (; Date.now() < end; seed++) {
    try {
      await check(seed);
    } catch (error) {
      console.log(`seed ${seed}: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  console.log(`${seed - Number(first)} trials`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
