import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import type { ReadPartition } from '../inputs/kafka/partitions.ts';
import type { RoleAccount } from '../kafka/role-account.ts';
import { Xxh64 } from '../math/identity/record-hash.ts';
import type { RunState } from '../state/run-state.ts';
import { splitState } from '../state/split-state.ts';
import { joinSections, splitSections } from '../state/state-parts.ts';
import type { AssignedPartitions } from './assigned.ts';
import type { Cluster } from './cluster.ts';
import { DueReports } from './due-reports.ts';
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
  readonly due: DueReports;
  /** Offset of the first partial that is not in the state; undefined before the first. */
  next: number | undefined;
}

/** A share as it is found in the topic. */
export interface KeptShare {
  readonly number: number;
  /** Undefined before its first commit. */
  readonly about: PartAbout | undefined;
  /** By key. */
  readonly kept: ReadonlyMap<string, Buffer>;
}

/** Milliseconds: behind which an input partition is not waited for (0 = never), and between two reports. */
export interface Patience {
  readonly idleAfter: number;
  readonly interval: number;
}

interface Ends {
  readonly found: readonly ReadPartition[];
  readonly isDecided: boolean;
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
   * What is kept of the shares of a generation.
   * @throws {MirrormonError} STATE_UNUSABLE
   */
  async find(
    partitions: AssignedPartitions,
    { groupId, assigned, signal }: Generation,
  ): Promise<readonly KeptShare[]> {
    const { topics } = this.cluster;
    const numbers = assigned.get(topics.partials) ?? [];
    const until = performance.now() + UNSEEN_MOST;
    for (;;) {
      const committed = await partitions.committed(groupId, assigned, signal);
      const { found, isDecided } = await this.ends(partitions, numbers);
      const isLate = performance.now() > until;
      if (isDecided || isLate) {
        const kept = await this.read(partitions, numbers, found, signal);
        const shares = numbers.map((number) => this.keptShare(number, kept.get(number)!));
        signal.throwIfAborted();
        const isUnseen = shares.some(
          ({ number, about }) => (committed(topics.partials, number) ?? 0) > (about?.next ?? 0),
        );
        if (!isUnseen) return shares;
        if (isLate) {
          throw new MirrormonError(
            'STATE_UNUSABLE',
            'partials were read whose state is not kept there any more',
            {
              where: topics.changelog,
              hint: 'was the topic deleted? Take another kafka.group, and what is still in the inputs is read again',
            },
          );
        }
      }
      await delay(UNSEEN_PAUSE, undefined, { signal });
    }
  }

  /** Merges what was found of a share into a state. */
  restore({ number, about, kept }: KeptShare, state: RunState, { idleAfter, interval }: Patience): Share {
    const { pieces = 0, marks = {}, reported = Number.NEGATIVE_INFINITY, open = [], next } = about ?? {};
    this.pieces = Math.max(this.pieces, pieces);
    for (let piece = 0; piece < pieces; piece++) state.merge(kept.get(String(piece))!);
    const watermark = new Watermark(idleAfter);
    watermark.take(marks, performance.now());
    return { number, watermark, due: new DueReports(interval, reported, open), next };
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

  private encodeAbout({ watermark, due: { reported, open }, next }: Share): Buffer {
    const about: PartAbout = {
      measuring: this.cluster.measuring,
      shares: this.of,
      marks: watermark.marks,
      pieces: this.pieces,
      next,
      open,
      ...(Number.isFinite(reported) && { reported }),
    };
    return encodePart({ about, sections: new Map() });
  }

  /**
   * How far states can be read, and whether that is all that was written. Offsets and states are of one transaction, but
   * may come to be seen one after the other, and a state says more than offsets do: what was reported. So what was
   * written last has to be decided first.
   */
  private async ends(partitions: AssignedPartitions, numbers: readonly number[]): Promise<Ends> {
    const config = this.statesConfig(numbers);
    const found = await partitions.find(config);
    const written = await partitions.find({ ...config, isolation: 'read_uncommitted' });
    return { found, isDecided: found.every(({ end }, k) => end >= written[k]!.end) };
  }

  /** By share and key, what was written last. */
  private async read(
    partitions: AssignedPartitions,
    numbers: readonly number[],
    found: readonly ReadPartition[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, ReadonlyMap<string, Buffer>>> {
    const kept = new Map<number, Map<string, Buffer>>(numbers.map((number) => [number, new Map()]));
    for await (const piece of partitions.pieces(this.statesConfig(numbers), found, signal)) {
      const { partition, end } = piece.partition;
      for (const { key, value, offset } of partitions.records(piece)) {
        if (key === undefined || value === undefined || offset >= end) continue;
        kept.get(partition)!.set(key.toString(), Buffer.from(value));
        this.account.restoredBytes += value.length;
      }
    }
    return kept;
  }

  private statesConfig(numbers: readonly number[]): KafkaConfig {
    const { kafka, topics } = this.cluster;
    return {
      ...kafka,
      topics: [topics.changelog],
      partitions: numbers,
      start: 'earliest',
      end: 'latest',
      isolation: 'read_committed',
    };
  }

  private keptShare(number: number, kept: ReadonlyMap<string, Buffer>): KeptShare {
    const bytes = kept.get(ABOUT);
    if (bytes === undefined) return { number, about: undefined, kept };
    const { about } = decodePart(bytes);
    refuseOthers(about, this.cluster, this.of, this.cluster.topics.changelog);
    return { number, about, kept };
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
