import { expandGlob, isGlob } from '../inputs/glob.ts';
import type { Chunk } from '../stages/parse.ts';

/** What reads standard input, where that is named among the files. */
type Others = (names: readonly string[]) => AsyncIterable<Exclude<Chunk, Uint8Array>>;

export interface FollowingOptions {
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** Reads what is no file. */
  readonly others: Others;
}

/** Every file as a source of its own, that goes on; patterns stand for what they name now. */
export async function followed(
  files: readonly string[],
  { signal, onNotice, others }: FollowingOptions,
): Promise<AsyncIterable<Exclude<Chunk, Uint8Array>>[]> {
  const { followFile } = await import('../follow/index.ts');
  const paths = new Set<string>();
  for (const name of files) {
    if (name === '-') continue;
    if (!isGlob(name)) paths.add(name);
    else for (const match of await expandGlob(name, signal)) paths.add(match.name);
  }
  const sources = Array.from(paths, (path) => followFile(path, { signal, onNotice }));
  return files.length === 0 || files.includes('-') ? [...sources, others(['-'])] : sources;
}
