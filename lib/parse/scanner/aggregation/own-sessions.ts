import type { ScannerExports } from '../abi.ts';

/** Bytes of an entry of sessions; see assembly/aggregation/sessions.ts. */
export const SESSION_BYTES = 24;

/** Entries of sessions: how many, and where they are. */
export interface GatheredSessions {
  readonly count: number;
  readonly at: number;
}

/** What an engine of this thread knows of sessions. What it gathered is there until it is asked for anything else. */
export class OwnSessions {
  private readonly exports: ScannerExports;
  private readonly bytes: Buffer;

  constructor(exports: ScannerExports, bytes: Buffer) {
    this.exports = exports;
    this.bytes = bytes;
  }

  /** Of how many ids it knows something. */
  get known(): number {
    return this.exports.knownSessions();
  }

  /** For another engine, which adds it to its own. */
  gather(): GatheredSessions {
    const { exports } = this;
    const count = exports.gatherSessions();
    return { count, at: exports.gatheredSessions() >>> 0 };
  }

  /** Adds entries that another engine gathered; false if they find no room. */
  join(entries: Uint8Array): boolean {
    const { exports } = this;
    const count = entries.length / SESSION_BYTES;
    const at = exports.openRoom(count) >>> 0;
    if (at === 0) return false;
    this.bytes.set(entries, at);
    exports.joinSessions(count);
    return true;
  }

  /** What all engines know, once they were joined: without ids that are known to have ended, in the order of coming. */
  gatherJoined(): GatheredSessions {
    const { exports } = this;
    const count = exports.gatherJoined();
    return { count, at: exports.gatheredSessions() >>> 0 };
  }
}
