/** Labels in a document, which say where the records beside them are from: Loki's `stream`, OTLP's `resource`. */
import { isObject, parsedOf } from '../unwrap/json-object.ts';
import { type Source, sourceOfLabels } from '../unwrap/pod-source.ts';

const keys: ReadonlySet<string | undefined> = new Set(['stream', 'resource', 'labels']);
/** More than this has no place in a resource. */
const MOST_BYTES = 1 << 16;

export function isLabelKey(key: string | undefined): boolean {
  return keys.has(key);
}

/** The inside of an object, as it passes. */
export class Captured {
  private readonly pieces: Buffer[] = [];
  private length = 0;

  add(bytes: Buffer): void {
    this.length += bytes.length;
    if (this.length <= MOST_BYTES) this.pieces.push(Buffer.from(bytes));
  }

  /** Nothing if it was too long. */
  text(): string {
    return this.length > MOST_BYTES ? '{}' : `{${Buffer.concat(this.pieces).toString()}`;
  }
}

/** Those that hold where the walk stands. */
export class Labels {
  private readonly known: { readonly depth: number; readonly source: Source }[] = [];

  get current(): Source | undefined {
    return this.known[this.known.length - 1]?.source;
  }

  /** @param depth of the object that has them as a member */
  add(depth: number, text: string): void {
    const object = parsedOf(text);
    if (!isObject(object)) return;
    const source = sourceOfLabels(object.attributes ?? object.labels ?? object);
    if (source !== undefined) this.known.push({ depth, source });
  }

  /** The walk has come back to so many open levels. */
  left(depth: number): void {
    while (this.known.length > 0 && this.known[this.known.length - 1]!.depth > depth) this.known.pop();
  }
}
