/**
 * The filter stage alone: OpenZiti events through twenty subscriptions, with the results that are remembered per id and
 * without; then a hostile expression on ever longer names. In memory and in one process.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { RE2JS } from 're2js';
import type { Batch } from '../lib/batch/batch.ts';
import { Kinds } from '../lib/batch/kinds.ts';
import { Wants } from '../lib/batch/wants.ts';
import type { SubscriptionConfig } from '../lib/config.ts';
import { type EventFields, eventFields } from '../lib/events/event-fields.ts';
import { Expression } from '../lib/filters/expression.ts';
import { openSubscription } from '../lib/filters/subscription.ts';
import { openFramer } from '../lib/framings/index.ts';
import { generate } from '../lib/generate/index.ts';
import { Ledger } from '../lib/ledger.ts';
import { ReferenceParser } from '../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../lib/parse/objects/vocabulary.ts';
import { openScanner } from '../lib/parse/scanner/index.ts';
import { Classifier } from '../lib/stages/classify.ts';
import { Filter } from '../lib/stages/filter.ts';
import { ziti } from '../lib/systems/ziti/index.ts';

const LIMITS = { maxRecordBytes: 1 << 20, maxDepth: 1000 };
/** Without memory a filter takes many times as long: it gets the first events only. */
const UNCACHED_EVENTS = 100_000;

const sources = ['', '^ctrl', '.*', '^[A-Za-z0-9.]{9,}$', 'ctrl|client'];
const metrics = [
  '(ctrl|link|fabric|egress)\\..*\\.(p99|p999|p9999)$',
  '.*pool.*',
  '^link\\.(rx|tx)\\..*rate',
  '(min|max|mean)$',
];

type Pair = readonly [source: RE2JS, metric: RE2JS];

/** Every source with every metric: twenty alternations and wildcards. */
const subscriptions: readonly SubscriptionConfig[] = sources.flatMap((sourceFilter) =>
  metrics.map((metricFilter) => ({ type: 'metrics', sourceFilter, metricFilter, place: 'bench' })),
);

/** What a filter without a memory does: each expression on each text, for every event anew. */
function selectWithoutMemory(batch: Batch, fields: EventFields, expressions: readonly Pair[]): number {
  const { symbols } = batch;
  const names = batch.column(fields.metric);
  const types = batch.column(fields.metricType);
  const sourceIds = batch.column(fields.sourceId);
  const values = batch.column(fields.metrics);
  let picked = 0;
  for (let row = 0; row < batch.rows; row++) {
    if (values.keys(row) === 0) continue;
    const name = symbols.text(names.id(row));
    const keys = symbols.text(values.keys(row)).split('\u0000').slice(0, -1);
    const single = /^(int|float)Value$/.test(symbols.text(types.id(row)));
    const texts = single ? [`${name}.`] : keys.map((key) => `${name}.${key}`);
    const source = symbols.text(sourceIds.id(row));
    for (const [sourceFilter, metricFilter] of expressions) {
      if (sourceFilter.test(source) && texts.filter((text) => metricFilter.test(text)).length > 0) picked++;
    }
  }
  return picked;
}

function open() {
  const wants = new Wants();
  const kinds = new Kinds();
  const classifier = new Classifier([ziti.open(wants, kinds)]);
  const opened = subscriptions.map((subscription) => openSubscription(subscription, kinds, wants));
  const filter = new Filter([opened], new Ledger());
  const input = { name: 'bench', framing: 'ndjson' };
  const scanner = openScanner({ wants, limits: LIMITS });
  const parser =
    scanner?.parser(input, 'ndjson') ??
    new ReferenceParser({
      input,
      vocabulary: new Vocabulary(wants),
      limits: LIMITS,
      framer: openFramer('ndjson', { input, limits: LIMITS, sourceId: 'bench' }),
    });
  return {
    filter,
    parser,
    classifier,
    fields: eventFields(wants),
    name: scanner === undefined ? 'reference parser' : 'scanner',
  };
}

interface Totals {
  events: number;
  bytes: number;
  picked: number;
  seconds: number;
}

const totals = (): Totals => ({ events: 0, bytes: 0, picked: 0, seconds: 0 });

function timed(into: Totals, batch: Batch, select: () => number): void {
  const started = performance.now();
  into.picked += select();
  into.seconds += (performance.now() - started) / 1000;
  into.events += batch.rows;
  into.bytes += batch.consumed;
}

const rate = ({ bytes, seconds }: Totals): string => `${(bytes / 1e6 / seconds).toFixed(1)} MB/s`;

const describe = (name: string, run: Totals): string =>
  `${name.padEnd(8)} ${rate(run).padStart(14)}  ${run.events.toLocaleString('en-US')} events, ` +
  `${(run.bytes / 1e6).toFixed(0)} MB in ${run.seconds.toFixed(2)} s, ${run.picked.toLocaleString('en-US')} picks`;

/** Milliseconds for a name of so many letters that nearly matches; the fastest of five, since others use the machine too. */
function hostileTime(length: number): number {
  const expression = new Expression('(a+)+$');
  const text = `${'a'.repeat(length)}!`;
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 5; k++) {
    const started = performance.now();
    if (expression.test(text)) throw new Error('it must not match');
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** Gives the exit status: 1 if both ways select differently or the hostile expression costs more than linear time. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: 'boolean', default: false } } });
  const records = values.quick ? 50_000 : 1_000_000;
  const { filter, parser, classifier, fields, name } = open();
  const expressions = subscriptions.map(
    ({ sourceFilter = '', metricFilter = '' }): Pair => [
      RE2JS.compile(sourceFilter),
      RE2JS.compile(metricFilter),
    ],
  );
  const cached = totals();
  const sample = totals();
  const uncached = totals();
  const take = (batches: Iterable<Batch>): void => {
    for (const batch of batches) {
      classifier.classify(batch);
      const select = (): number => {
        const [selection] = filter.push({ batch, from: 0, to: batch.rows, report: false });
        return selection!.picks[0]?.count ?? 0;
      };
      const before = cached.picked;
      timed(cached, batch, select);
      if (uncached.events < UNCACHED_EVENTS) {
        sample.picked += cached.picked - before;
        timed(uncached, batch, () => selectWithoutMemory(batch, fields, expressions));
      }
      batch.release();
    }
  };
  for (const chunk of generate({ kind: 'ziti', records, seed: 1 }))
    take(parser.push(chunk) as Iterable<Batch>);
  take(parser.end() as Iterable<Batch>);

  console.log(
    `filters: ${subscriptions.length} subscriptions of alternations and wildcards, batches of the ${name}`,
  );
  console.log(describe('cached', cached));
  console.log(describe('uncached', uncached));
  const same = sample.picked === uncached.picked;
  console.log(`the same picks in the first ${uncached.events.toLocaleString('en-US')} events: ${same}`);

  hostileTime(1000);
  const times = [2_000, 20_000, 200_000].map((length) => ({ length, ms: hostileTime(length) }));
  console.log(
    `(a+)+$ on ${times.map(({ length, ms }) => `${length} letters: ${ms.toFixed(2)} ms`).join(', ')}`,
  );
  const linear = times.at(-1)!.ms <= 40 * Math.max(0.05, times.at(-2)!.ms);
  console.log(`linear: ${linear} (ten times the letters, at most forty times the time)`);
  console.log(
    `machine: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`,
  );
  console.log('not measured: reading, parsing and writing; see the throughput bench for whole runs');
  return same && linear ? 0 : 1;
}
