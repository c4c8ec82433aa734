import { grown, nextRoom } from '../math/growth.ts';
import type { Sessions } from './session-store.ts';
import { keyOf } from './session-view.ts';

/** Of which times no record tells: added up. */
export const UNTOLD = { start: 1, end: 2 } as const;

/** All sessions as columns, in the order in which they were first heard of, as far as others are put beside them. */
export interface SessionColumns {
  readonly length: number;
  /** See keyOf. */
  readonly key: Float64Array;
  readonly client: Uint32Array;
  readonly target: Uint32Array;
  /** Milliseconds since the epoch; of the end NaN where it is missing. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** See SessionView. */
  readonly seconds: Float64Array;
  /** See UNTOLD. */
  readonly untold: Uint8Array;
  /** 1 where the start is what the end's duration tells. */
  readonly deduced: Uint8Array;
  readonly ports: Uint32Array;
}

/** @param now the newest record's time, milliseconds */
export function columnsOf(sessions: Sessions, now: number): SessionColumns {
  // an id that was used again is several sessions, but nearly all rows are one
  let room = sessions.table.length;
  let key = new Float64Array(room);
  let client = new Uint32Array(room);
  let target = new Uint32Array(room);
  let start = new Float64Array(room);
  let end = new Float64Array(room);
  let seconds = new Float64Array(room);
  let untold = new Uint8Array(room);
  let deduced = new Uint8Array(room);
  let ports = new Uint32Array(room);
  let length = 0;
  sessions.each(now, (session) => {
    if (length === room) {
      room = nextRoom(length);
      key = grown(key, room);
      client = grown(client, room);
      target = grown(target, room);
      start = grown(start, room);
      end = grown(end, room);
      seconds = grown(seconds, room);
      untold = grown(untold, room);
      deduced = grown(deduced, room);
      ports = grown(ports, room);
    }
    key[length] = keyOf(session);
    client[length] = session.client;
    target[length] = session.target;
    start[length] = session.start;
    end[length] = session.end;
    seconds[length] = session.seconds;
    untold[length] = (session.startMissing ? UNTOLD.start : 0) + (session.endMissing ? UNTOLD.end : 0);
    deduced[length] = session.startDeduced ? 1 : 0;
    ports[length] = session.ports;
    length++;
  });
  return { length, key, client, target, start, end, seconds, untold, deduced, ports };
}
