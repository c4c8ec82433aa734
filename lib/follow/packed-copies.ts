/**
 * What rotation has packed by the time it is looked for: a file is renamed or copied, and compressed at once
 * (logrotate's `compress` without `delaycompress`), or some time later while nobody followed it.
 */

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { bytesAt, hasContent, LEAST_ALIKE, MARK, type ReadContent } from './file-content.ts';
import { type Generation, keyOf, namesBeside, openedAs } from './generation.ts';
import { areAlike, beginsAlike, type ReadContents } from './read-contents.ts';
import { beginningOf, beginningPacked, unpackedInto } from './unpacking.ts';

/** What can be unpacked. */
const packed = /\.(?:gz|zst)$/;

/** Behind the path: what rotation calls a file, by number or by date, and not what somebody packed for himself. */
const rotated = /^[.-]\d[\d_.:TZ+-]*\.(?:gz|zst)$/;

/** A listing that is made while files are renamed can lack one. */
const MOST_ROUNDS = 10;

export interface Sought {
  /** What was read of files of which the rest is to be found. */
  readonly contents: readonly ReadContent[];
  /** Contents that were read, or were there before. */
  readonly read: ReadContents;
  /** Those that are open, and names of those that are there and are not packed: what they have is not sought. */
  readonly open: readonly Generation[];
  readonly plain: readonly string[];
}

export interface Unpacked {
  /** The files that have what was read, by that. */
  readonly rests: ReadonlyMap<ReadContent, Generation>;
  /** Those of which nothing was read; oldest first. */
  readonly unread: readonly Generation[];
}

interface Named {
  readonly name: string;
  readonly key: string;
}

/** What is packed beside a path. Nothing of it is sought twice. */
export class PackedCopies {
  private readonly path: string;
  private readonly onNotice: (text: string) => void;
  /** Keys of those that were there before, or whose content was read. */
  private known: Set<string> | undefined;
  /** Those that are being read, by the key of what they were unpacked into. */
  private readonly taken = new Map<string, string>();
  private readonly told = new Set<string>();

  constructor(path: string, onNotice: (text: string) => void) {
    this.path = path;
    this.onNotice = onNotice;
  }

  /** What lies there now was there before all that will be followed. */
  async begin(): Promise<void> {
    this.known = new Set((await this.present()).map(({ key }) => key));
  }

  /** @param known what another run knew; undefined: it did not say, so that only the rest of what was read is sought */
  goOn(known: readonly string[] | undefined): void {
    this.known = known && new Set(known);
  }

  /** Keys of those that are not to be unpacked, as they lay there when they were looked at last. */
  get doneWith(): readonly string[] {
    return [...(this.known ?? [])];
  }

  /** What was unpacked is read to its end. */
  close({ key }: Generation): void {
    const of = this.taken.get(key);
    this.taken.delete(key);
    if (of !== undefined) this.known?.add(of);
  }

  /** Unpacks what has come and was not read, into files without a name. */
  async arrived(sought: Sought): Promise<Unpacked> {
    const present = await this.present();
    // nothing is known of them: they are as they were left
    const isFirst = this.known === undefined;
    this.known = new Set(present.filter(({ key }) => this.known?.has(key)).map(({ key }) => key));
    const taken = new Set(this.taken.values());
    const rests = new Map<ReadContent, Generation>();
    const unread: Generation[] = [];
    const heads = new Heads(sought);
    for (const { name, key } of present) {
      if (this.known.has(key) || taken.has(key)) continue;
      const file = await openedAs(name, this.path);
      if (file === undefined || this.known.has(file.key) || taken.has(file.key)) {
        await file?.file.close();
        continue;
      }
      try {
        const one = await this.unpackedOf(file, sought, heads, isFirst);
        if (one === undefined) continue;
        this.taken.set(one.key, file.key);
        taken.add(file.key);
        if (one.content === undefined) unread.push(one);
        else rests.set(one.content, one);
      } finally {
        await file.file.close();
      }
    }
    return { rests, unread: unread.sort((a, b) => (a.changed < b.changed ? -1 : 1)) };
  }

  /** undefined: it is not sought. */
  private async unpackedOf(
    file: Generation,
    { contents, read }: Sought,
    heads: Heads,
    isFirst: boolean,
  ): Promise<Generation | undefined> {
    const head = await beginningPacked(file);
    if (head === undefined) return undefined;
    const alike = contents.filter((content) => beginsAlike(head, content));
    if (alike.length > 0) {
      if (await heads.has(head)) return undefined;
      const one = await this.unpacked(file);
      const content = one && (await firstHeld(one, alike));
      if (content !== undefined) return { ...one!, content };
      await one?.file.close();
    } else if (isFirst || read.has(head)) this.known!.add(file.key);
    else if (this.isRotated(file) && !(await heads.has(head))) return this.unpacked(file);
    return undefined;
  }

  private isRotated({ file }: Generation): boolean {
    return rotated.test(basename(file.name).slice(basename(this.path).length));
  }

  /** undefined: it cannot be unpacked, or there is no room for that. */
  private async unpacked(file: Generation): Promise<Generation | undefined> {
    try {
      return await unpackedInto(file, this.path);
    } catch (error) {
      // what is still being packed lies there as it was, too, and is not come to here
      const { message } = error as Error;
      if (!this.told.has(file.key))
        this.onNotice(
          `${file.file.name}: what was rotated away cannot be unpacked, and is not read: ${message}`,
        );
      this.told.add(file.key);
      return undefined;
    }
  }

  /** In no order. Files that are renamed meanwhile are looked for again. */
  private async present(): Promise<Named[]> {
    const all = new Map<string, Named>();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const names = (await namesBeside(this.path)).filter((name) => packed.test(name));
      const stats = await Promise.all(
        names.map((name) => stat(name, { bigint: true }).catch(() => undefined)),
      );
      stats.forEach((one, k) => {
        if (one?.isFile()) all.set(keyOf(one), { name: names[k]!, key: keyOf(one) });
      });
      if (!stats.includes(undefined)) break;
    }
    return [...all.values()];
  }
}

/** How what is there unpacked begins; read once it is asked for. */
class Heads {
  private readonly sought: Sought;
  private all: readonly Buffer[] | undefined;

  constructor(sought: Sought) {
    this.sought = sought;
  }

  async has(head: Buffer): Promise<boolean> {
    this.all ??= await this.read();
    const least = Math.min(head.length, LEAST_ALIKE);
    return this.all.some((own) => own.length >= least && areAlike(head, own));
  }

  private async read(): Promise<Buffer[]> {
    const { open, plain } = this.sought;
    const heads = await Promise.all(open.map(({ file }) => bytesAt(file, 0, MARK)));
    for (const name of plain) {
      const head = await beginningOf(name);
      if (head !== undefined) heads.push(head);
    }
    return heads;
  }
}

async function firstHeld(
  { file }: Generation,
  contents: readonly ReadContent[],
): Promise<ReadContent | undefined> {
  for (const content of contents) if (await hasContent(file, content)) return content;
  return undefined;
}
