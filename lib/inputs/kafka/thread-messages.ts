import type { KafkaConfig } from '../../config.ts';
import type { ErrorCode } from '../../errors.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import { Room } from '../../kafka/room.ts';
import type { ReadPartition } from './partitions.ts';

/** Chunks that may be on their way, and their bytes. */
const SLOTS = 4;
const SLOT_BYTES = 1 << 20;
const STRIDE = Room.bytesFor(SLOT_BYTES);
export const SLOTS_BYTES = SLOTS * STRIDE;

export function roomsIn({ shared, slotsFrom }: Pick<Setup, 'shared' | 'slotsFrom'>): readonly Room[] {
  return Array.from({ length: SLOTS }, (_, k) => new Room(shared, slotsFrom + k * STRIDE, SLOT_BYTES));
}

/** What the thread is told first. */
export interface Setup {
  /** Memory that both sides see: chunks are lent in its slots, each a room; see roomsIn. */
  readonly shared: SharedArrayBuffer;
  /** What that is the buffer of, if it is a memory of WebAssembly; from `free` on it is the thread's. */
  readonly memory?: WebAssembly.Memory | undefined;
  readonly slotsFrom: number;
  readonly free: number;
}

/** What is to be read; see TopicsOptions. */
export interface ReadOrder {
  readonly config: KafkaConfig;
  /** What messages call the topics. */
  readonly name: string;
  readonly annotates: boolean;
  readonly partitions?: readonly ReadPartition[] | undefined;
}

/** One reading after the other: the next one begins when the one before has ended. */
export type ToThread =
  | { readonly read: ReadOrder }
  /** A slot is free again. */
  | { readonly free: number }
  /** The reading is to end behind the piece that is under way. */
  | { readonly stop: true };

export interface SentAccount {
  readonly topic: string;
  readonly partition: number;
  readonly account: KafkaAccount;
}

/** Bytes in a slot, and how many records begin in them. */
export interface SentChunk {
  readonly slot: number;
  readonly length: number;
  readonly records: number;
  readonly topic: string;
  readonly partition: number;
}

/** An error in its parts: classes do not pass from thread to thread. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly canRetry: boolean;
}

/** In the order in which it is to be taken. */
export type FromThread =
  | { readonly chunk: SentChunk; readonly accounts: readonly SentAccount[] }
  /** A piece has ended: accounts and chunks are of the same records. */
  | { readonly chunk?: undefined; readonly accounts: readonly SentAccount[] }
  | { readonly warning: string }
  | { readonly ended: true; readonly error?: SentError | undefined };
