import type { OpenSystem, SessionsState } from '../systems/system.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** The sessions that systems count, system by system. */
export function writeSessions(to: ByteWriter, systems: readonly OpenSystem[]): void {
  for (const { counted } of systems) {
    if (counted !== undefined) writeCounted(to, counted.name, counted.state());
  }
  to.flag(false);
}

/** The sessions of one system; a false flag ends the list of them. */
export function writeCounted(to: ByteWriter, name: string, state: SessionsState): void {
  to.flag(true);
  to.text(name);
  to.flag(state.seen);
  to.double(state.now);
  to.wholes(state.low);
  to.wholes(state.high);
  to.doubles(state.net);
  to.doubles(state.since);
  to.wholes(state.isOld);
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
