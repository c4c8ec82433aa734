/** Which framings would read an input of which nothing was understood: each is tried on its beginning. */

import type { Batch, Input } from '../../batch/batch.ts';
import { Kinds } from '../../batch/kinds.ts';
import { Wants } from '../../batch/wants.ts';
import type { InputConfig } from '../../config.ts';
import { type DetectedFraming, framings } from '../../framings/index.ts';
import { openParsing } from '../../parse/open.ts';
import { Classifier } from '../../stages/classify.ts';
import { systems } from '../../systems/index.ts';

/** Of records within documents. */
const MOST_PATHS = 40;
const DEEPEST_PATH = 6;
/** Paths of exports that may be too long to be read whole. */
const usualPaths = [
  'hits.hits._source',
  'data.result.values',
  'records',
  'items',
  'events',
  'logs',
  'entries',
  'data',
  'results',
];

/** What an option makes of an input's beginning. */
export interface Attempt {
  /** As it is written on the command line. */
  readonly option: string;
  readonly records: number;
  /** Of a known kind. */
  readonly understood: number;
}

/** Attempts that understand at least half of what they find, the best first. */
export async function attempts(head: Buffer, tried: string, limits: InputConfig): Promise<Attempt[]> {
  const whole = wholeLines(head);
  const found: Attempt[] = [];
  for (const format of framings) {
    if (format === 'auto' || format === tried) continue;
    found.push(await attempt(whole, format, undefined, limits));
  }
  for (const path of pathsIn(whole)) found.push(await attempt(head, 'json', path, limits));
  return found
    .filter(({ records, understood }) => understood > 0 && 2 * understood >= records)
    .sort((a, b) => b.understood - a.understood);
}

async function attempt(
  head: Buffer,
  format: DetectedFraming,
  path: string | undefined,
  limits: InputConfig,
): Promise<Attempt> {
  const option = path === undefined ? `-i ${format}` : `--records '${path}'`;
  const wants = new Wants();
  const kinds = new Kinds();
  const classifier = new Classifier(systems.map((system) => system.open(wants, kinds)));
  const parsing = openParsing({
    wants,
    limits,
    format,
    records: path,
    sourceId: '',
    tuples: 1000,
    reference: true,
    names: false,
    workers: 0,
    warn: () => {},
  });
  let records = 0;
  let understood = 0;
  const count = (batch: Batch): void => {
    records += batch.rows + batch.rejected.length;
    understood += batch.rows - classifier.classify(batch);
    batch.release();
  };
  try {
    const input: Input = { name: '', framing: '' };
    const parser = parsing.open(input);
    for await (const batch of parser.push(Buffer.from(head))) count(batch);
    for await (const batch of parser.end()) count(batch);
  } catch {
    // a path that cannot be written, or a form that the bytes are far from: it does not fit
  } finally {
    parsing.close();
  }
  return { option, records, understood };
}

/** Without a last line that may be cut. */
function wholeLines(head: Buffer): Buffer {
  const end = head.lastIndexOf(0x0a) + 1;
  return end === 0 ? head : head.subarray(0, end);
}

/** Where objects lie within a document that could be read, arrays left out; else where exports usually have them. */
function pathsIn(head: Buffer): Iterable<string> {
  const text = head.toString('utf8');
  const first = text.slice(0, text.indexOf('\n') + 1 || undefined);
  for (const one of [text, first]) {
    try {
      const found = new Set<string>();
      collect(JSON.parse(one), [], found);
      return found;
    } catch {
      // no document, or not all of one
    }
  }
  return /^\s*[[{]/.test(text) ? usualPaths : [];
}

function collect(value: unknown, path: readonly string[], found: Set<string>): void {
  if (found.size >= MOST_PATHS || path.length > DEEPEST_PATH) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 3)) collect(item, path, found);
  } else if (typeof value === 'object' && value !== null) {
    if (path.length > 0) found.add(path.map(written).join('').replace(/^\./, ''));
    for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], found);
  } else if (typeof value === 'string' && path.length > 0 && value.trimStart().startsWith('{')) {
    found.add(path.map(written).join('').replace(/^\./, ''));
  }
}

/** A key as --records takes it. */
function written(key: string): string {
  return /^[^.[\]"]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
