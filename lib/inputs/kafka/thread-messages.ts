import type { KafkaConfig } from '../../config.ts';
import type { ErrorCode } from '../../errors.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import type { ReadPartition } from './partitions.ts';

/** What the thread is begun with. */
export interface Setup {
  readonly config: KafkaConfig;
  /** What messages call the topics. */
  readonly name: string;
  /** Memory that both sides see: chunks are lent in it. */
  readonly slots: readonly Uint8Array[];
  /** What the slots lie in, if that is a memory of WebAssembly; from `free` on it is the thread's. */
  readonly memory?: WebAssembly.Memory | undefined;
  readonly free: number;
}

/** What is to be read; see TopicsOptions. */
export interface ReadOrder {
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

/** Records that stand one behind the other, from `base` on among all bytes that are given out; see Run. */
export interface SentRun {
  readonly topic: string;
  readonly partition: number;
  readonly base: number;
  readonly starts: Uint32Array;
  readonly offsets: Float64Array;
  readonly times: Float64Array;
}

export interface SentAccount {
  readonly topic: string;
  readonly partition: number;
  readonly account: KafkaAccount;
}

/** Bytes in a slot, and the places of records that are in them or in the next ones. */
export interface SentChunk {
  readonly slot: number;
  readonly length: number;
  readonly runs: readonly SentRun[];
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
