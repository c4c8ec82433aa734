import { setTimeout as delay } from 'node:timers/promises';
import { MirrormonError } from '../errors.ts';
import type { RoleAccount } from '../kafka/role-account.ts';
import { Xxh64 } from '../math/identity/record-hash.ts';
import type { RunState } from '../state/run-state.ts';
import { splitState } from '../state/split-state.ts';
import { joinSections, splitSections } from '../state/state-parts.ts';
import type { AssignedPartitions } from './assigned.ts';
import type { Cluster } from './cluster.ts';
import type { Generation } from './membership.ts';
import { decodePart, encodePart, type PartAbout } from './part.ts';
import type { Message } from './transactions.ts';
import { Watermark } from './watermark.ts';

/** Bytes of a piece, about. */
const PIECE = 1 << 19;
/** Milliseconds between looks for what is committed and not to be seen yet, and how long they go on. */
const UNSEEN_PAUSE = 100;
const UNSEEN_MOST = 30_000;
/** The key under which is kept what is known of a share beside its state. */
const ABOUT = 'about';

/** What is known of a share beside its state. */
export interface Share {
  readonly number: number;
  readonly watermark: Watermark;
  /** The last report, milliseconds since the epoch; -Infinity before the first. */
  reported: number;
  /** Offset of the first partial that is not in the state; undefined before the first. */
  next: number | undefined;
}

/** States of shares in a compacted topic: as many pieces as it takes, of which those are written that have changed. */
export class ShareStates {
  private readonly cluster: Cluster;
  /** Into how many shares states are cut. */
  private readonly of: number;
  private readonly account: RoleAccount;
  private pieces = 1;
  /** By share and piece, the hash of what is in the topic. */
  private readonly written = new Map<string, string>();

  constructor(cluster: Cluster, of: number, account: RoleAccount) {
    this.cluster = cluster;
    this.of = of;
    this.account = account;
  }

  /**
   * Merges what is kept of the shares of a generation.
   * @param idleAfter of their watermarks
   * @throws {MirrormonError} STATE_UNUSABLE
   */
  async restore(
    partitions: AssignedPartitions,
    { groupId, assigned, signal }: Generation,
    state: RunState,
    idleAfter: number,
  ): Promise<Share[]> {
    const { topics } = this.cluster;
    const numbers = assigned.get(topics.partials) ?? [];
    const until = performance.now() + UNSEEN_MOST;
    for (;;) {
      const committed = await partitions.committed(groupId, assigned, signal);
      const kept = await this.read(partitions, numbers, signal);
      const abouts = numbers.map((number) => this.aboutOf(kept.get(number)));
      // offsets and state are of one transaction, but may come to be seen one after the other
      const isUnseen = numbers.some(
        (number, k) => (committed(topics.partials, number) ?? 0) > (abouts[k]?.next ?? 0),
      );
      signal.throwIfAborted();
      if (!isUnseen) return numbers.map((number, k) => this.begin(number, kept, abouts[k], state, idleAfter));
      if (performance.now() > until) {
        throw new MirrormonError(
          'STATE_UNUSABLE',
          'partials were read whose state is not kept there any more',
          {
            where: topics.changelog,
            hint: 'was the topic deleted? Take another kafka.group, and what is still in the inputs is read again',
          },
        );
      }
      await delay(UNSEEN_PAUSE);
    }
  }

