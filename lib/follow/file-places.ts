/** How far files that are followed under one path were read, as the place of an input in a state. */

import type { InputPlace } from '../state/input-places.ts';
import type { ReadContent } from './file-content.ts';

/** A file that is read, or to be read. */
export interface FilePlace {
  /** Tells it apart, whatever it is called by then. */
  readonly key: string;
  /** See Generation. */
  readonly born: bigint;
  readonly offset: number;
  /** What was read of it, which may be more than what was measured: if it has changed, it is another content. */
  readonly content: ReadContent;
  /** See Generation. */
  readonly isCopy?: boolean | undefined;
}

export interface FollowedPlace {
  /** Those that are not read to their end, the current one last. */
  readonly files: readonly FilePlace[];
  /** Keys of files beside the path that are done with, or were there before. */
  readonly seen: readonly string[];
}

/** A file as it is kept. Earlier builds wrote no more than the first four: their mark stands before the offset. */
type KeptFile = [
  key: string,
  born: string,
  offset: number,
  mark: string,
  position?: number,
  head?: string,
  isCopy?: boolean,
];

/** Of those that are done with, the newest; more do not lie beside a path. */
const MOST_SEEN = 1_000;

export function inputPlaceOf({ files, seen }: FollowedPlace, framing: string): InputPlace {
  const current = files.at(-1);
  const kept = files.map(({ key, born, offset, content, isCopy = false }): KeptFile => {
    const [mark, head] = [content.mark, content.head].map((bytes) => bytes.toString('base64'));
    return [key, String(born), offset, mark!, content.position, head!, isCopy];
  });
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
      files: KeptFile[];
      seen: string[];
    };
    return {
      files: files.map(([key, born, offset, mark, position = offset, head = '', isCopy]) => ({
        key,
        born: BigInt(born),
        offset,
        content: { mark: Buffer.from(mark, 'base64'), position, head: Buffer.from(head, 'base64') },
        isCopy,
      })),
      seen,
    };
  } catch {
    return undefined;
  }
}
