import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MirrormonError, systemReason } from '../../errors.ts';
import { type Place, Segment } from './segment.ts';
import { type Grasp, type Lost, lost, Reach, type Spool, type Waiting } from './spool.ts';

/** What passes through without waiting never reaches the disk. Bytes. */
const IN_MEMORY = 1 << 20;
const SEGMENT_BYTES = 4 << 20;
const nameForm = /^(\d{12})\.spool$/;

/** A parcel on disk that was taken out of what waits. */
interface Pulled {
  readonly segment: Segment;
  readonly place: Place;
  readonly isOld: boolean;
}

interface InHand {
  readonly parcel: Waiting;
  /** undefined while it is in memory alone; then all that waits is, too: see `write`. */
  from: Pulled | undefined;
}

/**
 * A spool in a folder: the newest parcels in memory, up to a MiB, and those before them in segments on disk. It outlives
 * the process: the next run delivers what was left, first. After a crash, what was in the hand may be delivered twice.
 */
export class DiskSpool implements Spool {
  private readonly folder: string;
  private readonly warn: (message: string) => void;
  private readonly segments: Segment[] = [];
  private readonly recent: Waiting[] = [];
  private recentBytes = 0;
  private diskBytes = 0;
  private onDisk = 0;
  /** Parcels of earlier runs, which are the first. */
  private old = 0;
  private next = 1;
  private turn: Promise<unknown> = Promise.resolve();
  private hand: InHand[] = [];

  private constructor(folder: string, warn: (message: string) => void) {
    this.folder = folder;
    this.warn = warn;
  }

