import { Readable, Writable } from 'node:stream';
import { pipeline as connect } from 'node:stream/promises';
import split2 from 'split2';
import type { Config } from '../../config.ts';
import type { MirrormonError } from '../../errors.ts';
import { type InputBytes, readInputs } from '../../inputs/sources.ts';
import { openPipeline, type Pipeline, type PipelineOptions } from '../../pipeline.ts';
import { largeInputs } from '../large-inputs.ts';
import { type LogRecord, NaiveFigures } from './naive.ts';

/** One way through the same inputs. */
export interface Passage {
  readonly seconds: number;
  readonly records: number;
  /** Decompressed. */
  readonly bytes: number;
}

const surroundings = {
  stdin: Readable.from([]),
  onError: (error: MirrormonError) => {
    throw error;
  },
};

/** The bytes of files, once more from the start. Fails with the first file that cannot be read. */
export function reading(files: readonly string[]): AsyncGenerator<InputBytes> {
  return readInputs(files, surroundings);
}

/** A pipeline as a run has it, but what standard output would get is thrown away. */
export function openSilent(config: Config, options: PipelineOptions = {}): Pipeline {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  // the naive pipeline measures whatever is written, too
  return openPipeline(config, {
    measure: 'always',
    ...options,
    stdout: { stream, terminal: { isTTY: false, color: false } },
  });
}

export async function ownPassage(
  files: readonly string[],
  config: Config,
  now: () => number,
): Promise<Passage> {
  const started = now();
  const pipeline = openSilent(config);
  // as a run does: what is large is left to the parser's threads
  await pipeline.run(readInputs(files, { ...surroundings, ...largeInputs(undefined) }));
  await pipeline.close();
  const { records, bytes } = pipeline.ledger.read;
  return { seconds: (now() - started) / 1000, records, bytes };
}

/** Lines by split2, JSON.parse, a Map of series. What is no log record is passed over, so that any log can be compared. */
export async function naivePassage(files: readonly string[], now: () => number): Promise<Passage> {
  const started = now();
  const figures = new NaiveFigures();
  let bytes = 0;
  const records = split2(parsed).on('data', (record: LogRecord) => figures.record(record));
  const chunks = async function* () {
    for await (const chunk of reading(files)) {
      bytes += chunk.bytes.length;
      // streams may keep it for longer than it is theirs
      yield Buffer.from(chunk.bytes);
    }
  };
  await connect(Readable.from(chunks()), records);
  return { seconds: (now() - started) / 1000, records: figures.records, bytes };
}

function parsed(line: string): LogRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as LogRecord) : undefined;
  } catch {
    return undefined;
  }
}
