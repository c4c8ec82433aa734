import { MirrormonError } from '../errors.ts';
import type { Format } from './decompress.ts';
import { packedError } from './packed.ts';
import type { ByteSource } from './read-inputs.ts';
import { mayBeTranslated, translationOf } from './translate/index.ts';

interface Encoding {
  readonly magic: readonly number[];
  readonly format: Format;
}

/** Told by how the bytes begin, never by a file's name. */
const encodings: readonly Encoding[] = [
  { magic: [0x1f, 0x8b], format: 'gzip' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], format: 'zstd' },
  // a skippable frame, as tools that divide their work begin with
  ...Array.from(
    { length: 16 },
    (_, k): Encoding => ({ magic: [0x50 + k, 0x2a, 0x4d, 0x18], format: 'zstd' }),
  ),
];

/**
 * The bytes of a source, decompressed. Fails with INPUT_UNREADABLE and INPUT_CORRUPT. Every chunk is the consumer's until
 * it asks for the next one.
 * @param onPlain called before the first bytes if they are given as they came
 */
export async function* decode(
  source: ByteSource,
  signal?: AbortSignal,
  onPlain: () => void = () => {},
): AsyncGenerator<Uint8Array> {
  const chunks = source.read();
  const head = await beginning(chunks);
  const encoding = encodingOf(head);
  const bytes = continued(head, chunks);
  if (encoding === undefined) {
    const error = packedError(head, source.place);
    if (error !== undefined) {
      await bytes.return(undefined);
      throw error;
    }
    const translation = translationOf(head);
    if (translation !== undefined) {
      yield* translation(bytes);
      return;
    }
    onPlain();
    yield* bytes;
    return;
  }
  // most inputs are plain, and loading this takes its time
  const { decompress } = await import('./decompress.ts');
  yield* asLines(
    unpackedOnce(decompress(encoding.format, bytes, source, signal), encoding.format, source.place),
  );
}

/** The same bytes, unless they are a text that has to be translated. */
async function* asLines(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await chunks.next();
  if (first.done) return;
  const translation = translationOf(first.value);
  const bytes = continued(first.value, chunks);
  yield* translation === undefined ? bytes : translation(bytes);
}

/** The same bytes; fails if what was compressed was packed already. */
async function* unpackedOnce(
  chunks: AsyncGenerator<Uint8Array>,
  format: Format,
  place: string,
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const bytes of chunks) {
    if (isFirst) {
      const again = encodingOf(bytes)?.format;
      if (again !== undefined) {
        throw new MirrormonError('INPUT_UNREADABLE', `cannot be read: it is ${again} within ${format}`, {
          where: place,
          hint: `unpack it once with ${format} -dc`,
        });
      }
      const error = packedError(bytes, place, format);
      if (error !== undefined) throw error;
    }
    isFirst = false;
    yield bytes;
  }
}

/** Whether a file that begins so is given as it came: neither compressed nor translated. */
export function isPlain(head: Uint8Array, place: string): boolean {
  return (
    encodingOf(head) === undefined &&
    packedError(head, place) === undefined &&
    translationOf(head) === undefined
  );
}

function encodingOf(head: Uint8Array): Encoding | undefined {
  return encodings.find(({ magic }) => magic.every((byte, k) => head[k] === byte));
}

/** As much as it takes to tell, which is the first chunk unless that is a byte or two. */
async function beginning(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  for (;;) {
    const next = await chunks.next();
    if (next.done) return head;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    if (!encodings.some(({ magic }) => isStartOf(magic, head)) && !mayBeTranslated(head)) return head;
    // the chunk that it came in is lost with the next one
    head = Buffer.from(head);
  }
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
