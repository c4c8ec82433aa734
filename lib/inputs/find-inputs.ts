import { stat } from 'node:fs/promises';
import { MirrormonError } from '../errors.ts';
import { thousands } from '../text/thousands.ts';
import { decode } from './decode.ts';
import { compareInstants, firstTime, type Instant } from './first-time.ts';
import { expandGlob, isGlob, type LeftOut } from './glob.ts';
import { OpenFile } from './open-file.ts';
import { type ReadOptions, sourceOfFile } from './read-inputs.ts';

/** How much of a file is searched for the time of its first record. */
const PEEK = 1 << 16;
/** Files that are opened before their turn. */
const MOST_OPEN = 256;

/** An input as it was found. */
export interface FoundInput {
  /** `-` is standard input. */
  readonly name: string;
  /** Open already, so that it is the one that is read, even if the path belongs to another file by then. */
  readonly file?: OpenFile | undefined;
  /** Why it cannot be read. */
  readonly error?: MirrormonError | undefined;
}

export interface FindOptions extends ReadOptions {
  /** Told of what a pattern fits and nobody can read. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/**
 * The inputs that names stand for, in the order in which they are to be read: names as they were given, what a glob
 * names by the time of its first record. Regular files are opened at once, as many as is sensible: while one is read, the
 * others may be rotated. No names are standard input.
 */
export async function findInputs(names: readonly string[], options: FindOptions): Promise<FoundInput[]> {
  const { signal, onNotice } = options;
  // one that is read at once needs nobody's foresight
  if (names.length === 0) return [{ name: '-' }];
  if (names.length === 1 && !isGlob(names[0]!)) return [{ name: names[0]! }];
  const found: FoundInput[] = [];
  const seen = new Set<string>();
  for (const name of names) {
    if (signal?.aborted) break;
    if (name === '-') {
      // what has been read is read, and would be told as empty
      if (seen.has(name)) onNotice?.("standard input is named twice ('-'), and read once");
      else found.push({ name });
      seen.add(name);
    } else if (isGlob(name) && (await statsOf(name)) === undefined) {
      try {
        found.push(...(await matches(name, seen, options, MOST_OPEN - found.length)));
      } catch (error) {
        if (!(error instanceof MirrormonError)) throw error;
        found.push({ name, error });
      }
    } else {
      const file = found.length < MOST_OPEN ? await opened(name) : undefined;
      if (file !== undefined) seen.add(file.identity);
      found.push({ name, file });
    }
  }
  return found;
}

/** What is to be said of files that are there more than once: whoever names one twice may mean it. */
export function saidOfTwice(found: readonly FoundInput[]): string[] {
  const first = new Map<string, string>();
  const said: string[] = [];
  for (const { file } of found) {
    if (file === undefined) continue;
    const before = first.get(file.identity);
    if (before === undefined) first.set(file.identity, file.name);
    else
      said.push(`${file.name}: it is the same file as ${before}, so its records count twice; name it once`);
  }
  return said;
}

async function matches(
  pattern: string,
  seen: Set<string>,
  { signal, onNotice }: FindOptions,
  room: number,
): Promise<FoundInput[]> {
  const leftOut: LeftOut[] = [];
  const all = await expandGlob(pattern, signal, (one) => leftOut.push(one));
  if (leftOut.length > 0) onNotice?.(leftOutText(pattern, leftOut));
  if (all.length === 0 && !signal?.aborted) {
    const hint = 'the pattern is relative to the current folder';
    throw new MirrormonError('INPUT_UNREADABLE', 'no file matches this pattern', { where: pattern, hint });
  }
  // a name or a pattern before may have named it, too
  const files = all.filter(({ identity }) => !seen.has(identity));
  for (const { identity } of files) seen.add(identity);
  const timed: (FoundInput & { readonly time: Instant | undefined })[] = [];
  let left = room;
  for (const { name } of files) {
    if (signal?.aborted) break;
    const file = await opened(name);
    const time = file && files.length > 1 ? await timeOfFirstRecord(file, signal) : undefined;
    const keeps = left-- > 0;
    if (!keeps) await file?.close();
    timed.push({ name, file: keeps ? file : undefined, time });
  }
  return timed.sort((a, b) => compareInstants(a.time, b.time));
}

function leftOutText(pattern: string, [first, ...others]: readonly LeftOut[]): string {
  const more = others.length === 0 ? '' : `, and ${thousands(others.length)} more`;
  return `${pattern}: ${first!.path} is left out: ${first!.why}${more}`;
}

/** undefined: it is no regular file, or cannot be opened, which reading it will say. */
async function opened(name: string): Promise<OpenFile | undefined> {
  if (!(await statsOf(name))?.isFile()) return undefined;
  return OpenFile.open(name).catch(() => undefined);
}

function statsOf(name: string) {
  return stat(name).catch(() => undefined);
}

/** What cannot be read has none: reading it will say why. */
async function timeOfFirstRecord(file: OpenFile, signal?: AbortSignal): Promise<Instant | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const bytes of decode(sourceOfFile(file, { signal, chunkBytes: PEEK }), signal)) {
      pieces.push(Buffer.from(bytes));
      length += bytes.length;
      if (length >= PEEK) break;
    }
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
  }
  return firstTime(Buffer.concat(pieces).toString('latin1', 0, PEEK));
}
