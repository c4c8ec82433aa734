import { type Path, type ShadowedKey, shadowedKeys, type Wants } from '../../batch/wants.ts';
import { encodeWtf8 } from '../../text/wtf8.ts';
import type { ScannerExports } from './abi.ts';

const TIMESTAMP: Path = ['timestamp'];
const SECONDS: Path = ['timestamp', 'seconds'];
const NANOS: Path = ['timestamp', 'nanos'];
const LEVEL: Path = ['level'];
const FIELDS: Path = ['fields'];
/** What every record is asked for; see lib/parse/scanner/assembly/json/record-head.ts and record.ts. */
const OWN = [TIMESTAMP, SECONDS, NANOS, LEVEL, FIELDS];

/** Around the copy of a text, and for a prefix or an exception its description. */
const COPY_BYTES = 256;

export interface WantCounts {
  readonly keys: number;
  readonly fields: number;
  /** Fields of one label set, at most. */
  readonly widest: number;
  /** Of all keys and prefixes, encoded and with what a copy needs around it. */
  readonly textBytes: number;
}

/** How much room the tables need: every key of every path, counted without regard to what paths share. */
export function countWants(wants: Wants): WantCounts {
  const paths = [
    ...wants.fields.flatMap((field) => field.paths),
    ...wants.families.flatMap((family) => family.under),
    ...OWN,
  ];
  const keys = paths.flat();
  const prefixes = wants.families.flatMap(({ under, prefixes }) => under.flatMap(() => prefixes));
  const exceptions = wants.families.flatMap(({ except }) => except);
  return {
    keys: keys.length + 2 * shadowedKeys.length,
    fields: wants.fields.length + 1,
    widest: Math.max(0, ...wants.labelSets.map(({ fields }) => fields.length)),
    textBytes: [...keys, ...prefixes, ...exceptions].reduce(
      (sum, text) => sum + Buffer.byteLength(text) + COPY_BYTES,
      0,
    ),
  };
}

/** Tells a new scanner what was asked for. */
export class KeyRegistry {
  private readonly exports: ScannerExports;
  private readonly memory: Buffer;
  private readonly shadows = new Map<ShadowedKey, number>();

  constructor(exports: ScannerExports, memory: Buffer) {
    this.exports = exports;
    this.memory = memory;
  }

  /** Gives the number of the field that is the record's time, behind those that were asked for. */
  register(wants: Wants, tupleCapacity: number): number {
    const { exports } = this;
    for (const key of shadowedKeys) this.shadows.set(key, exports.addShadow(this.key([key])));
    for (const field of wants.fields) this.field(field.index, field.paths, field.shadowed);
    const time = wants.fields.length;
    this.field(time, [TIMESTAMP], 'timestamp');
    for (const set of wants.labelSets) {
      const list = exports.addLabels(set.index, set.fields.length, tupleCapacity) >>> 0;
      set.fields.forEach((field, k) => {
        this.memory.writeUInt32LE(field.index, list + k * 4);
      });
    }
    for (const { index, under, prefixes, except } of wants.families) {
      const bit = (1 << index) >>> 0;
      for (const path of under) {
        const key = this.key(path);
        for (const prefix of prefixes) exports.addPrefix(key, this.send(prefix), bit);
      }
      for (const key of except) exports.addException(this.send(key), bit);
    }
    const [timestamp, seconds, nanos, level, fields] = OWN.map((path) => this.key(path));
    exports.ready(timestamp!, seconds!, nanos!, level!, fields!);
    return time;
  }

  private field(index: number, paths: readonly Path[], shadowed: ShadowedKey | undefined): void {
    const keys = paths.map((path) => this.key(path));
    if (shadowed !== undefined) keys.unshift(this.shadows.get(shadowed)!);
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
