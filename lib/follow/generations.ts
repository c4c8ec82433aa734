import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FollowedPlace } from './file-places.ts';
import { bornOf, byAge, type Generation, keyOf, namesBeside, openedAs, rankOf } from './generation.ts';

const packed = /\.(?:gz|zst|xz|bz2|zip|lz4|Z)$/;

/** After a rotation: a listing that is made while files are renamed can lack one. */
const LOOKS = 10;

/** Looks around until two are alike, at most. */
const MOST_ROUNDS = 10;
/** Numbers beyond the greatest one that are looked at, too. */
const AHEAD = 3;

/** What lies at a path. */
interface Seen {
  readonly key: string;
  readonly born: bigint;
}

/** The files that come under a path one after the other, and what rotation calls them afterwards. */
export class Generations {
  private readonly path: string;
  /** Files that were there before, or were given already. */
  private seen = new Set<string>();
  /** Those of them that were given, and not closed yet. */
  private readonly open = new Set<string>();
  private newest: string | undefined;
  private newestBorn = 0n;
  /** Further looks beside the path, although nothing new lies there. */
  private looks = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** What lies beside the path now is older than all that will be followed. */
  async begin(): Promise<void> {
    // the newest last
    for (const name of (await this.rotated()).reverse()) {
      const stats = await stat(name, { bigint: true }).catch(() => undefined);
      if (stats?.isFile()) this.seen.add(keyOf(stats));
    }
  }

  /**
   * Goes on from where another run was: what has come beside the path since is new. Gives the files that it had not read
   * to their end, open, as far as they are still there.
   */
  async goOn({ files, seen }: FollowedPlace): Promise<Generation[]> {
    this.seen = new Set(seen);
    // something was looked for before, even if there was nothing
    this.newest = files.at(-1)?.key ?? '';
    this.newestBorn = files.at(-1)?.born ?? 0n;
    const found = new Map<string, Generation>();
    for (let round = 0; round < MOST_ROUNDS && found.size < files.length; round++) {
      for (const name of await this.names()) {
        const one = await openedAs(name, this.path);
        const place = files.find(({ key }) => key === one?.key);
        if (one === undefined) continue;
        if (place === undefined || found.has(one.key)) await one.file.close();
        else {
          const { born, offset, content, isCopy } = place;
          found.set(one.key, { ...one, born, from: offset, content, isCopy });
        }
      }
    }
    for (const { key } of files) this.seen.add(key);
    for (const key of found.keys()) this.open.add(key);
    return [...found.values()].sort(byAge);
  }

  /** Keys of what was there before or is closed, the newest last. */
  get doneWith(): readonly string[] {
    return [...this.seen].filter((key) => !this.open.has(key));
  }

  async close({ key, file }: Generation): Promise<void> {
    this.open.delete(key);
    await file.close();
  }

  /**
   * Those that have come since the last call, open, in the order in which they were written. What is younger than the
   * file at the path is none of them, but a copy of that.
   */
  async arrived(): Promise<Generation[]> {
    if ((await this.isUnchanged()) && this.looks-- <= 0) return [];
    const isFirst = this.newest === undefined;
    let found: Generation[] = [];
    let current: Seen | undefined;
    let before = '';
    for (let round = 0; round < MOST_ROUNDS; round++) {
      current = await this.look(this.path, found);
      let shape = current?.key ?? '';
      if (!isFirst)
        for (const name of await this.rotated()) shape += `\n${(await this.look(name, found))?.key ?? ''}`;
      // until nothing is renamed any more: what is overlooked would come behind younger ones
      if (shape === before) break;
      before = shape;
    }
    if (current !== undefined) found = await this.withoutYounger(found, current);
    if (found.length > 0) this.looks = LOOKS;
    return this.inOrder(found, current);
  }

  /** Whether this is the one that came to the path last. */
  isNewest({ key }: Generation): boolean {
    return key === this.newest;
  }

  /** Whether nothing has come to the path since. */
  async isUnchanged(): Promise<boolean> {
    return (await this.current())?.key === this.newest;
  }

