/**
 * What rotation has packed by the time it is looked for: a file is renamed or copied, and compressed at once
 * (logrotate's `compress` without `delaycompress`), or some time later while nobody followed it.
 */

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { bytesAt, hasContent, isBeginningOf, LEAST_ALIKE, MARK, type ReadContent } from './file-content.ts';
import { type Generation, keyOf, namesBeside, openedAs } from './generation.ts';
import type { OnNotice } from './notices.ts';
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

interface Packed {
  readonly file: Generation;
  /** Of what is packed. */
  readonly head: Buffer;
}

/** What is packed beside a path. Nothing of it is sought twice. */
export class PackedCopies {
  private readonly path: string;
  private readonly onNotice: OnNotice;
  /** Keys of those that were there before, or whose content was read. */
  private known: Set<string> | undefined;
  /** Those that are being read, by the key of what they were unpacked into. */
  private readonly taken = new Map<string, string>();
  private readonly told = new Set<string>();

  constructor(path: string, onNotice: OnNotice) {
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

  /** Keys of those that are not to be unpacked, as they lay there when they were looked at last; see `goOn`. */
  get doneWith(): readonly string[] | undefined {
    return this.known && [...this.known];
  }

  /** What was unpacked is read to its end. */
  close({ key }: Generation): void {
    const of = this.taken.get(key);
    this.taken.delete(key);
    if (of !== undefined) this.known?.add(of);
  }

  /** Unpacks what has come and was not read, into files without a name. */
  async arrived(sought: Sought): Promise<Unpacked> {
    const fresh = await this.fresh();
    // nothing is known of them: they are as they were left
    const isFirst = this.known === undefined;
    this.known ??= new Set();
    const heads = new Heads(sought);
    const rests = new Map<ReadContent, Generation>();
    const unread: Generation[] = [];
    for (const { file, head } of fresh) {
      const alike = sought.contents.filter((content) => beginsAlike(head, content));
      // little that was read may be what others begin with, too
      const certain = alike.some((content) => content.position >= LEAST_ALIKE);
      const wasRead = !certain && (sought.read.has(head) || (isFirst && alike.length === 0));
      if (wasRead) this.known.add(file.key);
      else if ((alike.length > 0 || this.isRotated(file)) && !(await heads.has(head))) {
        const one = await this.unpacked(file);
        if (one === undefined || (await this.isRest(one, alike, rests))) continue;
        if (certain || isFirst || !this.isRotated(file)) await this.giveBack(one);
        else unread.push(one);
      }
    }
    await Promise.all(fresh.map(({ file }) => file.file.close()));
    return { rests, unread };
  }

  /** Open, with their first bytes, and the oldest first: what is neither known nor being read. */
  private async fresh(): Promise<Packed[]> {
    const present = await this.present();
    if (this.known !== undefined) {
      this.known = new Set(present.map(({ key }) => key).filter((key) => this.known!.has(key)));
    }
    const seen = new Set([...(this.known ?? []), ...this.taken.values()]);
    const fresh: Packed[] = [];
    for (const { name, key } of present) {
      const file = seen.has(key) ? undefined : await openedAs(name, this.path);
      if (file === undefined) continue;
      const head = seen.has(file.key) ? undefined : await beginningPacked(file);
      seen.add(file.key);
      if (head === undefined) await file.file.close();
      else fresh.push({ file, head });
    }
    return fresh.sort((a, b) => (a.file.changed < b.file.changed ? -1 : 1));
  }

  /** Whether it is the rest of what was read: the oldest that has it, or a longer one that begins like that. */
  private async isRest(
    one: Generation,
    alike: readonly ReadContent[],
    rests: Map<ReadContent, Generation>,
  ): Promise<boolean> {
    for (const content of alike) {
      if (!(await hasContent(one.file, content))) continue;
      const before = rests.get(content);
      if (before !== undefined && !(await isBeginningOf(before.file, one.file))) continue;
      rests.set(content, { ...one, content });
      if (before !== undefined) await this.giveBack(before);
      return true;
    }
    return false;
  }

  /** It is not to be read. */
  private async giveBack({ key, file }: Generation): Promise<void> {
    this.taken.delete(key);
    await file.close();
  }

  private isRotated({ file }: Generation): boolean {
    return rotated.test(basename(file.name).slice(basename(this.path).length));
  }

  /** undefined: it cannot be unpacked, or there is no room for that. */
  private async unpacked(file: Generation): Promise<Generation | undefined> {
    try {
      const one = await unpackedInto(file, this.path);
      this.taken.set(one.key, file.key);
      return one;
    } catch (error) {
      // what is still being packed lies there as it was, too, and is not come to here
      const { message } = error as Error;
      if (!this.told.has(file.key))
        this.onNotice(
          `${file.file.name}: what was rotated away cannot be unpacked, and is not read: ${message}`,
          true,
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
