import type { MirrormonError } from '../errors.ts';
import { decode } from './decode.ts';
import type { ByteSource } from './read-inputs.ts';

/** Where an input is to be begun: behind what was read of it before. */
export interface Start {
  /** Offset of a line, decompressed. */
  readonly offset: number;
  /** How the input was found to be framed. */
  readonly framing: string;
  /** Bytes before the offset by which it is told whether this still is what was read. */
  readonly tail: number;
  /** What is wrong where those bytes are not what they were; undefined where they are. */
  mismatch(tail: Uint8Array): MirrormonError | undefined;
}

/**
 * The bytes of a source from a place on, decompressed; see `decode`. Where it is compressed, what comes before is
 * unpacked and left out.
 */
export async function* decodeFrom(
  source: ByteSource,
  start: Start,
  signal: AbortSignal | undefined,
  onPlain: () => void,
): AsyncGenerator<Uint8Array> {
  let isPlain = false;
  const all = decode(source, signal, () => {
    isPlain = true;
  });
  const first = await all.next();
  if (isPlain) {
    await all.return(undefined);
    onPlain();
    const from = start.offset - start.tail;
    yield* behind(source.read(from), from, start);
  } else yield* behind(withFirst(first, all), 0, start);
}

async function* withFirst(
  first: IteratorResult<Uint8Array>,
  others: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (!first.done) yield first.value;
  yield* others;
}

/** What comes behind the start of bytes of which the first stands at `at`. */
async function* behind(
  chunks: AsyncGenerator<Uint8Array>,
  at: number,
  start: Start,
): AsyncGenerator<Uint8Array> {
  let position = at;
  let tail: Uint8Array = new Uint8Array(0);
  const check = (): void => {
    const error = start.mismatch(tail);
    if (error !== undefined) throw error;
  };
  for await (const bytes of chunks) {
    const own = Math.max(0, Math.min(bytes.length, start.offset - position));
    if (position <= start.offset && own > 0) {
      tail = Buffer.concat([tail, bytes.subarray(0, own)]).subarray(-start.tail);
    }
    const isNew = position < start.offset;
    position += bytes.length;
    if (isNew && position >= start.offset) check();
    if (own < bytes.length) yield own === 0 ? bytes : bytes.subarray(own);
  }
  if (position < start.offset) check();
}
