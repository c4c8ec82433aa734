import type { OpenFile } from '../inputs/open-file.ts';
import { bornBefore, copiesOfCut, madeBySomebody } from './cut-copies.ts';
import { agrees, isBeginningOf, type ReadContent } from './file-content.ts';
import type { FollowedPast, FollowedPlace } from './file-places.ts';
import { byAge, type Generation } from './generation.ts';
import { Generations } from './generations.ts';
import type { OnNotice } from './notices.ts';
import { OtherwisePacked } from './otherwise-packed.ts';
import { PackedCopies, type Unpacked } from './packed-copies.ts';
import { ReadContents } from './read-contents.ts';
import { beginningOf } from './unpacking.ts';

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
  private readonly packed: PackedCopies;
  private readonly otherwise: OtherwisePacked;
  private queue: readonly Generation[] = [];
  private beingRead: readonly Generation[] = [];
  private done = new ReadContents();

  /** @param onNotice what is told a person */
  constructor(path: string, onNotice: OnNotice) {
    this.generations = new Generations(path);
    this.packed = new PackedCopies(path, onNotice);
    this.otherwise = new OtherwisePacked(path, onNotice);
  }

  /** What is to be read, the oldest first; no two were born at once. */
  get waiting(): readonly Generation[] {
    return this.queue;
  }

  /** What a run that goes on is to know of what was read. */
  get past(): FollowedPast {
    const { whole, beginnings } = this.done;
    const { generations, packed } = this;
    return { seen: generations.doneWith, finished: whole, begun: beginnings, packed: packed.doneWith };
  }

  async begin(): Promise<void> {
    await this.generations.begin();
    await this.packed.begin();
    await this.otherwise.begin();
    const [, ...beside] = await this.generations.names();
    for (const name of beside.reverse()) {
      const head = await beginningOf(name);
      if (head !== undefined) this.done.addBeginning(head);
    }
  }

  /** Goes on from where another run was. @returns whether all that it had not read is still there */
  async goOn(before: FollowedPlace): Promise<boolean> {
    this.done = new ReadContents(before.finished, before.begun);
    this.packed.goOn(before.packed);
    this.add(await this.generations.goOn(before));
    const last = before.files.at(-1);
    if (last !== undefined) await this.otherwise.tellLaterThan(last.born);
    const missing = before.files.filter(({ key }) => !this.queue.some((one) => one.key === key));
    if (missing.length === 0) return true;
    const { rests, unread } = await this.unpacked(
      missing.map(({ content }) => content),
      [],
    );
    for (const { born, offset, content } of missing) {
      const rest = rests.get(content);
      if (rest !== undefined) this.add([{ ...rest, born, from: offset }]);
    }
    this.addByTime(unread);
    return missing.length <= rests.size + unread.length;
  }

  /**
   * What was packed beside the path and was not read; and the rest of these.
   * @param more what is open, and not taken over yet
   */
  private async unpacked(all: readonly ReadContent[], more: readonly Generation[]): Promise<Unpacked> {
    const contents = all.filter(({ position }) => position > 0);
    const plain = await this.generations.names();
    const open = [...this.beingRead, ...this.queue, ...more];
    return this.packed.arrived({ contents, read: this.done, open, plain });
  }

  /** Takes what has come since the last call. */
  async look(): Promise<void> {
    const fresh = await this.generations.arrived();
    if (fresh.length === 0) return;
    const last = this.queue.at(-1) ?? this.beingRead.at(-1);
    if (last !== undefined) await this.otherwise.tellLaterThan(await last.file.changedNow());
    const made = await madeBySomebody(fresh, [...this.beingRead, ...this.queue], this.done.whole);
    this.add(without(fresh, made));
    // what came and was packed between two looks
    const { unread } = await this.unpacked([], made);
    this.addByTime(unread);
    await this.closeAll(made);
  }

  add(more: readonly Generation[]): void {
    this.queue = [...this.queue, ...more].sort(byAge);
  }

  /** Before the first one that was written to later; the file at the path is the last one. */
  private addByTime(more: readonly Generation[]): void {
    for (const one of more) {
      const next = this.queue.find(
        (other) => this.generations.isNewest(other) || other.changed > one.changed,
      );
      if (next !== undefined) this.add(bornBefore(next, [one], this.queue));
      else this.add([{ ...one, born: (this.queue.at(-1)?.born ?? one.born) + 1n }]);
    }
  }

  /** It is being read, until it is finished. */
  take(one: Generation): void {
    this.queue = without(this.queue, [one]);
    this.beingRead = [...this.beingRead, one];
  }

  /** It was read to its end, from its beginning on. */
  async finish(one: Generation, content: ReadContent): Promise<void> {
    this.done.add(content);
    this.packed.close(one);
    this.beingRead = withoutKey(this.beingRead, one);
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
    const made = await madeBySomebody(copies, this.queue, this.done.whole);
    const { unread } = await this.unpacked([], found);
    this.add(without(found, copies));
    this.add(bornBefore(one, byChange([...unread, ...without(copies, made)]), this.queue));
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
    // what was made in the same tick of the clock may be one: it is read before what comes now in any case
    const isCandidate = (one: Generation): boolean =>
      one.made >= cut.made && one.key !== cut.key && !isKnown(one) && !this.generations.isNewest(one);
    const candidates = [...this.queue, ...beside].filter(isCandidate).sort(byAge);
    const { rest: plainRest, behind: all, done } = await copiesOfCut(content, candidates);
    const { rests, unread } = await this.unpacked(plainRest === undefined ? [content] : [], beside);
    const rest = plainRest ?? rests.get(content);
    const made = await madeBySomebody(all, [...this.queue, cut], this.done.whole);
    const behind = without(all, made);
    return () => {
      this.queue = without(this.queue, [cut, ...candidates]);
      this.add(without(beside, candidates));
      const younger = byChange([...unread, ...(isAtPath ? behind : [])]);
      const copies = bornBefore(cut, [...(rest ? [rest] : []), ...younger], this.queue);
      const found = rest && copies.shift();
      this.add([...copies, ...(isAtPath ? [] : behind), { ...cut, from: 0, content: undefined }]);
      // nobody has the rest: should that come to light, what was read of it would come twice
      if (found === undefined) this.done.add(content);
      this.goOnWith(cut, found);
      return { rest: found, closing: this.closeAll([...done, ...made]) };
    };
  }

  /** What was being read goes on in a copy, or nowhere. */
  private goOnWith(cut: Generation, rest: Generation | undefined): void {
    if (!this.beingRead.some(({ key }) => key === cut.key)) return;
    this.beingRead = [...withoutKey(this.beingRead, cut), ...(rest ? [rest] : [])];
  }

  private async isAtPath(one: Generation): Promise<boolean> {
    return this.generations.isNewest(one) && (await this.generations.isUnchanged());
  }
}

/** Whether it is known already what it is: a copy, or a file that was read in part. */
function isKnown({ isCopy, content }: Generation): boolean {
  return isCopy === true || content !== undefined;
}

/** Whether a file is a copy of what another one has now, which begins like this. */
async function isLike(copy: OpenFile, file: OpenFile, head: Buffer): Promise<boolean> {
  return head.length > 0 ? agrees(copy, head) : isBeginningOf(copy, file);
}

function without(all: readonly Generation[], some: readonly Generation[]): Generation[] {
  return all.filter((one) => !some.includes(one));
}

function withoutKey(all: readonly Generation[], { key }: Generation): Generation[] {
  return all.filter((one) => one.key !== key);
}

/** By when they were written last. */
function byChange(all: readonly Generation[]): Generation[] {
  return [...all].sort((a, b) => (a.changed < b.changed ? -1 : 1));
}
