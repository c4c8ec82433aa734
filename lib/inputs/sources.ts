import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Input } from '../batch.ts';
import { MirrormonError } from '../errors.ts';
import { decode } from './decode.ts';
import { compareInstants, firstTime, type Instant } from './first-time.ts';
import { expandGlob, isGlob } from './glob.ts';
import { type ByteSource, fileSource, type ReadOptions, streamSource } from './read.ts';

/** How much of a file is searched for the time of its first record. */
const PEEK = 1 << 16;

export interface InputsOptions extends ReadOptions {
  readonly stdin: Readable;
  /** An input that fails does not keep the others from being read. */
  readonly onError: (error: MirrormonError) => void;
}

export interface InputBytes {
  /** The same object for all bytes of an input. */
  readonly input: Input;
  /** Decompressed. */
  readonly bytes: Uint8Array;
  /** All that the input has is in these bytes, so they may stand between those of another one. */
  readonly whole?: boolean | undefined;
}

/**
 * The bytes of files, globs and standard input, one after the other, decompressed; no names, or `-`, is standard input.
 * What a glob names comes in the order of its first records' times. Nothing is read ahead of the consumer.
 */
export async function* readInputs(
  names: readonly string[],
  options: InputsOptions,
): AsyncGenerator<InputBytes> {
  for (const name of names.length === 0 ? ['-'] : names) {
    for (const file of await expand(name, options)) {
      if (options.signal?.aborted) return;
      yield* readInput(file, options);
    }
  }
}

async function* readInput(name: string, options: InputsOptions): AsyncGenerator<InputBytes> {
  const input: Input = { name, framing: '' };
  try {
    for await (const bytes of decode(await sourceOf(name, options), options.signal)) yield { input, bytes };
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    options.onError(error);
  }
}

async function sourceOf(name: string, options: InputsOptions): Promise<ByteSource> {
  return name === '-' ? streamSource('standard input', options.stdin, options) : fileSource(name, options);
}

/** The files that a name stands for. */
async function expand(name: string, { onError, signal }: InputsOptions): Promise<string[]> {
  if (!isGlob(name) || (await stat(name).catch(() => undefined)) !== undefined) return [name];
  const files = await expandGlob(name);
  if (files.length === 0) {
    const hint = 'the pattern is relative to the current folder';
    onError(new MirrormonError('INPUT_UNREADABLE', 'no file matches this pattern', { where: name, hint }));
  }
  if (files.length < 2) return files;
  const timed: { file: string; time: Instant | undefined }[] = [];
  for (const file of files) timed.push({ file, time: await timeOfFirstRecord(file, signal) });
  return timed.sort((a, b) => compareInstants(a.time, b.time)).map(({ file }) => file);
}

/** What cannot be read has none: reading it will say why. */
async function timeOfFirstRecord(name: string, signal?: AbortSignal): Promise<Instant | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    const source = await fileSource(name, { signal, chunkBytes: PEEK });
    if (!source.again) return undefined;
    for await (const bytes of decode(source, signal)) {
      pieces.push(bytes);
      length += bytes.length;
      if (length >= PEEK) break;
    }
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
  }
  return firstTime(Buffer.concat(pieces).toString('latin1', 0, PEEK));
}