  /** @throws {MirrormonError} HANDLER_OPEN */
  static async open(folder: string, warn: (message: string) => void): Promise<DiskSpool> {
    const spool = new DiskSpool(folder, warn);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const names = (await readdir(folder)).filter((name) => nameForm.test(name)).sort();
      for (const name of names) await spool.takeUp(name);
    } catch (error) {
      throw new MirrormonError('HANDLER_OPEN', `cannot spool there: ${systemReason(error)}`, {
        where: folder,
        hint: 'name a folder that can be written as spool.path, or leave it out: the spool is in memory then',
        cause: error,
      });
    }
    spool.old = spool.onDisk;
    return spool;
  }

  get bytes(): number {
    return this.diskBytes + this.recentBytes;
  }

  get length(): number {
    return this.onDisk + this.recent.length;
  }

  async push(parcel: Waiting): Promise<void> {
    this.recent.push(parcel);
    this.recentBytes += parcel.body.length;
    if (this.recentBytes > IN_MEMORY) await this.secure();
  }

  take(most: Grasp): Promise<readonly Waiting[]> {
    return this.inTurn(() => this.takeOldest(most));
  }

  done(parcels: number): Promise<void> {
    return this.inTurn(async () => {
      for (const { from } of this.hand.splice(0, parcels)) if (from !== undefined) await this.settle(from);
    });
  }

  drop(): Promise<Lost | undefined> {
    return this.inTurn(() => this.dropOldest());
  }

  /** Writes what is in memory to disk; what the disk does not take stays in memory. */
  secure(): Promise<void> {
    return this.inTurn(() => this.write());
  }

  close(): Promise<readonly Lost[]> {
    return this.inTurn(async () => {
      await this.write();
      return this.closeSegments();
    });
  }

  /** One thing after the other: whoever fills the spool and whoever empties it do not know of one another. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.turn.then(act);
    this.turn = result.catch(() => {});
    return result;
  }

  private async takeOldest(most: Grasp): Promise<readonly Waiting[]> {
    if (this.hand.length === 0) {
      const reach = new Reach(most);
      for (;;) {
        const place = this.segments.find(({ places }) => places.length > 0)?.places[0];
        const next = place === undefined ? this.recent[0] : { ...place, isOld: this.old > 0 };
        if (next === undefined || !reach.takes(next, place?.size ?? this.recent[0]!.body.length)) break;
        await this.takeOne();
      }
    }
    return this.hand.map(({ parcel }) => parcel);
  }

  private async takeOne(): Promise<void> {
    const from = await this.pull();
    if (from === undefined) {
      this.hand.push({ parcel: this.pullRecent()!, from });
      return;
    }
    const { segment, place, isOld } = from;
    const body = await segment.body(place).catch(() => undefined);
    if (body !== undefined) this.hand.push({ parcel: { ...place, body, refused: [], isOld }, from });
    else this.warn(`${segment.path}: a parcel of ${place.count} cannot be read and is left out`);
  }

  private async dropOldest(): Promise<Lost | undefined> {
    const from = await this.pull();
    if (from === undefined) {
      const parcel = this.pullRecent();
      return parcel && lost(parcel);
    }
    await this.settle(from);
    return lost({ ...from.place, isOld: from.isOld });
  }

  /** What is in the hand goes first: it came before all that waits, so a later run sends it before that. */
  private async write(): Promise<void> {
    try {
      for (const held of this.hand) if (held.from === undefined) await this.writeHeld(held);
      while (this.recent.length > 0) {
        const parcel = this.recent[0]!;
        await (await this.back()).append(parcel);
        this.recent.shift();
        this.recentBytes -= parcel.body.length;
        this.diskBytes += parcel.body.length;
        this.onDisk++;
      }
    } catch (error) {
      this.warn(`${this.folder}: cannot spool there: ${systemReason(error)}; the spool goes on in memory`);
    }
  }

  private async closeSegments(): Promise<readonly Lost[]> {
    const { hand } = this;
    this.hand = [];
    const left = hand.map(({ parcel, from }) => lost(parcel, from !== undefined));
    let { old } = this;
    for (const segment of this.segments) {
      for (const place of segment.places) left.push(lost({ ...place, isOld: old-- > 0 }, true));
      if (segment.places.length === 0 && !hand.some(({ from }) => from?.segment === segment))
        await segment.remove();
      else {
        await segment.sync();
        await segment.close();
      }
    }
    this.segments.length = 0;
    return [...left, ...this.recent.splice(0).map((parcel) => lost(parcel))];
  }

  private async takeUp(name: string): Promise<void> {
    const segment = await Segment.takeUp(join(this.folder, name));
    this.next = numberOf(name) + 1;
    this.segments.push(segment);
    this.onDisk += segment.places.length;
    this.diskBytes += segment.places.reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes the oldest on disk out of what waits; undefined if all that waits is in memory. */
  private async pull(): Promise<Pulled | undefined> {
    await this.removeSpent();
    const segment = this.segments.find(({ places }) => places.length > 0);
    const place = segment?.places.shift();
    if (segment === undefined || place === undefined) return undefined;
    this.onDisk--;
    this.diskBytes -= place.size;
    const isOld = this.old > 0;
    if (isOld) this.old--;
    return { segment, place, isOld };
  }

  private pullRecent(): Waiting | undefined {
    const parcel = this.recent.shift();
    this.recentBytes -= parcel?.body.length ?? 0;
    return parcel;
  }

  private async settle({ segment, place }: Pulled): Promise<void> {
    await segment.settle(place).catch((error) => {
      this.warn(`${segment.path}: ${systemReason(error)}; a parcel may be delivered twice`);
    });
  }

  private async removeSpent(): Promise<void> {
    while (this.segments.length > 1 && this.segments[0]!.places.length === 0) {
      if (this.hand.some(({ from }) => from?.segment === this.segments[0])) return;
      const segment = this.segments.shift()!;
      await segment.remove().catch((error) => this.warn(`${segment.path}: ${systemReason(error)}`));
    }
  }

  private async writeHeld(held: InHand): Promise<void> {
    const segment = await this.back();
    await segment.append(held.parcel);
    held.from = { segment, place: segment.places.pop()!, isOld: held.parcel.isOld };
  }

  private pathOf(number: number): string {
    return join(this.folder, `${String(number).padStart(12, '0')}.spool`);
  }

  /** The segment that is appended to. */
  private async back(): Promise<Segment> {
    const last = this.segments.at(-1);
    if (last !== undefined && last.size < SEGMENT_BYTES) return last;
    const segment = await Segment.create(this.pathOf(this.next++));
    this.segments.push(segment);
    return segment;
  }
}

function numberOf(name: string): number {
  return Number(nameForm.exec(name)![1]);
}
