import type { Field, Path } from '../../batch/wants.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Names that every object seems to have: only for these must a look-up ask whether the property is its own. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

function own(object: JsonObject, key: string, guarded: boolean): unknown {
  return guarded && !Object.hasOwn(object, key) ? undefined : object[key];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the value at one path; undefined where there is none. Depths 1 and 2 are nearly all that is ever asked for. */
export class PathReader {
  readonly path: Path;
  private readonly depth: number;
  private readonly first: string;
  private readonly second: string;
  private readonly guardFirst: boolean;
  private readonly guardSecond: boolean;

  constructor(path: Path) {
    this.path = path;
    this.depth = path.length;
    this.first = path[0] ?? '';
    this.second = path[1] ?? '';
    this.guardFirst = inherited.has(this.first);
    this.guardSecond = inherited.has(this.second);
  }

  read(object: JsonObject): unknown {
    if (this.depth === 0) return object;
    const outer = own(object, this.first, this.guardFirst);
    if (this.depth === 1) return outer;
    if (!isObject(outer)) return undefined;
    const inner = own(outer, this.second, this.guardSecond);
    return this.depth === 2 ? inner : this.deeper(inner);
  }

  private deeper(from: unknown): unknown {
    let value = from;
    for (let k = 2; k < this.depth; k++) {
      if (!isObject(value)) return undefined;
      value = own(value, this.path[k]!, inherited.has(this.path[k]!));
    }
    return value;
  }
}

/** Reads a field: the first of its paths that is present. */
export class FieldReader {
  private readonly readers: readonly PathReader[];
  private readonly only: PathReader | undefined;

  constructor(field: Field) {
    this.readers = field.paths.map((path) => new PathReader(path));
    this.only = this.readers.length === 1 ? this.readers[0] : undefined;
  }

  read(object: JsonObject): unknown {
    if (this.only !== undefined) return this.only.read(object);
    for (const reader of this.readers) {
      const value = reader.read(object);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** The path that `read` found its value at. */
  pathOf(object: JsonObject): Path | undefined {
    return this.readers.find((reader) => reader.read(object) !== undefined)?.path;
  }
}
