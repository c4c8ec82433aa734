import type { Connection, Reader } from '@platformatic/kafka';
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
  /** Record batches as they came, the last one maybe cut off. */
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

export type FetchFrom = (connection: Connection, request: FetchRequest) => Promise<Fetched>;

/**
 * A fetch that leaves record batches as bytes: the client's own makes an object of every record.
 * @returns undefined if the broker is too old
 */
export function openFetch(
  library: KafkaLibrary,
  apis: readonly { readonly apiKey: number; readonly maxVersion: number }[],
): FetchFrom | undefined {
  const newest = Math.min(NEWEST_FETCH, apis.find(({ apiKey }) => apiKey === FETCH)?.maxVersion ?? 0);
  if (newest < OLDEST_FETCH) return undefined;
  const { fetchV13, fetchV14, fetchV15, fetchV16, fetchV17, createAPI } = library;
  const { createRequest } = [fetchV13, fetchV14, fetchV15, fetchV16, fetchV17][newest - OLDEST_FETCH]!;
  const api = createAPI<Parameters<typeof createRequest>, Fetched>(
    FETCH,
    newest,
    createRequest as typeof fetchV17.createRequest,
    (_id, _key, _version, reader) => parseFetched(reader),
  );
  return (connection, { maxWait, maxBytes, partitionBytes, committedOnly, topics }) => {
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
    return api.async(connection, maxWait, 1, maxBytes, isolation, NO_SESSION, SESSIONLESS, asked, [], '');
  };
}

function parseFetched(reader: Reader): Fetched {
  reader.readInt32(); // how long the broker held it back
  const errorCode = reader.readInt16();
  reader.readInt32(); // the session
  const topics = reader.readArray((r) => {
    const topicId = r.readUUID();
    return r.readArray((each) => parsePartition(each, topicId), true, false);
  });
  return { errorCode, partitions: topics.flat() };
}

function parsePartition(reader: Reader, topicId: string): FetchedPartition {
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
  const records = reader.buffer.slice(reader.position, reader.position + length);
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
