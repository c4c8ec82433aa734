/** Counts the lines of a topic by the client's own stream. usage: client-stream BROKER TOPIC RECORDS */
import { loadKafka } from '../lib/kafka/library.ts';

/**
 * Bytes of a fetch. With its own 50 MB the client takes 20 to 60 s for a million records that are not packed: it looks for
 * every number of a record among all pieces that came from the socket.
 */
const FETCH_BYTES = 1 << 19;

const [broker = '', topic = '', records = ''] = process.argv.slice(2);
const { Consumer } = await loadKafka('this bench');
const consumer = new Consumer({
  clientId: 'bench',
  groupId: `bench-${process.pid}`,
  bootstrapBrokers: [broker],
});
const stream = await consumer.consume({
  topics: [topic],
  mode: 'earliest',
  autocommit: false,
  maxWaitTime: 200,
  maxBytes: FETCH_BYTES,
} as never);
let left = Number(records);
await new Promise<void>((resolve) => {
  stream.on('data', () => {
    if (--left === 0) resolve();
  });
});
await consumer.close(true);
