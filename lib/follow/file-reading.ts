import type { Input } from '../batch/batch.ts';
import { bytesAt, hasContent, MARK, type ReadContent, unread } from './file-content.ts';
import type { Generation } from './generation.ts';

/** A file while it is read. */
export interface Reading extends ReadContent {
  readonly generation: Generation;
  readonly input: Input;
  /** Where it was begun. */
  readonly from: number;
  head: Buffer;
  position: number;
  mark: Buffer;
  /** Whether it was looked for what the file may have had before. */
  isLookedAt: boolean;
}

/** Begins a file where it is to be begun. undefined: it does not have the content any more that was read of it. */
export async function readingOf(name: string, generation: Generation): Promise<Reading | undefined> {
  const { from = 0, content = unread, file } = generation;
  const mark = await bytesAt(file, Math.max(0, from - MARK), Math.min(MARK, from));
  // in this order: what it is cut to meanwhile is not taken for the mark
  if (!(await hasContent(file, content))) return undefined;
  // dead letters name the place in the whole file
  const placeOf = from === 0 ? undefined : (offset: number) => ({ name, offset: from + offset });
  const input = { name, framing: '', pauses: true, placeOf };
  return {
    generation,
    input,
    from,
    head: content.head,
    position: from,
    mark,
    isLookedAt: content.position > 0,
  };
}

/** Its first bytes, if these come next. */
export function headWith({ head, position }: Reading, bytes: Buffer): Buffer {
  if (head.length === MARK || head.length < position) return head;
  return Buffer.concat([
    head.subarray(0, position),
    bytes.subarray(0, MARK - position),
    head.subarray(position + bytes.length),
  ]);
}

/** These were read, too. */
export function advance(reading: Reading, bytes: Buffer): void {
  reading.head = headWith(reading, bytes);
  reading.position += bytes.length;
  reading.mark = Buffer.concat([reading.mark, bytes.subarray(-MARK)]).subarray(-MARK);
}

/** What was read of it; as much of it as was read before, if that was more. */
export function contentOf({ generation: { content = unread }, head, position, mark }: Reading): ReadContent {
  return position < content.position ? content : { head, position, mark };
}
