import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Input } from '../batch/batch.ts';
import { MirrormonError } from '../errors.ts';
import type { Rest } from '../parse/parser.ts';
import { decode } from './decode.ts';
import { compareInstants, firstTime, type Instant } from './first-time.ts';
import { expandGlob, isGlob } from './glob.ts';
import { type ByteSource, fileSource, type ReadOptions, streamSource } from './read-inputs.ts';

/** How much of a file is searched for the time of its first record. */
const PEEK = 1 << 16;

export interface InputsOptions extends ReadOptions {
  readonly stdin: Readable;
  /** An input that fails does not keep the others from being read. */
  readonly onError: (error: MirrormonError) => void;
}

export interface LargeInputsOptions extends InputsOptions {
  /**
   * Bytes from which on an input is large: what is left of it behind its first ones is handed over at once, for its
   * parser to read as it sees fit. undefined = never. Not for inputs that others are merged with.
   */
  readonly largeFrom: number | undefined;
  /** The same of inputs that are compressed, in bytes of what was in them; if not said, as of others. */
  readonly decompressedLargeFrom?: number | undefined;
}

export interface InputBytes {
  /** The same object for all bytes of an input. */
  readonly input: Input;
  /** Decompressed. */
  readonly bytes: Uint8Array;
  /** All that the input has is in these bytes, so they may stand between those of another one. */
  readonly whole?: boolean | undefined;
}

/** The last that comes of a large input. */
export interface InputRest {
  readonly input: Input;
  readonly rest: Rest;
}

/**
 * The bytes of files, globs and standard input, one after the other, decompressed; no names, or `-`, is standard input.
 * What a glob names comes in the order of its first records' times. A chunk is read ahead of the consumer, no more.
 * Every chunk is the consumer's until it asks for the next one.
 */
export function readInputs(
  names: readonly string[],
  options: LargeInputsOptions,
): AsyncGenerator<InputBytes | InputRest>;
export function readInputs(names: readonly string[], options: InputsOptions): AsyncGenerator<InputBytes>;
export async function* readInputs(
  names: readonly string[],
  options: InputsOptions | LargeInputsOptions,
): AsyncGenerator<InputBytes | InputRest> {
  for (const name of names.length === 0 ? ['-'] : names) {
    for (const file of await expand(name, options)) {
      if (options.signal?.aborted) return;
      yield* readInput(file, options);
    }
  }
}

async function* readInput(
  name: string,
  options: InputsOptions | LargeInputsOptions,
): AsyncGenerator<InputBytes | InputRest> {
  const input: Input = { name, framing: '' };
  const { signal, onError } = options;
  try {
    const source = await sourceOf(name, options);
    let isPlain = false;
    const chunks = decode(source, signal, () => {
      isPlain = true;
    });
    let rest: Rest | undefined;
    try {
      let given = 0;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        const bytes = next.value;
        const isFirst = given === 0;
        given += bytes.length;
        yield { input, bytes };
        if (isFirst && isPlain) rest = restOfFile(source, bytes, options);
        if (rest === undefined && given >= largeFromOf(options, isPlain))
          rest = { bytes: () => reported(chunks, onError) };
        if (rest !== undefined) break;
      }
    } finally {
      if (rest === undefined || rest.file !== undefined) await chunks.return(undefined);
    }
    if (rest !== undefined) yield { input, rest };
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    onError(error);
  }
}

function largeFromOf(options: InputsOptions | LargeInputsOptions, isPlain: boolean): number {
  if (!('largeFrom' in options) || options.largeFrom === undefined) return Number.POSITIVE_INFINITY;
  return isPlain ? options.largeFrom : (options.decompressedLargeFrom ?? options.largeFrom);
}

/** What follows the first bytes of a plain file, if that is large: it can be read anywhere. */
function restOfFile(
  source: ByteSource,
  first: Uint8Array,
  options: InputsOptions | LargeInputsOptions,
): Rest | undefined {
  const { onError, onProgress, signal } = options;
  const { place: path, size = 0 } = source;
  const from = first.length;
  if (size <= from || size < largeFromOf(options, true)) return undefined;
  return {
    bytes: (offset = from) => reported(source.read(offset), onError),
    file: {
      path,
      from,
      to: size,
      signal,
      progress: (bytesRead) => onProgress?.({ name: path, bytesRead, size }),
    },
  };
}

/** Bytes whose failure is reported, and is their end for whoever reads them. */
async function* reported(
  bytes: AsyncGenerator<Uint8Array>,
  onError: InputsOptions['onError'],
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    onError(error);
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
      pieces.push(Buffer.from(bytes));
      length += bytes.length;
      if (length >= PEEK) break;
    }
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
  }
  return firstTime(Buffer.concat(pieces).toString('latin1', 0, PEEK));
}
