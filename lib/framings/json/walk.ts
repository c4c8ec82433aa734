import { EACH, type RecordsPath } from '../records-path.ts';

interface Level {
  readonly array: boolean;
  /** How many steps of the path lead here; OFF_PATH if another way was taken. */
  readonly matched: number;
  /** Elements of an array so far. */
  elements: number;
}

const OFF_PATH = -1;

/** Keys of labels are no longer than this; see JsonFramer. */
const LABEL_KEY = 16;

/**
 * Where in a document the reader stands, outside of records. Records are the values at the end of the path. An array on
 * the way is walked through, at every level, unless the path says which element leads on; one at the end has the records
 * as its elements. With an empty path that
 * means: values at the top level, or the elements of a top-level array.
 */
export class Walk {
  readonly path: RecordsPath;
  private levels: Level[] = [];
  private key: string | undefined;
  private known: string | undefined;
  /** What the key just read leads to. */
  private next = OFF_PATH;

  constructor(path: RecordsPath) {
    this.path = path;
  }

  /** Whether a document is open. */
  get open(): boolean {
    return this.levels.length > 0;
  }

  /** How many arrays and objects are open. */
  get depth(): number {
    return this.levels.length;
  }

  /** Whether the innermost of them leads to no record. */
  get offPath(): boolean {
    return this.levels[this.levels.length - 1]?.matched === OFF_PATH;
  }

  /** The key of the value that began last, as far as it was read. */
  get lastKey(): string | undefined {
    return this.known;
  }

  /** A key begins; it is read only if it may be one of the path. */
  startKey(): void {
    const { matched } = this.levels[this.levels.length - 1]!;
    this.key = matched !== OFF_PATH && matched < this.path.length ? '' : undefined;
  }

  addToKey(text: string): void {
    // A key that is longer than any wanted one already need not be kept.
    if (this.key === undefined) return;
    const wanted = this.wanted();
    const longest = typeof wanted === 'string' ? Math.max(LABEL_KEY, wanted.length) : LABEL_KEY;
    if (this.key.length <= longest) this.key += text;
  }

  endKey(): void {
    const { matched } = this.levels[this.levels.length - 1]!;
    this.known = this.key;
    this.next = this.key !== undefined && this.key === this.wanted() ? matched + 1 : OFF_PATH;
    this.key = undefined;
  }

  /** A value begins: gives whether it is a record. If not, and it is an array or object, the walk goes into it. */
  value(kind: 'array' | 'object' | 'scalar'): boolean {
    const parent = this.levels[this.levels.length - 1];
    const matched = parent === undefined ? 0 : parent.array ? this.element(parent) : this.next;
    const atEnd = matched === this.path.length;
    const element = parent?.array === true && parent.matched === this.path.length;
    if (atEnd && (element || kind !== 'array')) return true;
    if (kind !== 'scalar') this.levels.push({ array: kind === 'array', matched, elements: 0 });
    return false;
  }

  /** What the next element of the array leads to. */
  private element(array: Level): number {
    const step = array.matched === OFF_PATH ? undefined : this.path[array.matched];
    if (typeof step !== 'number') return array.matched;
    return step === EACH || step === array.elements++ ? array.matched + 1 : OFF_PATH;
  }

  close(): void {
    this.levels.pop();
  }

  /**
   * Gives up what is broken: goes back to the innermost array that may hold records, or to the top level, where the next
   * value is taken up. Gives the text that brings a fresh tokenizer there.
   */
  unwind(): string {
    while (this.levels.length > 0) {
      const level = this.levels[this.levels.length - 1]!;
      if (level.array && level.matched !== OFF_PATH) break;
      this.levels.pop();
    }
    return this.levels.map((level) => (level.array ? '[' : '{"":')).join('');
  }

  private wanted(): string | number {
    return this.path[this.levels[this.levels.length - 1]!.matched]!;
  }
}
