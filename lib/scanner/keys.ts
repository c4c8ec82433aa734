import type { Path, Wants } from '../fields.ts';
import type { ScannerExports } from './abi.ts';
import { encodeWtf8 } from './wtf8.ts';

/** Numbers of the fields that the host itself reads, behind those that were asked for. */
export interface OwnFields {
  readonly seconds: number;
  readonly nanos: number;
}

/** What every record is asked for; see lib/scanner/assembly/head.ts. */
const SECONDS: Path = ['timestamp', 'seconds'];
const NANOS: Path = ['timestamp', 'nanos'];
const TIMESTAMP: Path = ['timestamp'];
const LEVEL: Path = ['level'];

export interface WantCounts {
  readonly keys: number;
  readonly fields: number;
}

/** How much room the tables need: every key of every path, counted without regard to what paths share. */
export function countWants(wants: Wants): WantCounts {
  const paths = [
    ...wants.fields.flatMap((field) => field.paths),
    ...wants.families.flatMap((family) => family.under),
    SECONDS,
    NANOS,
    TIMESTAMP,
    LEVEL,
  ];
  return { keys: paths.reduce((sum, path) => sum + path.length, 0), fields: wants.fields.length + 2 };
}

/** Tells a new scanner what was asked for. */
export class KeyRegistry {
  private readonly exports: ScannerExports;
  private readonly memory: Buffer;

  constructor(exports: ScannerExports, memory: Buffer) {
    this.exports = exports;
    this.memory = memory;
  }

  register(wants: Wants, tupleCapacity: number): OwnFields {
    const { exports } = this;
    for (const field of wants.fields) this.field(field.index, field.paths);
    const seconds = wants.fields.length;
    const nanos = seconds + 1;
    this.field(seconds, [SECONDS]);
    this.field(nanos, [NANOS]);
    for (const set of wants.labelSets) {
      const list = exports.addLabels(set.index, set.fields.length, tupleCapacity) >>> 0;
      set.fields.forEach((field, k) => {
        this.memory.writeUInt32LE(field.index, list + k * 4);
      });
    }
    for (const family of wants.families) {
      for (const path of family.under) {
        const key = this.key(path);
        for (const prefix of family.prefixes)
          exports.addPrefix(key, this.send(prefix), (1 << family.index) >>> 0);
      }
    }
    exports.ready(this.key(TIMESTAMP), this.key(SECONDS), this.key(NANOS), this.key(LEVEL));
    return { seconds, nanos };
  }

  private field(index: number, paths: readonly Path[]): void {
    const keys = paths.map((path) => this.key(path));
    const list = this.exports.addField(index, keys.length) >>> 0;
    keys.forEach((key, k) => {
      this.memory.writeUInt32LE(key, list + k * 4);
    });
  }

  /** The trie's node of a path. */
  private key(path: Path): number {
    return path.reduce((parent, text) => this.exports.addKey(parent, this.send(text)), 0);
  }

  /** Puts a text where the scanner looks for it. */
  private send(text: string): number {
    const bytes = encodeWtf8(text);
    this.memory.set(bytes, this.exports.inboxStart() >>> 0);
    return bytes.length;
  }
}
