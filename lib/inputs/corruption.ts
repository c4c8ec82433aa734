import { MirrormonError } from '../errors.ts';
import type { ByteSource } from './read-inputs.ts';

const WHOLE = 'everything before that was read';
const NOTHING = 'nothing of it could be read; get it again';
const PARTIAL =
  'what was read ends up to 1 MiB before that; a file, instead of a pipe, is read right up to it';

/** How compressed bytes can be at fault. */
const kinds = { damaged: 'is damaged', incomplete: 'is incomplete', unreadable: 'cannot be read' };

const codes = {
  damaged: 'INPUT_CORRUPT',
  incomplete: 'INPUT_TRUNCATED',
  unreadable: 'INPUT_UNREADABLE',
} as const;

interface DamageOptions {
  readonly kind?: keyof typeof kinds;
  readonly isLossy?: boolean;
}

/** Compressed bytes that cannot be decompressed. */
export class Damage extends Error {
  /** Of the compressed bytes: nothing before it is at fault. */
  readonly offset: number;
  readonly kind: keyof typeof kinds;
  /** What was made of the bytes just before it is lost. */
  readonly isLossy: boolean;

  constructor(message: string, offset: number, { kind = 'damaged', isLossy = false }: DamageOptions = {}) {
    super(message);
    this.offset = offset;
    this.kind = kind;
    this.isLossy = isLossy;
  }
}

export interface DecompressOptions {
  readonly signal?: AbortSignal | undefined;
  /** Offset from which on the decoder gets its bytes in pieces as small as `care` says. */
  readonly carefulFrom?: number;
  readonly care?: number;
}

/** A format of compressed data. */
export interface Compression {
  readonly name: string;
  /**
   * How careful to be before damage that is lossy, one time after the other: a decoder throws away what it made of the
   * bytes before a fault in the same call.
   */
  readonly cares: readonly number[];
  /** Fails with Damage behind what was made. */
  decompress(bytes: AsyncIterable<Uint8Array>, options: DecompressOptions): AsyncGenerator<Uint8Array>;
}

/**
 * The decompressed bytes of a source. Fails with INPUT_CORRUPT (also where nothing came of it), INPUT_TRUNCATED, or
 * INPUT_UNREADABLE for what is sound but not for us, once everything before the damage was given; of what cannot be
 * read again (standard input) up to 1 MiB before the damage may be missing.
 */
export async function* decompressed(
  { name, cares, decompress }: Compression,
  bytes: AsyncIterable<Uint8Array>,
  source: ByteSource,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  let damage: Damage;
  try {
    for await (const chunk of decompress(bytes, { signal })) {
      given += chunk.length;
      yield chunk;
    }
    return;
  } catch (error) {
    damage = asDamage(error);
  }
  const { isLossy } = damage;
  if (isLossy && source.again) {
    // read again, with ever smaller calls as the fault comes near
    for (const care of cares) {
      const pieces: Uint8Array[] = [];
      let seen = 0;
      try {
        for await (const chunk of decompress(source.read(), { signal, carefulFrom: damage.offset, care })) {
          if (seen + chunk.length > given) pieces.push(chunk.subarray(Math.max(given - seen, 0)));
          seen += chunk.length;
        }
      } catch (error) {
        damage = asDamage(error);
      }
      if (pieces.length > 0) yield Buffer.concat(pieces);
      given = Math.max(given, seen);
    }
    if (signal?.aborted) return;
  }
  const { message, offset, kind } = damage;
  // what ends early is read as far as it goes, but there must be something
  const code = given === 0 && kind === 'incomplete' ? 'INPUT_CORRUPT' : codes[kind];
  const read = given === 0 ? NOTHING : WHOLE;
  throw new MirrormonError(code, `${name} ${kinds[kind]}: ${message}`, {
    where: `${source.place}, byte ${offset}`,
    hint: isLossy && !source.again ? PARTIAL : read,
  });
}

function asDamage(error: unknown): Damage {
  if (error instanceof Damage) return error;
  throw error;
}
