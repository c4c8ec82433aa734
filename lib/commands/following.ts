import { expandGlob, isGlob } from '../inputs/glob.ts';
import type { Chunk } from '../stages/parse.ts';
import type { Invocation } from './invocation.ts';

/** What inputs give, each said to be of one of them. */
export type Read = Exclude<Chunk, Uint8Array>;

/** What reads standard input, where that is named among the files. */
type Others = (names: readonly string[]) => AsyncIterable<Read>;

export interface FollowingOptions {
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** Reads what is no file. */
  readonly others: Others;
}

/** What is read besides scrapes, source by source. */
export async function sourcesOf(
  { files, options, io }: Invocation,
  following: FollowingOptions,
): Promise<AsyncIterable<Read>[]> {
  const { workload: asked, follow } = options;
  if (asked === undefined) return follow ? followed(files, following) : [following.others(files)];
  const { followWorkload } = await import('../follow/kubectl/workload.ts');
  const { signal, onNotice } = following;
  const kubectl = { env: io.env, options: asked.kubectlOptions };
  return [followWorkload({ ...asked, kubectl, signal, onNotice })];
}

/** Every file as a source of its own, that goes on; patterns stand for what they name now. */
async function followed(
  files: readonly string[],
  { signal, onNotice, others }: FollowingOptions,
): Promise<AsyncIterable<Read>[]> {
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
