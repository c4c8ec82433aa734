import type { OnNotice } from '../follow/notices.ts';
import type { InputBytes } from '../inputs/sources.ts';
import type { Chunk } from '../stages/parse.ts';
import type { InputPlaces } from '../state/input-places.ts';
import type { Invocation } from './invocation.ts';

/** What inputs give, each said to be of one of them. */
export type Read = Exclude<Chunk, Uint8Array | { readonly ends: true }>;

/** What reads standard input, where that is named among the files. */
type Others = (names: readonly string[]) => AsyncIterable<Read>;

export interface FollowingOptions {
  readonly signal: AbortSignal;
  readonly onNotice: OnNotice;
  /** Reads what is no file. */
  readonly others: Others;
  /** How far inputs were read, of a run that notes it. */
  readonly places?: InputPlaces | undefined;
}

/** Whether nothing but standard input is read. */
export function isPipe(files: readonly string[]): boolean {
  return files.length === 0 || (files.length === 1 && files[0] === '-');
}

/** What is read besides scrapes, source by source. */
export async function sourcesOf(
  { files, options, io }: Invocation,
  following: FollowingOptions,
): Promise<AsyncIterable<Read>[]> {
  const { workload: asked, follow } = options;
  const { places } = following;
  if (asked === undefined && !follow) {
    const read = following.others(files);
    if (places === undefined || !isPipe(files)) return [read];
    const { timedPipe } = await import('../follow/kubectl/timed-pipe.ts');
    return [timedPipe(read as AsyncIterable<InputBytes>, places)];
  }
  if (asked === undefined) {
    const { followFiles } = await import('../follow/files.ts');
    // nothing is handed over as a whole where inputs are merged
    const others = (name: string) => following.others([name]) as AsyncIterable<InputBytes>;
    return [followFiles(files.length === 0 ? ['-'] : files, { ...following, others })];
  }
  const { followWorkload } = await import('../follow/kubectl/workload.ts');
  const { signal, onNotice } = following;
  const kubectl = { env: io.env, options: asked.kubectlOptions };
  return [followWorkload({ ...asked, kubectl, signal, onNotice, places })];
}