  /**
   * Files beside the path that were not given yet, the oldest first: of those that are younger than what lies at the path,
   * which are copies of that, only if they are asked for.
   */
  async beside(withCopies: boolean): Promise<Generation[]> {
    const found: Generation[] = [];
    for (const name of await this.rotated()) await this.look(name, found);
    const current = await this.current();
    const own = withCopies || current === undefined ? found : await this.withoutYounger(found, current);
    return own.sort(byAge);
  }

  /** Names of what lies at the path and beside it, as far as it is not packed. */
  async names(): Promise<string[]> {
    return [this.path, ...(await this.rotated())];
  }

  /** It is for a later call: what it is cannot be told yet. */
  async giveBack({ key, file }: Generation): Promise<void> {
    this.seen.delete(key);
    this.open.delete(key);
    await file.close();
  }

  private async current(): Promise<Seen | undefined> {
    const stats = await stat(this.path, { bigint: true }).catch(() => undefined);
    return stats && this.seenAs(stats);
  }

  private seenAs(stats: BigIntStats): Seen {
    const key = keyOf(stats);
    return { key, born: key === this.newest ? this.newestBorn : bornOf(stats) };
  }

  private async withoutYounger(found: readonly Generation[], current: Seen): Promise<Generation[]> {
    const own: Generation[] = [];
    for (const one of found) {
      // what was born in the same tick of the clock cannot be a copy of what was written since
      if (one.key === current.key || one.born <= current.born) own.push(one);
      else await this.giveBack(one);
    }
    return own;
  }

  /** The one at the path is the newest, whenever it was made; no two are born at once. */
  private inOrder(found: readonly Generation[], current: Seen | undefined): Generation[] {
    const isLast = ({ key }: Generation): boolean => key === current?.key;
    const older = found.filter((one) => !isLast(one)).sort(byAge);
    const last = found.find(isLast) ?? (current === undefined ? older.pop() : undefined);
    const isNewer = last !== undefined && (current !== undefined || last.born > this.newestBorn);
    if (isNewer) {
      this.newest = last.key;
      if (last.born > this.newestBorn) this.newestBorn = last.born;
      else this.newestBorn++;
    }
    const ordered = last === undefined ? [] : [isNewer ? { ...last, born: this.newestBorn } : last];
    let { born } = ordered[0] ?? { born: this.newestBorn };
    for (const one of older.reverse()) {
      born = one.born < born ? one.born : born - 1n;
      ordered.unshift({ ...one, born });
    }
    return ordered;
  }

  /** Takes what lies there if it is new. */
  private async look(name: string, to: Generation[]): Promise<Seen | undefined> {
    const stats = await stat(name, { bigint: true }).catch(() => undefined);
    if (!stats?.isFile()) return undefined;
    const seen = this.seenAs(stats);
    if (!this.seen.has(seen.key)) await this.take(name, to);
    return seen;
  }

  /** What is opened may be another file than was there just now: it is renamed meanwhile. */
  private async take(name: string, to: Generation[]): Promise<void> {
    const one = await openedAs(name, this.path);
    if (one === undefined) return;
    if (this.seen.has(one.key)) {
      await one.file.close();
      return;
    }
    this.seen.add(one.key);
    this.open.add(one.key);
    to.push(one);
  }

  /**
   * What lies beside the path under names of rotation, the youngest first: files that move from `.1` to `.2` meanwhile
   * come to names that are looked at later. One may move beyond the last name that was there.
   */
  private async rotated(): Promise<string[]> {
    const names = (await namesBeside(this.path)).filter((name) => !packed.test(name));
    const numbers = names.map((name) => -rankOf(name, this.path)).filter((rank) => rank > 1);
    const last = Math.max(1, ...numbers);
    for (let number = 1; number <= AHEAD && number + last - 1 < 1e6; number++)
      names.push(`${this.path}.${last - 1 + number}`);
    return [...new Set(names)].sort((a, b) => rankOf(b, this.path) - rankOf(a, this.path));
  }
}
