import { once } from 'node:events';
import net from 'node:net';
import t from 'tap';
import { BatchMemory, isShared } from '../../lib/kafka/batch-memory.ts';
import { recordsMemory } from '../../lib/kafka/records-module.ts';
import { receiveWhole, WholeAnswers } from '../../lib/kafka/whole-answers.ts';

/** An answer as it is sent: its size, and so many bytes. */
function answer(size: number, fill: number): Buffer {
  const bytes = Buffer.alloc(4 + size, fill);
  bytes.writeInt32BE(size);
  return bytes;
}

const sizes = [10, 1 << 16, 3, 0, 300_000, 200_000, 65_532, 65_531, 1, 70_000];
const answers = sizes.map((size, k) => answer(size, k + 1));
const memoryOf = () => new BatchMemory(recordsMemory(1 << 20)!);

/** Feeds bytes at most so many at a time. */
function feed(whole: WholeAnswers, bytes: Buffer, most: number): void {
  for (let at = 0; at < bytes.length; ) {
    const { room } = whole;
    const some = bytes.subarray(at, at + Math.min(most, room.length));
    room.set(some);
    whole.take(some.length);
    at += some.length;
  }
}

for (const most of [1, 3, 4000, 65_535, 1 << 20]) {
  t.test(`whatever comes is given in its order, large answers as one piece (${most} at a time)`, (t) => {
    const memory = memoryOf();
    const given: Buffer[] = [];
    const large: number[] = [];
    const whole = new WholeAnswers(memory, (bytes) => {
      if (isShared(bytes)) large.push(bytes.length);
      given.push(Buffer.from(bytes));
    });
    feed(whole, Buffer.concat(answers), most);
    t.ok(Buffer.concat(given).equals(Buffer.concat(answers)));
    t.same(
      large,
      answers.map(({ length }) => length).filter((length) => length >= 1 << 16),
    );
    t.end();
  });
}

t.test('what ends amid an answer, or is larger than memory is for, leaves no memory behind', (t) => {
  const memory = memoryOf();
  let given = 0;
  const open = () => new WholeAnswers(memory, ({ length }) => (given += length));
  const huge = answer(1 << 24, 7);
  feed(open(), huge, 1 << 20);
  t.equal(given, huge.length);
  const places = Array.from({ length: 3 }, () => {
    const whole = open();
    feed(whole, answer(100_000, 1).subarray(0, 90_000), 1 << 20);
    const { buffer, byteOffset } = whole.room;
    whole.close();
    return [isShared(Buffer.from(buffer)), byteOffset];
  });
  t.same(places, Array(3).fill([true, places[0]![1]]));
  t.end();
});

t.test('a connection of the thread receives so', async (t) => {
  const { createConnection } = net;
  t.teardown(() => {
    net.createConnection = createConnection;
  });
  const server = net.createServer((socket) => socket.end(Buffer.concat(answers))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  receiveWhole(memoryOf());
  const { port } = server.address() as net.AddressInfo;
  const socket = net.createConnection({ port, host: '127.0.0.1' });
  const given: Buffer[] = [];
  let pieces = 0;
  socket.on('data', (bytes: Buffer) => {
    if (isShared(bytes)) pieces++;
    given.push(Buffer.from(bytes));
  });
  await once(socket, 'close');
  t.ok(Buffer.concat(given).equals(Buffer.concat(answers)));
  t.equal(pieces, 5);
});
