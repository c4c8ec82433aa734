import { claimedNames, type ExposedFamily } from './exposed-family.ts';
import { head, seriesTexts } from './exposition-text.ts';
import type { Format } from './negotiate.ts';

/** Metrics of one name and type under one TYPE line, in order of first appearance. */
function grouped(
  families: Iterable<ExposedFamily>,
  reserved: Iterable<string>,
  warn: (message: string) => void,
): ExposedFamily[][] {
  const owners = new Map<string, ExposedFamily[]>();
  const groups: ExposedFamily[][] = [];
  for (const name of reserved) owners.set(name, []);
  for (const family of families) {
    const same = owners.get(family.name);
    if (same?.[0]?.name === family.name && same[0].type === family.type) {
      same.push(family);
      continue;
    }
    const names = claimedNames(family);
    const taken = names.find((name) => owners.has(name));
    if (taken !== undefined) {
      warn(`metric ${family.name} (${family.type}) is not exposed: ${taken} belongs to another metric`);
      continue;
    }
    const group = [family];
    for (const name of names) owners.set(name, group);
    groups.push(group);
  }
  return groups;
}

/**
 * The exposition in pieces of a series each. A metric without series is left out. Series that two sources of one
 * name share are exposed once: Prometheus would refuse the whole scrape otherwise.
 */
export function* exposition(
  families: Iterable<ExposedFamily>,
  format: Format,
  reserved: Iterable<string>,
  warn: (message: string) => void,
): Generator<string> {
  for (const group of grouped(families, reserved, warn)) {
    const seen = group.length > 1 ? new Set<string>() : undefined;
    let begun = false;
    for (const family of group) {
      for (const [labels, text] of seriesTexts(family)) {
        if (seen?.has(labels)) {
          warn(`metric ${family.name}: {${labels}} comes from two sources; the first is exposed`);
          continue;
        }
        seen?.add(labels);
        yield begun ? text : head(family, format) + text;
        begun = true;
      }
    }
  }
}

/** How a long piece of work is cut: the clock in milliseconds, and how to let others run. */
export interface Slicing {
  readonly budget: number;
  now(): number;
  pause(): Promise<void>;
}

/** Pieces between two looks at the clock: few enough for histograms, enough to make the look cheap. */
const stride = 32;

/** Bytes that are written into one array. */
const ARRAY_BYTES = 1 << 18;
/** UTF-8 needs so many at most for a unit of UTF-16. */
const BYTES_OF_UNIT = 3;

/**
 * Joins pieces, letting others run whenever the budget is used up. As bytes: texts of some hundred kilobytes would outlive
 * the pauses, and of a large exposition the heap would be full of them before the collector comes.
 */
export async function* sliced(pieces: Iterable<string>, slicing: Slicing): AsyncGenerator<Buffer> {
  let array = Buffer.allocUnsafeSlow(0);
  let [from, to] = [0, 0];
  let count = 0;
  let begun = slicing.now();
  for (const piece of pieces) {
    const most = BYTES_OF_UNIT * piece.length;
    if (to + most > array.length) {
      if (to > from) yield array.subarray(from, to);
      array = Buffer.allocUnsafeSlow(Math.max(ARRAY_BYTES, most));
      from = to = 0;
    }
    to += array.write(piece, to);
    if (++count % stride !== 0 || slicing.now() - begun < slicing.budget) continue;
    yield array.subarray(from, to);
    from = to;
    await slicing.pause();
    begun = slicing.now();
  }
  if (to > from) yield array.subarray(from, to);
}
