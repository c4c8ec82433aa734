import { discard } from '../../../math/growth.ts';
import type { Reply } from './worker-messages.ts';

/** Enough for the notes of most answers. Bytes. */
const ROOM_BYTES = 3 << 19;

/**
 * Buffers for what a worker notes of sessions, which go to it with a job and come back with an answer. Notes wait for
 * their turn, megabytes of them: were they the worker's, whose memory serves nobody else, they would stay so for the
 * rest of the run.
 */
export class NoteRooms {
  private readonly spare: ArrayBuffer[] = [];
  /** That the worker has. */
  private there = 0;

  /** One to go with a job; undefined where the worker has one for each of so many jobs. */
  next(jobs: number): ArrayBuffer | undefined {
    if (this.there >= jobs) return undefined;
    this.there++;
    return this.spare.pop() ?? new ArrayBuffer(ROOM_BYTES);
  }

  /** The worker has answered: with one of them, or with a buffer of its own where that was not enough. */
  answered(reply: Reply): void {
    if (typeof reply !== 'object' || !('notes' in reply) || reply.notes === undefined) return;
    if (isOurs(reply.notes.bytes)) this.there--;
  }

  /** Nobody needs what is in a buffer any more. */
  takeBack(bytes: ArrayBuffer): void {
    if (isOurs(bytes)) this.spare.push(bytes);
    else discard(new Uint8Array(bytes));
  }

  close(): void {
    for (const bytes of this.spare.splice(0)) discard(new Uint8Array(bytes));
  }
}

const isOurs = ({ byteLength }: ArrayBuffer): boolean => byteLength === ROOM_BYTES;
