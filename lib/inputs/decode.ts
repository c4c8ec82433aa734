import { MirrormonError } from '../errors.ts';
import { gunzip } from './gzip.ts';
import type { ByteSource } from './read.ts';

interface Encoding {
  readonly magic: readonly number[];
  decode(
    bytes: AsyncIterable<Uint8Array>,
    source: ByteSource,
    signal?: AbortSignal,
  ): AsyncIterable<Uint8Array>;
}

/** Told by how the bytes begin, never by a file's name. */
const encodings: readonly Encoding[] = [
  { magic: [0x1f, 0x8b], decode: gunzip },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], decode: unsupportedZstd },
];

/**
 * The bytes of a source, decompressed. Fails with INPUT_UNREADABLE and INPUT_CORRUPT.
 * @param onPlain called before the first bytes if they are given as they came
 */
export async function* decode(
  source: ByteSource,
  signal?: AbortSignal,
  onPlain: () => void = () => {},
): AsyncGenerator<Uint8Array> {
  const chunks = source.read();
  const head = await beginning(chunks);
  const encoding = encodings.find(({ magic }) => magic.every((byte, k) => head[k] === byte));
  const bytes = continued(head, chunks);
  if (encoding === undefined) onPlain();
  yield* encoding === undefined ? bytes : encoding.decode(bytes, source, signal);
}

/** As much as it takes to tell, which is the first chunk unless that is a byte or two. */
async function beginning(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  do {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  } while (encodings.some(({ magic }) => isStartOf(magic, head)));
  return head;
}

/** Whether more bytes could complete the magic. */
function isStartOf(magic: readonly number[], head: Uint8Array): boolean {
  return head.length < magic.length && head.every((byte, k) => magic[k] === byte);
}

async function* continued(head: Uint8Array, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    yield* chunks;
  } finally {
    await chunks.return(undefined);
  }
}

// biome-ignore lint/correctness/useYield: it stands where a decoder will
async function* unsupportedZstd(
  bytes: AsyncIterable<Uint8Array>,
  source: ByteSource,
): AsyncGenerator<Uint8Array> {
  await bytes[Symbol.asyncIterator]().return?.();
  throw new MirrormonError('INPUT_UNREADABLE', 'cannot be read: zstd is not supported yet', {
    where: source.place,
    hint: 'decompress it first, as in zstd -dc FILE | mirrormon',
  });
}
