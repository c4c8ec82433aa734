/** How far files that are followed under one path were read, as the place of an input in a state. */

import type { InputPlace } from '../state/input-places.ts';

/** A file that is read, or to be read. */
export interface FilePlace {
  /** Tells it apart, whatever it is called by then. */
  readonly key: string;
  /** See Generation. */
  readonly born: bigint;
  readonly offset: number;
  /** What stands before that offset: if it has changed, it is another content. */
  readonly mark: Buffer;
}

export interface FollowedPlace {
  /** Those that are not read to their end, the current one last. */
  readonly files: readonly FilePlace[];
  /** Keys of files beside the path that are done with, or were there before. */
  readonly seen: readonly string[];
}

/** Of those that are done with, the newest; more do not lie beside a path. */
const MOST_SEEN = 1_000;

export function inputPlaceOf({ files, seen }: FollowedPlace, framing: string): InputPlace {
  const current = files.at(-1);
  const kept = files.map(({ key, born, offset, mark }) => [
    key,
    String(born),
    offset,
    mark.toString('base64'),
  ]);
  return {
    identity: current?.key ?? '',
    offset: current?.offset ?? 0,
    framing,
    time: Number.NaN,
    more: Buffer.from(JSON.stringify({ files: kept, seen: seen.slice(-MOST_SEEN) })),
  };
}

/** undefined: it was not written by `inputPlaceOf`. */
export function followedPlaceOf(place: InputPlace): FollowedPlace | undefined {
  try {
    const { files, seen } = JSON.parse(Buffer.from(place.more).toString()) as {
      files: [string, string, number, string][];
      seen: string[];
    };
    return {
      files: files.map(([key, born, offset, mark]) => ({
        key,
        born: BigInt(born),
        offset,
        mark: Buffer.from(mark, 'base64'),
      })),
      seen,
    };
  } catch {
    return undefined;
  }
}
