import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../test/helpers/root.ts';
import type { Figures } from './kept.ts';
import { isMeasured, type Outcome } from './pairs.ts';
import { type Workload, workloads } from './workloads.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** As Markdown, which is readable on a terminal too. */
export function describe({ machine, outcomes, startUp, latency }: Figures): string {
  const paragraphs = [`Machine: ${machine}.`, ...tables(outcomes)];
  if (startUp !== undefined) {
    paragraphs.push(
      `Start-up beside \`node -e 0\` (${startUp.node.toFixed(0)} ms): \`mirrormon --version\` ${startUp.version.toFixed(2)} ` +
        `times, a log of ten lines ${startUp.tenLines.toFixed(2)} times.`,
    );
  }
  if (latency !== undefined) {
    const { reached, read, scrape, scrapeBytes, markers, linesPerSecond } = latency;
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    paragraphs.push(
      `At ${Math.round(linesPerSecond / 100) * 100} lines a second through a pipe, a line is in the first scrape of \`/metrics\` that ` +
        `begins ${ms(reached.median)} after it was written (median of ${markers}; at most ${ms(reached.max)}), and has been read ` +
        `${ms(read.median)} after (at most ${ms(read.max)}); a scrape alone, of ${(scrapeBytes / 1e6).toFixed(1)} MB, takes ${ms(scrape)}.`,
    );
  }
  paragraphs.push(
    'Whole processes, start-up included, on files in the page cache; every run directly follows one of the naive pipeline ' +
      '(split2, JSON.parse and a Map that keeps the same series, buckets and samples), and × is the median of those pairs. ' +
      'Results are compared before times count: counts exactly, sums to a millionth (those of mirrormon on a smaller log, where its samples hold every value), ' +
      'written records by value. ' +
      'Peak is the resident memory of the largest process. Not measured: disks and networks, handlers other than files and ' +
      'standard output, reports along the way, other machines. Beyond the naive pipeline, mirrormon measures ' +
      'metric-bearing records, rejects invalid ones with their offsets and keeps a ledger; the peers do only what is asked.',
  );
  return paragraphs.join('\n\n');
}

/** One table for each workload and layout, in order. */
export function tables(outcomes: readonly Outcome[]): string[] {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.workload} ${outcome.layout} ${outcome.records}`;
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  return [...groups.values()].flatMap((group) => {
    const { workload, layout } = group[0]!;
    const measured = group.find(isMeasured);
    const size = measured === undefined ? '' : `, ${megabytes(measured.bytes)} MB`;
    return [
      `**${workload}: ${workloads[workload as Workload]}**${layout === 'plain' ? '' : `, ${layout} layout`}${size}`,
      ['| | seconds | MB/s | × naive | peak MiB |', '|---|--:|--:|--:|--:|', ...group.map(row)].join('\n'),
    ];
  });
}

function row(outcome: Outcome): string {
  const { name, version, note } = outcome.program;
  const details = [version, note].filter(Boolean).join('; ');
  const title = details === '' ? name : `${name} (${details})`;
  if (!isMeasured(outcome)) return `| ${title} | another result | | | |`;
  const { bytes, seconds, ratio, peakBytes } = outcome;
  const peak = peakBytes > 0 ? (peakBytes / 2 ** 20).toFixed(0) : '';
  return `| ${title} | ${seconds.toFixed(2)} | ${megabytes(bytes / seconds)} | ${ratio.toFixed(2)} | ${peak} |`;
}

/** Puts the text between the markers of the bench's README. */
export function writeToReadme(text: string): void {
  const path = join(root, 'bench', 'README.md');
  const readme = readFileSync(path, 'utf8');
  const marked = /(<!-- bench -->\n)(.*?)(<!-- \/bench -->)/s;
  if (!marked.test(readme)) throw new Error('bench/README.md has no <!-- bench --> markers');
  writeFileSync(
    path,
    readme.replace(marked, (_, begin, _old, end) => `${begin}${text}\n${end}`),
  );
}
