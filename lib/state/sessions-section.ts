import type { OpenSystem, SessionsState } from '../systems/system.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** The sessions that systems count, system by system. */
export function writeSessions(to: ByteWriter, systems: readonly OpenSystem[]): void {
  for (const { counted } of systems) {
    if (counted === undefined) continue;
    const { seen, now, low, high, net, since, isOld } = counted.state();
    to.flag(true);
    to.text(counted.name);
    to.flag(seen);
    to.double(now);
    to.wholes(low);
    to.wholes(high);
    to.doubles(net);
    to.doubles(since);
    to.wholes(isOld);
  }
  to.flag(false);
}

/** The sessions of a state, system by system. */
export function* readSessions(from: ByteReader): Generator<{ name: string; state: SessionsState }> {
  while (from.flag()) {
    yield {
      name: from.text(),
      state: {
        seen: from.flag(),
        now: from.double(),
        low: Uint32Array.from(from.wholes()),
        high: Uint32Array.from(from.wholes()),
        net: Int32Array.from(from.doubles()),
        since: from.doubles(),
        isOld: Uint8Array.from(from.wholes()),
      },
    };
  }
}

export function mergeSessions(from: ByteReader, systems: readonly OpenSystem[]): void {
  for (const { name, state } of readSessions(from)) {
    const counted = systems.find((system) => system.counted?.name === name)?.counted;
    if (counted === undefined) throw new DamagedBytes(`there is no system ${name}`);
    counted.merge(state);
  }
}

/** Forgets the sessions so far. */
export function beginSessions(systems: readonly OpenSystem[]): void {
  for (const { counted } of systems) counted?.begin();
}
