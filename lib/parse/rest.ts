import type { Batch } from '../batch/batch.ts';
import type { Parser, Rest } from './parser.ts';

/** After so much silence of its source, a record that may be complete is. Milliseconds. */
export const SILENCE_MS = 300;

/** Pushes all that is left of an input, for parsers that do not take it by themselves. */
export async function* pushRest(parser: Parser, rest: Rest): AsyncGenerator<Batch> {
  if (rest.pauses !== true) {
    for await (const bytes of rest.bytes()) yield* parser.push(bytes);
    return;
  }
  const chunks = rest.bytes()[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = chunks.next();
      if (parser.waiting && (await isSilent(next))) yield* parser.settle?.() ?? [];
      const { done, value } = await next;
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    // not awaited: a source that waits for its next byte would let nobody go
    chunks.return?.().catch(() => {});
  }
}

/** Whether nothing comes for a while. */
async function isSilent(next: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, SILENCE_MS, true);
  });
  try {
    return await Promise.race([next.then(() => false), silence]);
  } finally {
    clearTimeout(timer);
  }
}
