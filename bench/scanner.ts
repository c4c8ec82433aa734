/**
 * The parse stage alone: the scanner beside the reference parser and beside JSON.parse of the same lines, which does
 * least of what a parser must. In memory and in one process, in turn, so that a busy machine slows all of them.
 */
import { availableParallelism, cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Batch } from '../lib/batch/batch.ts';
import { Kinds } from '../lib/batch/kinds.ts';
import { Wants } from '../lib/batch/wants.ts';
import { openFramer } from '../lib/framings/index.ts';
import { generate, type Layout, layouts, logKinds } from '../lib/generate/index.ts';
import { ReferenceParser } from '../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../lib/parse/objects/vocabulary.ts';
import type { Parser } from '../lib/parse/parser.ts';
import { openScanner } from '../lib/parse/scanner/index.ts';
import { Classifier } from '../lib/stages/classify.ts';
import { mirrord } from '../lib/systems/mirrord/index.ts';
import { ziti } from '../lib/systems/ziti/index.ts';
import { logField } from '../lib/tracing/record-fields.ts';
import { median } from './measure.ts';

const LIMITS = { maxRecordBytes: 1 << 20, maxDepth: 1000 };

/** What the catalogue asks for, and the reading of it: a kind for every record, one label set for each measurement. */
function consumers() {
  const wants = new Wants();
  const kinds = new Kinds();
  const classifier = new Classifier([mirrord, ziti].map((system) => system.open(wants, kinds)));
  const derived = mirrord.catalogue
    .filter(({ when }) => when !== undefined)
    .map(({ when, labels, value }) => {
      const names = when!.kind === undefined ? [] : [when!.kind].flat();
      return {
        kinds: kinds.all.map(({ name, stream }) =>
          names.length === 0 ? stream === 'log' : names.includes(name),
        ),
        labels: wants.labels(labels.map(({ field }) => logField(wants, field))),
        value: value === undefined ? undefined : logField(wants, value),
      };
    });
  const rows = new Uint32Array(4096);
  const consume = (batch: Batch): number => {
    let sum = 0;
    classifier.classify(batch);
    for (const { kinds: over, labels, value } of derived) {
      let count = 0;
      for (let row = 0; row < batch.rows; row++) if (over[batch.kind[row]!] === true) rows[count++] = row;
      const listed = rows.subarray(0, count);
      sum += batch.labels(labels).idsOf(listed).length;
      if (value !== undefined) sum += batch.column(value).numbersOf(listed).length;
    }
    return sum;
  };
  return { wants, consume };
}

/** Seconds to parse all chunks, and with them whatever `consume` reads. */
function time(parser: Parser, chunks: readonly Buffer[], consume: (batch: Batch) => number): number {
  const started = performance.now();
  const take = (batches: Iterable<Batch>): void => {
    for (const batch of batches) {
      consume(batch);
      batch.release();
    }
  };
  for (const chunk of chunks) take(parser.push(chunk) as Iterable<Batch>);
  take(parser.end() as Iterable<Batch>);
  return (performance.now() - started) / 1000;
}

function timeJsonParse(lines: readonly string[]): number {
  const started = performance.now();
  for (const line of lines) JSON.parse(line);
  return (performance.now() - started) / 1000;
}

function bench(kind: (typeof logKinds)[number], layout: Layout, records: number, rounds: number): void {
  const chunks = [...generate({ kind, records, seed: 1, layout })];
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const lines = chunks[0]!.toString('latin1').split('\n').filter(Boolean);
  const lineBytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const { wants, consume } = consumers();
  const scanner = openScanner({ wants, limits: LIMITS });
  if (scanner === undefined) throw new Error('the scanner is not built: npm run build');
  const vocabulary = new Vocabulary(wants);
  const input = { name: '-', framing: 'ndjson' };
  const scan = (): Parser => scanner.parser(input, 'ndjson');
  const reference = (): Parser =>
    new ReferenceParser({
      input,
      framer: openFramer('ndjson', { input, limits: LIMITS, sourceId: '' }),
      vocabulary,
      limits: LIMITS,
    });
  const ways: Readonly<Record<string, () => number>> = {
    'scanner alone': () => bytes / time(scan(), chunks, () => 0),
    'scanner and columns': () => bytes / time(scan(), chunks, consume),
    'reference alone': () => bytes / time(reference(), chunks, () => 0),
    'reference and columns': () => bytes / time(reference(), chunks, consume),
    'JSON.parse of lines': () => lineBytes / timeJsonParse(lines),
  };
  const rates = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(ways)) rates.get(name)!.push(run());
  }
  const base = median(rates.get('JSON.parse of lines')!);
  console.log(`${kind}, ${layout}: ${records} records, ${(bytes / 1e6).toFixed(0)} MB`);
  for (const [name, all] of rates) {
    const rate = median(all);
    const perRecord = (bytes / records / rate) * 1e6;
    console.log(
      `  ${name.padEnd(22)} ${(rate / 1e6).toFixed(0).padStart(6)} MB/s ${perRecord.toFixed(3).padStart(8)} us/record` +
        ` ${(rate / base).toFixed(2).padStart(7)} x JSON.parse (best ${(Math.max(...all) / 1e6).toFixed(0)} MB/s)`,
    );
  }
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { records: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '7' } },
  });
  for (const kind of logKinds) {
    for (const layout of layouts) bench(kind, layout, Number(values.records), Number(values.rounds));
  }
  console.log(
    `machine: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`,
  );
  console.log('not measured: reading files, threads, aggregation, filters, handlers');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run(process.argv.slice(2));
