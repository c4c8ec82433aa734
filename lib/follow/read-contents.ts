import { createHash } from 'node:crypto';
import { LEAST_ALIKE, type ReadContent } from './file-content.ts';

/** More are not likely to be copied while they lie beside a path. */
const MOST_WHOLE = 16;
/** More files do not lie beside a path. */
const MOST_BEGINNINGS = 1_000;

/** Contents that are not to be read again: those that were read to their end, and those that were there before. */
export class ReadContents {
  /** The last ones that were read to their end, the newest last. */
  whole: readonly ReadContent[];
  /** How all of them begin. */
  private readonly begun: Set<string>;

  constructor(whole: readonly ReadContent[] = [], begun: Iterable<string> = []) {
    this.whole = whole;
    this.begun = new Set([...begun, ...whole.map(({ head }) => keyOf(head))]);
  }

  /** How they begin, the newest last: text that a state can keep. */
  get beginnings(): readonly string[] {
    return [...this.begun];
  }

  add(content: ReadContent): void {
    if (content.position === 0) return;
    this.whole = [...this.whole, content].slice(-MOST_WHOLE);
    this.addBeginning(content.head);
  }

  /** @param head all of the first bytes of a content that nobody writes to any more, MARK at most */
  addBeginning(head: Buffer): void {
    if (head.length === 0) return;
    const key = keyOf(head);
    // the newest last
    this.begun.delete(key);
    this.begun.add(key);
    if (this.begun.size <= MOST_BEGINNINGS) return;
    const [oldest] = this.begun;
    this.begun.delete(oldest!);
  }

  /**
   * Whether one of them begins like that, or was a shorter one when it was read.
   * @param head the first bytes of a content, MARK of them or all that it has
   */
  has(head: Buffer): boolean {
    if (this.begun.has(keyOf(head))) return true;
    return this.whole.some((other) => other.head.length >= LEAST_ALIKE && beginsAlike(head, other));
  }
}

/** Whether two contents begin alike, as far as what is known of both goes. */
export function beginsAlike(head: Buffer, { head: other, position }: ReadContent): boolean {
  return position > 0 && other.length > 0 && areAlike(head, other);
}

/** As far as both go. */
export function areAlike(a: Buffer, b: Buffer): boolean {
  return a.subarray(0, b.length).equals(b.subarray(0, a.length));
}

function keyOf(head: Buffer): string {
  return createHash('sha256').update(head).digest('base64').slice(0, 16);
}
