import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  fstat as fstatWithCallback,
  openSync,
  open as openWithCallback,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { MirrormonError, systemReason } from '../errors.ts';
import { OpenFile } from './open-file.ts';
import { readPipe } from './pipe.ts';
import { FILE_CHUNK, type ReadFileOptions, readOpen } from './read-file.ts';

const openDescriptor = promisify(openWithCallback);
const fstat = promisify(fstatWithCallback);

export type { Progress } from './read-file.ts';

export type ReadOptions = ReadFileOptions;

/** Bytes as they lie in a file or come through a pipe, before any decompression. */
export interface ByteSource {
  /** What messages call it. */
  readonly place: string;
  /** Whether `read` can be called again, from the start. */
  readonly again: boolean;
  /**
   * Fails with INPUT_UNREADABLE. From an offset only where it can be read again. Every chunk is the consumer's until it
   * asks for the next one.
   */
  read(from?: number): AsyncGenerator<Uint8Array>;
  /** Whether it may pause for as long as it likes: no file. */
  readonly pauses?: boolean | undefined;
  /** Of a regular file: open since it was looked up, for the owner of the source to close. */
  readonly file?: OpenFile | undefined;
}

/** A file, or what has a file's name: a named pipe, a device. Fails with INPUT_UNREADABLE. */
export async function fileSource(name: string, options: ReadOptions): Promise<ByteSource> {
  const stats = await stat(name).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (stats.isDirectory()) throw folder(name, `name its files, such as '${name.replace(/\/+$/, '')}/*.log'`);
  if (stats.isFile()) {
    const file = await OpenFile.open(name).catch((error: unknown) => {
      throw unreadable(name, error);
    });
    return sourceOfFile(file, options);
  }
  const { signal } = options;
  const read = stats.isFIFO()
    ? async function* () {
        yield* readPipe(await openPipe(name, signal), { signal });
      }
    : () => readStream(createReadStream(name, { highWaterMark: FILE_CHUNK }), signal);
  return { place: name, again: false, pauses: true, read: () => named(name, read()) };
}

/** Waits for whoever writes to a named pipe, until the signal: a thread that waits on would keep the process from ending. */
async function openPipe(name: string, signal: AbortSignal | undefined): Promise<number> {
  const stopWaiting = (): void => {
    try {
      // one who waits has a writer then
      closeSync(openSync(name, constants.O_WRONLY | constants.O_NONBLOCK));
    } catch {
      // nobody waits any more
    }
  };
  signal?.addEventListener('abort', stopWaiting);
  try {
    return await openDescriptor(name, constants.O_RDONLY);
  } finally {
    signal?.removeEventListener('abort', stopWaiting);
  }
}

export function sourceOfFile(file: OpenFile, options: ReadOptions): ByteSource {
  const { name } = file;
  return {
    place: name,
    again: true,
    pauses: false,
    file,
    read: (from) => named(name, file.read(options, from)),
  };
}

/** A stream; where it stands for a pipe or a file of the system's, that itself is read, which is faster by far. */
export function streamSource(place: string, stream: Readable, options: ReadOptions): ByteSource {
  const read = () => named(place, readUnderlying(place, stream, options));
  return { place, again: false, pauses: !isFile(stream), read };
}

function isFile({ fd }: Readable & { readonly fd?: unknown }): boolean {
  try {
    return typeof fd === 'number' && fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

async function* readUnderlying(
  place: string,
  stream: Readable & { readonly fd?: unknown },
  { signal, chunkBytes }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const { fd } = stream;
  const isUntouched = !stream.readableDidRead && !stream.destroyed;
  const stats = typeof fd === 'number' && isUntouched ? await fstat(fd) : undefined;
  // to Node this is a stream without anything in it
  if (stats?.isDirectory()) throw folder(place, 'name its files instead');
  if (stats?.isFIFO() || stats?.isSocket()) yield* readPipe(fd as number, { signal });
  else if (stats?.isFile()) yield* readOpen(fd as number, { signal, chunkBytes, size: stats.size });
  else yield* readStream(stream, signal);
}

async function* readStream(stream: Readable, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  // It may also break while the consumer is busy; `errored` keeps that for the next read.
  stream.on('error', () => {});
  try {
    for (;;) {
      const chunk: Uint8Array | null = stream.read();
      if (chunk !== null) yield chunk;
      else if (stream.errored) throw stream.errored;
      else if (stream.readableEnded || stream.destroyed || signal?.aborted) return;
      else await readable(stream, signal);
    }
  } finally {
    stream.destroy();
  }
}

/** Until there is something to read, or never will be. */
function readable(stream: Readable, signal: AbortSignal | undefined): Promise<void> {
  const events = ['readable', 'end', 'error', 'close'];
  return new Promise((resolve) => {
    const wake = () => {
      for (const event of events) stream.off(event, wake);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    for (const event of events) stream.on(event, wake);
    signal?.addEventListener('abort', wake);
  });
}

/** The same bytes; a failure says whose they are. */
async function* named(place: string, bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw unreadable(place, error);
  }
}

function folder(where: string, hint: string): MirrormonError {
  return new MirrormonError('INPUT_UNREADABLE', 'cannot be read: it is a folder', { where, hint });
}

/** Of a file that is not there, by a name that arguments cannot hold. */
export const NOT_UTF8 =
  'a name that is not UTF-8 comes here changed; give the file as standard input, mirrormon < FILE, or under another name';

function unreadable(where: string, cause: unknown): MirrormonError {
  if (cause instanceof MirrormonError) return cause;
  const isOther = where.includes('\ufffd') && (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new MirrormonError('INPUT_UNREADABLE', `cannot be read: ${systemReason(cause)}`, {
    where,
    cause,
    hint: isOther ? NOT_UTF8 : undefined,
  });
}
