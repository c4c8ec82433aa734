import type { Handler } from '../../handlers/handler.ts';
import type { Io } from '../io.ts';
import { lookOf } from '../look.ts';
import { type ReadOptions, readAlone } from '../read-alone.ts';
import { refuseUnsafeAnswer } from '../safety/safe-outputs.ts';
import { writeLines } from '../sessions/write-lines.ts';
import { jsonLines } from './explained-lines.ts';
import { Explanation } from './explanation.ts';
import { metricLines } from './metric-answer.ts';
import { storyLines, summaryLines } from './tell.ts';

export interface ExplainOptions extends ReadOptions {
  readonly output: 'text' | 'json';
  /** Why is this metric written, or not? */
  readonly metric?: string | undefined;
  /** Records that are told one by one. */
  readonly top?: number | undefined;
}

const RECORDS = 5;
const USUAL_WIDTH = 80;

/**
 * Tells how records are read, what is measured of them, and what the subscriptions of a configuration take or leave out,
 * and why. Nothing is written. It is the pipeline of a run, observed.
 * @returns the exit status
 */
export async function explain(files: readonly string[], options: ExplainOptions, io: Io): Promise<number> {
  const { metric, top = RECORDS, output } = options;
  let explanation!: Explanation;
  await refuseUnsafeAnswer(files, options.config, io);
  const read = await readAlone(files, options, io, (config, handlers) => {
    explanation = new Explanation(handlers, top, metric);
    return {
      config: { ...config, handlers },
      options: {
        measure: 'always',
        // what is measured elsewhere cannot be seen record by record; both parsers give the same
        referenceParser: true,
        observer: explanation,
        onClassified: (batch) => explanation.classified(batch),
        openHandler: ({ name, type }) => silent(name, type),
      },
    };
  });
  if (read.pipeline !== undefined) {
    const { paint } = lookOf(io, options);
    const look = { width: Math.max(40, io.stdout.columns || USUAL_WIDTH), paint };
    const told = { explanation, config: read.config, ledger: read.pipeline.ledger };
    await writeLines(
      output === 'json'
        ? jsonLines(told, metric)
        : metric === undefined
          ? [...storyLines(told, look), ...summaryLines(told, look)]
          : [...storyLines(told, look), ...metricLines(told, metric, look)],
      io.stdout,
    );
  }
  return read.conclude();
}

/** Takes everything, and writes nothing. */
function silent(name: string, type: string): Handler {
  return { name, type, open: async () => {}, write: () => 0, close: async () => {} };
}
