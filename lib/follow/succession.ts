import type { OpenFile } from '../inputs/open-file.ts';
import { bornBefore, copiesOfCut, madeBySomebody } from './cut-copies.ts';
import { agrees, isBeginningOf, type ReadContent } from './file-content.ts';
import type { FollowedPlace } from './file-places.ts';
import { byAge, type Generation } from './generation.ts';
import { Generations } from './generations.ts';
import type { Unpacked } from './packed-copies.ts';

const nothingPacked: Unpacked = { rests: new Map(), unread: [] };

/** More are not likely to be copied while they lie beside a path. */
const MOST_FINISHED = 16;

export interface TakenCopies {
  /** The copy of what was read. */
  readonly rest: Generation | undefined;
  readonly closing: Promise<void>;
}

/**
 * Files that are to be read one after the other. What is found is taken over at once, without a wait between: a checkpoint
 * may ask at any time what is still to be read.
 */
export class Succession {
  private readonly generations: Generations;
  private queue: readonly Generation[] = [];
  /** What the last ones had that were read to their end. */
  private done: readonly ReadContent[] = [];

  /** Of a run that goes on: the file at the path, of which nothing was read. */
  private unbegun: string | undefined;
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
    this.generations = new Generations(path);
  }

  /** What is to be read, the oldest first; no two were born at once. */
  get waiting(): readonly Generation[] {
    return this.queue;
  }

  /** Keys of files that are done with, or are not to be read, the newest last. */
  get doneWith(): readonly string[] {
    return this.generations.doneWith;
  }

  /** What the last files had that were read to their end; see FollowedPlace. */
  get finished(): readonly ReadContent[] {
    return this.done;
  }

  async begin(): Promise<void> {
    await this.generations.begin();
  }

  /** Goes on from where another run was. @returns whether all that it had not read is still there */
  async goOn(before: FollowedPlace): Promise<boolean> {
    this.done = before.finished;
    this.add(await this.generations.goOn(before));
    const current = before.files.at(-1);
    if (current?.content.position === 0) this.unbegun = current.key;
    const missing = before.files.filter(({ key }) => !this.queue.some((one) => one.key === key));
    if (missing.length === 0) return true;
    const { rests, unread } = await this.unpacked(missing.map(({ content }) => content));
    for (const { born, offset, content } of missing) {
      const rest = rests.get(content);
      if (rest !== undefined) this.add([{ ...rest, born, from: offset }]);
    }
    const { born } = missing.at(-1)!;
    this.add(unread.map((one, k) => ({ ...one, born: born + BigInt(k + 1) })));
    return missing.length <= rests.size + unread.length;
  }

  /** What was packed beside the path since these were read. */
  private async unpacked(all: readonly ReadContent[]): Promise<Unpacked> {
    const contents = all.filter(({ position }) => position > 0);
    const { unpackedSince } = await import('./packed-copies.ts');
    const plain = await this.generations.names();
    return unpackedSince(this.path, { contents, finished: this.done, open: this.queue, plain });
  }

  /** Takes what has come since the last call. @param read what is being read */
  async look(read: readonly Generation[]): Promise<void> {
    const fresh = await this.generations.arrived();
    const made = await madeBySomebody(fresh, [...read, ...this.queue], this.done);
    this.add(without(fresh, made));
    await this.closeAll(made);
  }

  add(more: readonly Generation[]): void {
    this.queue = [...this.queue, ...more].sort(byAge);
  }

  remove(one: Generation): void {
    this.queue = without(this.queue, [one]);
  }

  /** It was read to its end, from its beginning on. */
  async finish(one: Generation, content: ReadContent): Promise<void> {
    this.done = [...this.done, content].slice(-MOST_FINISHED);
    await this.closeAll([one]);
  }

  /** From the moment on when it is called they are done with. */
  async closeAll(some: readonly Generation[]): Promise<void> {
    await Promise.all(some.map((one) => this.generations.close(one)));
  }

  /**
   * Takes copies of what a file had before anything of it was read: copies of what it has now begin like that.
   * @param head its first bytes
   * @returns whether there is anything that is to be read before it
   */
  async lookBefore(one: Generation, head: Buffer): Promise<boolean> {
    if (!(await this.isAtPath(one))) return false;
    const found: Generation[] = [];
    for (const other of await this.generations.beside(true)) {
      const isSame = other.born > one.born && (await isLike(other.file, one.file, head));
      if (isSame) await this.generations.giveBack(other);
      else found.push(other);
    }
    const copies = found.filter(({ born }) => born > one.born);
    const made = await madeBySomebody(copies, this.queue, this.done);
    const { unread } = one.key === this.unbegun ? await this.unpacked([]) : nothingPacked;
    this.unbegun = undefined;
    this.add([...without(found, copies), ...bornBefore(one, [...unread, ...without(copies, made)])]);
    await this.closeAll(made);
    return found.length + unread.length > 0;
  }

  /**
   * Looks for copies of a file that was cut short, and takes what has come between that cut and now.
   * @returns what puts it into the queue, to be read from its beginning
   */
  async lookForCopies(cut: Generation, content: ReadContent): Promise<() => TakenCopies> {
    const isAtPath = await this.isAtPath(cut);
    const beside = await this.generations.beside(isAtPath);
    const isCandidate = (one: Generation): boolean =>
      one.born > cut.born && one.content === undefined && !this.generations.isNewest(one);
    const candidates = [...this.queue, ...beside].filter(isCandidate).sort(byAge);
    const { rest: plainRest, behind: all, done } = await copiesOfCut(content, candidates);
    const { rests, unread } = plainRest === undefined ? await this.unpacked([content]) : nothingPacked;
    const rest = plainRest ?? rests.get(content);
    const made = await madeBySomebody(all, [...this.queue, cut], this.done);
    const behind = without(all, made);
    return () => {
      this.queue = without(this.queue, [cut, ...candidates]);
      this.add(without(beside, candidates));
      const copies = bornBefore(cut, [...(rest ? [rest] : []), ...unread, ...(isAtPath ? behind : [])]);
      const found = rest && copies.shift();
      this.add([...copies, ...(isAtPath ? [] : behind), { ...cut, from: 0, content: undefined }]);
      return { rest: found, closing: this.closeAll([...done, ...made]) };
    };
  }

  private async isAtPath(one: Generation): Promise<boolean> {
    return this.generations.isNewest(one) && (await this.generations.isUnchanged());
  }
}

/** Whether a file is a copy of what another one has now, which begins like this. */
async function isLike(copy: OpenFile, file: OpenFile, head: Buffer): Promise<boolean> {
  return head.length > 0 ? agrees(copy, head) : isBeginningOf(copy, file);
}

function without(all: readonly Generation[], some: readonly Generation[]): Generation[] {
  return all.filter((one) => !some.includes(one));
}