  /** What of the state of shares is not in the topic, as messages; once they are committed, `keep` is to be called. */
  changes(state: RunState, shares: readonly Share[]): { readonly messages: Message[]; keep(): void } {
    const topic = this.cluster.topics.changelog;
    const bytes = state.save();
    const pieces = Math.ceil(bytes.length / PIECE / shares.length);
    if (pieces > this.pieces) {
      // more than needed, so that they do not change with every commit
      this.pieces = 2 * pieces;
      this.written.clear();
    }
    const parts = splitState(splitSections(bytes), { shares: this.of, pieces: this.pieces });
    const messages: Message[] = [];
    const hashes: [string, string][] = [];
    for (const share of shares) {
      for (let piece = 0; piece < this.pieces; piece++) {
        const value = joinSections(parts[share.number + piece * this.of]!);
        const { low, high } = new Xxh64().of(value);
        const [key, hash] = [`${share.number}/${piece}`, `${high}/${low}`];
        if (this.written.get(key) === hash) continue;
        hashes.push([key, hash]);
        messages.push({ topic, partition: share.number, key: Buffer.from(String(piece)), value });
      }
      messages.push({
        topic,
        partition: share.number,
        key: Buffer.from(ABOUT),
        value: this.encodeAbout(share),
      });
    }
    return {
      messages,
      keep: () => {
        for (const [key, hash] of hashes) this.written.set(key, hash);
      },
    };
  }

  private encodeAbout({ watermark, reported, next }: Share): Buffer {
    const about: PartAbout = {
      measuring: this.cluster.measuring,
      shares: this.of,
      marks: watermark.marks,
      pieces: this.pieces,
      next,
      ...(Number.isFinite(reported) && { reported }),
    };
    return encodePart({ about, sections: new Map() });
  }

  /** By share and key, what was written last. */
  private async read(
    partitions: AssignedPartitions,
    numbers: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, ReadonlyMap<string, Buffer>>> {
    const { kafka, topics } = this.cluster;
    const config = {
      ...kafka,
      topics: [topics.changelog],
      partitions: numbers,
      start: 'earliest',
      end: 'latest',
      isolation: 'read_committed',
    } as const;
    const kept = new Map<number, Map<string, Buffer>>(numbers.map((number) => [number, new Map()]));
    const found = await partitions.find(config);
    for await (const piece of partitions.pieces(config, found, signal)) {
      const { partition, end } = piece.partition;
      for (const { key, value, offset } of partitions.records(piece)) {
        if (key === undefined || value === undefined || offset >= end) continue;
        kept.get(partition)!.set(key.toString(), Buffer.from(value));
        this.account.restoredBytes += value.length;
      }
    }
    return kept;
  }

  private aboutOf(kept: ReadonlyMap<string, Buffer> | undefined): PartAbout | undefined {
    const bytes = kept?.get(ABOUT);
    if (bytes === undefined) return undefined;
    const { about } = decodePart(bytes);
    refuseOthers(about, this.cluster, this.of, this.cluster.topics.changelog);
    return about;
  }

  private begin(
    number: number,
    kept: ReadonlyMap<number, ReadonlyMap<string, Buffer>>,
    about: PartAbout | undefined,
    state: RunState,
    idleAfter: number,
  ): Share {
    const { pieces = 0, marks = {}, reported = Number.NEGATIVE_INFINITY, next } = about ?? {};
    this.pieces = Math.max(this.pieces, pieces);
    for (let piece = 0; piece < pieces; piece++) state.merge(kept.get(number)!.get(String(piece))!);
    const watermark = new Watermark(idleAfter);
    watermark.take(marks, performance.now());
    return { number, watermark, reported, next };
  }
}

/** @throws {MirrormonError} STATE_UNUSABLE for what does not add up with what is measured here */
export function refuseOthers(about: PartAbout, { measuring }: Cluster, shares: number, where: string): void {
  if (about.measuring !== measuring) {
    throw new MirrormonError('STATE_UNUSABLE', 'it is of another configuration of metrics, input or seed', {
      where,
      hint: 'run all processes with the same configuration; after a change of it, with another kafka.group',
    });
  }
  if (about.shares !== shares) {
    throw new MirrormonError(
      'STATE_UNUSABLE',
      `it was cut into ${about.shares} shares, and the topic has ${shares} partitions by now`,
      { where, hint: 'partitions of it cannot be added: take another kafka.group' },
    );
  }
}
