import type { KeyFamily } from '../../batch/wants.ts';
import { isObject, type JsonObject, PathReader } from './path.ts';

/** Finds out whether a record has a key that begins in one of a family's ways. */
export class FamilyReader {
  private readonly under: readonly PathReader[];
  private readonly prefixes: readonly string[];
  private readonly except: ReadonlySet<string>;
  /** Which first characters (of the ASCII ones) are worth a comparison: nearly every key ends here. */
  private readonly firsts = new Uint8Array(128);

  constructor(family: KeyFamily) {
    this.under = family.under.map((path) => new PathReader(path));
    this.prefixes = family.prefixes;
    this.except = new Set(family.except);
    for (const prefix of family.prefixes) {
      if (prefix === '') this.firsts.fill(1);
      else if (prefix.charCodeAt(0) < 128) this.firsts[prefix.charCodeAt(0)] = 1;
    }
  }

  within(record: JsonObject): boolean {
    for (let k = 0; k < this.under.length; k++) {
      const object = this.under[k]!.read(record);
      if (isObject(object) && this.among(object)) return true;
    }
    return false;
  }

  private among(object: JsonObject): boolean {
    for (const key in object) {
      const first = key.charCodeAt(0);
      if (first < 128 && this.firsts[first] === 0) continue;
      if (this.prefixes.some((prefix) => key.startsWith(prefix)) && !this.except.has(key)) return true;
    }
    return false;
  }
}
