import type { Connection, Reader } from '@platformatic/kafka';
import { copyBytes } from '../text/bytes.ts';
import { free } from '../text/free.ts';
import type { BatchMemory } from './batch-memory.ts';
import type { KafkaLibrary } from './library.ts';
import type { AbortedTransaction } from './record-batches.ts';

/** Fetch, and its versions that name topics by their ids and are answered alike: brokers since 3.1. */
const FETCH = 1;
export const OLDEST_FETCH = 13;
const NEWEST_FETCH = 17;
/** Of a fetch that belongs to no session of the broker's. */
const NO_SESSION = 0;
const SESSIONLESS = -1;
const ANY_EPOCH = -1;

export interface FetchedPartition {
  readonly topicId: string;
  readonly partition: number;
  /** Kafka's number; 0 = none. */
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches as they came, the last one maybe cut off; in memory that whoever has used them gives back. */
  readonly records: Buffer;
}

export interface Fetched {
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

export interface FetchRequest {
  /** Milliseconds that the broker may wait for something to come. */
  readonly maxWait: number;
  readonly maxBytes: number;
  readonly partitionBytes: number;
  readonly committedOnly: boolean;
  readonly topics: readonly {
    readonly topicId: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: number }[];
  }[];
}

interface Answer {
  readonly fetched: Fetched;
  /** Memory in which nothing else is than records, which have been copied. */
  readonly spent: readonly ArrayBufferLike[];
}

export type FetchFrom = (connection: Connection, request: FetchRequest) => Promise<Fetched>;

/**
 * A fetch that leaves record batches as bytes: the client's own makes an object of every record.
 * @returns undefined if the broker is too old
 */
export function openFetch(
  library: KafkaLibrary,
  apis: readonly { readonly apiKey: number; readonly maxVersion: number }[],
  memory: BatchMemory,
): FetchFrom | undefined {
  const newest = Math.min(NEWEST_FETCH, apis.find(({ apiKey }) => apiKey === FETCH)?.maxVersion ?? 0);
  if (newest < OLDEST_FETCH) return undefined;
  const { fetchV13, fetchV14, fetchV15, fetchV16, fetchV17, createAPI } = library;
  const { createRequest } = [fetchV13, fetchV14, fetchV15, fetchV16, fetchV17][newest - OLDEST_FETCH]!;
  const api = createAPI<Parameters<typeof createRequest>, Answer>(
    FETCH,
    newest,
    createRequest as typeof fetchV17.createRequest,
    (_id, _key, _version, reader) => parseFetched(reader, memory),
  );
  return async (connection, { maxWait, maxBytes, partitionBytes, committedOnly, topics }) => {
    const asked = topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partition, offset }) => ({
        partition,
        currentLeaderEpoch: ANY_EPOCH,
        fetchOffset: BigInt(offset),
        lastFetchedEpoch: ANY_EPOCH,
        partitionMaxBytes: partitionBytes,
      })),
    }));
    const isolation = committedOnly ? 1 : 0;
    const { fetched, spent } = await api.async(
      connection,
      maxWait,
      1,
      maxBytes,
      isolation,
      NO_SESSION,
      SESSIONLESS,
      asked,
      [],
      '',
    );
    // the client looks into it until here
    free(...spent);
    return fetched;
  };
}

function parseFetched(reader: Reader, memory: BatchMemory): Answer {
  const spent: ArrayBufferLike[] = [];
  reader.readInt32(); // how long the broker held it back
  const errorCode = reader.readInt16();
  reader.readInt32(); // the session
  const topics = reader.readArray((r) => {
    const topicId = r.readUUID();
    return r.readArray((each) => parsePartition(each, topicId, { memory, spent }), true, false);
  });
  return { fetched: { errorCode, partitions: topics.flat() }, spent };
}

function parsePartition(
  reader: Reader,
  topicId: string,
  { memory, spent }: { readonly memory: BatchMemory; readonly spent: ArrayBufferLike[] },
): FetchedPartition {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = Number(reader.readInt64());
  const lastStableOffset = Number(reader.readInt64());
  const logStartOffset = Number(reader.readInt64());
  const aborted = reader.readNullableArray((r) => ({
    producerId: r.readInt64(),
    firstOffset: Number(r.readInt64()),
  }));
  reader.readInt32(); // the replica to read from instead
  // one more than there are, 0 for none at all
  const length = Math.max(reader.readUnsignedVarInt() - 1, 0);
  const records =
    keptOf(reader, length, memory) ?? collected(reader.buffer, reader.position, memory.take(length), spent);
  reader.skip(length);
  reader.readTaggedFields();
  return {
    topicId,
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    aborted: aborted ?? [],
    records,
  };
}

/** The bytes that come next where they are, if they may stay there. */
function keptOf({ buffer, position }: Reader, length: number, memory: BatchMemory): Buffer | undefined {
  const whole = buffer.buffers.find((piece) => piece.length > 0);
  if (whole?.length !== buffer.length) return undefined;
  const bytes = whole.subarray(position, position + length);
  return memory.keep(bytes) ? bytes : undefined;
}

/** Bytes from `start` on, that lie in pieces as they came from the socket. */
function collected(
  { buffers }: Reader['buffer'],
  start: number,
  to: Buffer,
  spent: ArrayBufferLike[],
): Buffer {
  let at = -start;
  for (const piece of buffers) {
    const from = Math.max(-at, 0);
    if (at >= to.length) break;
    const end = Math.min(piece.length, to.length - at);
    if (from < end) copyBytes(to, at + from, piece.subarray(from, end));
    if (from === 0 && end === piece.buffer.byteLength) spent.push(piece.buffer);
    at += piece.length;
  }
  return to;
}
