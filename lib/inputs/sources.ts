import type { Readable } from 'node:stream';
import type { Input } from '../batch/batch.ts';
import { MirrormonError } from '../errors.ts';
import type { Rest } from '../parse/parser.ts';
import { thousands } from '../text/thousands.ts';
import { decode } from './decode.ts';
import { type FoundInput, findInputs, saidOfTwice } from './find-inputs.ts';
import type { OpenFile } from './open-file.ts';
import { type ByteSource, fileSource, type ReadOptions, sourceOfFile, streamSource } from './read-inputs.ts';
import { decodeFrom, type Start } from './start.ts';

export interface InputsOptions extends ReadOptions {
  readonly stdin: Readable;
  /** An input that fails does not keep the others from being read. */
  readonly onError: (error: MirrormonError) => void;
  /** What is worth a person's attention, but no failure. */
  readonly onNotice?: ((text: string) => void) | undefined;
  /**
   * Where a file is begun, if not at its beginning; `done`: it is left out. Rejects with the reason for which it cannot be
   * read.
   */
  readonly startOf?: ((file: OpenFile) => Promise<Start | 'done' | undefined>) | undefined;
  /** How many files the names stood for, as soon as that is known. */
  readonly onFiles?: ((count: number) => void) | undefined;
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

/** The last that comes of a large input; to be read before the next one is asked for, which closes its file. */
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
  const found = await findInputs(names, options);
  options.onFiles?.(found.filter(({ error }) => error === undefined).length);
  for (const text of saidOfTwice(found)) options.onNotice?.(text);
  try {
    for (const input of found) {
      if (options.signal?.aborted) return;
      yield* readInput(input, options);
    }
  } finally {
    for (const { file } of found) await file?.close();
  }
}

async function* readInput(
  found: FoundInput,
  options: InputsOptions | LargeInputsOptions,
): AsyncGenerator<InputBytes | InputRest> {
  const { signal, onError } = options;
  let file: OpenFile | undefined;
  try {
    const source = await sourceOf(found, options);
    file = source.file;
    const start = file && (await options.startOf?.(file));
    if (start === 'done') return;
    const from = start?.offset;
    const input: Input = { name: found.name, framing: start?.framing ?? '', from, pauses: source.pauses };
    let isPlain = false;
    const onPlain = (): void => {
      isPlain = true;
    };
    const chunks = start ? decodeFrom(source, start, signal, onPlain) : decode(source, signal, onPlain);
    let rest: Rest | undefined;
    let given = 0;
    try {
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        const bytes = next.value;
        const isFirst = given === 0;
        given += bytes.length;
        yield { input, bytes };
        if (isFirst && isPlain) rest = restOfFile(source, (from ?? 0) + given, options);
        if (rest === undefined && given >= largeFromOf(options, isPlain))
          rest = { bytes: () => reported(chunks, onError), pauses: source.pauses };
        if (rest !== undefined) break;
      }
    } finally {
      if (rest === undefined || rest.file !== undefined) await chunks.return(undefined);
    }
    if (given === 0 && !signal?.aborted) options.onNotice?.(`${source.place}: it is empty`);
    // behind this it has been read to its end
    if (rest !== undefined) yield { input, rest };
    if (file !== undefined && !signal?.aborted) await tellChange(file, options);
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    onError(error);
  } finally {
    await file?.close();
  }
}

/** A file that others write is read to the end that it has then. */
async function tellChange(file: OpenFile, { onNotice, onError }: InputsOptions): Promise<void> {
  const { name, size } = file;
  const now = await file.sizeNow();
  if (now > size) {
    onNotice?.(
      `${name}: it grew while it was read, from ${thousands(size)} to ${thousands(now)} bytes; what was appended was read, too (-f follows a file)`,
    );
  } else if (now < size) {
    const message = `it was cut short while it was read, from ${thousands(size)} to ${thousands(now)} bytes: what was cut off before it was read is missing`;
    onError(new MirrormonError('INPUT_TRUNCATED', message, { where: name }));
  }
}

function largeFromOf(options: InputsOptions | LargeInputsOptions, isPlain: boolean): number {
  if (!('largeFrom' in options) || options.largeFrom === undefined) return Number.POSITIVE_INFINITY;
  return isPlain ? options.largeFrom : (options.decompressedLargeFrom ?? options.largeFrom);
}

/** What follows the first bytes of a plain file, from an offset on, if that is large: it can be read anywhere. */
function restOfFile(
  source: ByteSource,
  from: number,
  options: InputsOptions | LargeInputsOptions,
): Rest | undefined {
  const { onError, onProgress, signal } = options;
  const { file } = source;
  if (file === undefined || file.size <= from || file.size < largeFromOf(options, true)) return undefined;
  const { name, size, descriptor } = file;
  return {
    bytes: (offset = from) => reported(source.read(offset), onError),
    file: {
      descriptor,
      from,
      to: size,
      signal,
      progress: (bytesRead) => onProgress?.({ name, bytesRead, size }),
    },
  };
}

/** Bytes whose failure is reported, and is their end for whoever reads them. */
export async function* reported(
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

function sourceOf(
  { name, file, error }: FoundInput,
  options: InputsOptions,
): Promise<ByteSource> | ByteSource {
  if (error !== undefined) throw error;
  if (name === '-') return streamSource('standard input', options.stdin, options);
  return file === undefined ? fileSource(name, options) : sourceOfFile(file, options);
}
