/** What brokers answer, received where it is read. */
import { syncBuiltinESMExports } from 'node:module';
import net, { type NetConnectOpts, type Socket } from 'node:net';
import { copyBytes } from '../text/bytes.ts';
import { type BatchMemory, LARGEST_SHARED } from './batch-memory.ts';

/** What says how long an answer is, in front of it. Bytes. */
const SIZE_BYTES = 4;
/** Answers from here on are received as a whole. Bytes. */
const WORTH_A_PLACE = 1 << 16;

/**
 * From now on, what connections of this thread receive in the clear is put into `memory` by the system itself, a large
 * answer in one piece. Node makes a buffer for every 64 KiB that come, which are then to be copied to where they are read.
 * The client has no option for that, so its way to connect is another one.
 */
export function receiveWhole(memory: BatchMemory): void {
  const { createConnection } = net;
  const receiving = (options: NetConnectOpts, connected?: () => void): Socket => {
    const answers = new WholeAnswers(memory, (bytes) => socket.emit('data', bytes));
    const socket: Socket = createConnection(
      { ...options, onread: { buffer: () => answers.room, callback: (length) => answers.take(length) } },
      connected,
    );
    return socket.once('close', () => answers.close());
  };
  net.createConnection = receiving as typeof createConnection;
  syncBuiltinESMExports();
}

/** Puts together what comes of a connection: large answers in memory that is shared with whoever reads them. */
export class WholeAnswers {
  private readonly memory: BatchMemory;
  private readonly give: (bytes: Buffer) => void;
  /** For what may be of several answers. */
  private readonly head = Buffer.allocUnsafeSlow(WORTH_A_PLACE);
  /** Bytes at its beginning: of a size that is not there as a whole. */
  private kept = 0;
  /** Bytes to come of an answer that is given as it comes. */
  private passing = 0;
  private answer: Buffer | undefined;
  private received = 0;

  /** @param give is given all that comes, in its order; large answers only to be looked into, and for parts to be kept */
  constructor(memory: BatchMemory, give: (bytes: Buffer) => void) {
    this.memory = memory;
    this.give = give;
  }

  /** Where what comes next is to be put, or its beginning. */
  get room(): Buffer {
    return this.answer?.subarray(this.received) ?? this.head.subarray(this.kept);
  }

  /** So many bytes were put into the room. */
  take(length: number): true {
    if (this.answer === undefined) this.pass(this.kept + length);
    else this.receive(this.answer, length);
    return true;
  }

  /** Nothing more comes. */
  close(): void {
    if (this.answer !== undefined) this.memory.give(this.answer);
    this.answer = undefined;
  }

  private pass(end: number): void {
    const { head, memory } = this;
    let at = 0;
    let large = 0;
    while (at < end && large === 0) {
      if (this.passing === 0) {
        if (end - at < SIZE_BYTES) break;
        const size = SIZE_BYTES + head.readUInt32BE(at);
        if (size >= WORTH_A_PLACE && size <= LARGEST_SHARED) {
          large = size;
          break;
        }
        this.passing = size;
      }
      const some = Math.min(this.passing, end - at);
      this.passing -= some;
      at += some;
    }
    if (at > 0) this.give(Buffer.from(head.subarray(0, at)));
    this.kept = 0;
    if (large > 0) {
      this.answer = memory.take(large);
      this.received = 0;
      copyBytes(this.answer, 0, head.subarray(at, end));
      this.receive(this.answer, end - at);
    } else {
      head.copyWithin(0, at, end);
      this.kept = end - at;
    }
  }

  private receive(answer: Buffer, length: number): void {
    this.received += length;
    if (this.received < answer.length) return;
    this.answer = undefined;
    this.memory.share(answer, () => this.give(answer));
  }
}
