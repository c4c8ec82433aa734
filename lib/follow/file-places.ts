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

/** What is not to be read again. */
export interface FollowedPast {
  /** Keys of files beside the path that are done with, or were there before. */
  readonly seen: readonly string[];
  /** What the last ones had that were read to their end. */
  readonly finished: readonly ReadContent[];
  /** How all of them begin, and those that were there before; see ReadContents. */
  readonly begun: readonly string[];
  /** Keys of packed files that are done with, or were there before. undefined: an earlier build did not say. */
  readonly packed: readonly string[] | undefined;
}

export interface FollowedPlace extends FollowedPast {
  /** Those that are not read to their end, the current one last. */
  readonly files: readonly FilePlace[];
}

/** Its last bytes and its first ones, in base64. */
type KeptContent = [position: number, mark: string, head: string];
/** A file as it is kept. Earlier builds wrote the first four alone, with the bytes that stand before the offset. */
type KeptFile = [
  key: string,
  born: string,
  offset: number,
  before: string,
  content?: KeptContent,
  isCopy?: boolean,
];

/** Of those that are done with, the newest; more do not lie beside a path. */
const MOST_SEEN = 1_000;

export function inputPlaceOf(
  { files, seen, finished, begun, packed }: FollowedPlace,
  framing: string,
): InputPlace {
  const current = files.at(-1);
  const kept = {
    files: files.map(({ key, born, offset, content, isCopy = false }): KeptFile => {
      return [key, String(born), offset, '', keptContent(content), isCopy];
    }),
    seen: seen.slice(-MOST_SEEN),
    finished: finished.map(keptContent),
    begun,
    packed,
  };
  return {
    identity: current?.key ?? '',
    offset: current?.offset ?? 0,
    framing,
    time: Number.NaN,
    more: Buffer.from(JSON.stringify(kept)),
  };
}

/** undefined: it was not written by `inputPlaceOf`. */
export function followedPlaceOf(place: InputPlace): FollowedPlace | undefined {
  try {
    const {
      files,
      seen,
      finished = [],
      begun = [],
      packed,
    } = JSON.parse(Buffer.from(place.more).toString()) as {
      files: KeptFile[];
      seen: string[];
      finished?: KeptContent[];
      begun?: string[];
      packed?: string[];
    };
    return {
      files: files.map(([key, born, offset, before, content = [offset, before, ''], isCopy]) => {
        return { key, born: BigInt(born), offset, content: contentFrom(content), isCopy };
      }),
      seen,
      finished: finished.map(contentFrom),
      begun,
      packed,
    };
  } catch {
    return undefined;
  }
}

function keptContent({ position, mark, head }: ReadContent): KeptContent {
  return [position, mark.toString('base64'), head.toString('base64')];
}

function contentFrom([position, mark, head]: KeptContent): ReadContent {
  return { position, mark: Buffer.from(mark, 'base64'), head: Buffer.from(head, 'base64') };
}
