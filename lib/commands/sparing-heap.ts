import { setFlagsFromString } from 'node:v8';

/** From so many resident bytes on, memory counts for more than the time that collecting it takes. */
const LARGE = 80 * (1 << 20);
/** Between two looks, milliseconds. */
const LOOK_MS = 100;

/** As V8 has them, and as they are in a large process. */
const USUAL = ['--semi-space-growth-factor=2', '--heap-growing-percent=0'];
const SPARING = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];

export interface HeapOptions {
  readonly resident?: (() => number) | undefined;
  readonly setFlag?: ((flag: string) => void) | undefined;
  readonly lookMs?: number | undefined;
}

/**
 * V8 lets a heap grow to a multiple of what lives in it, and what is young to 32 MiB. Once the process is large, it is
 * told to be sparing: the heap may grow by a third, and what is young stays in the room that it has by then. A worker
 * that begins undoes the latter, so V8 is told again and again. Gives what ends that, and leaves V8 as it was: code that
 * it compiled is kept for the next run, which begins with the usual flags, and takes only what was made under the same.
 */
export function keepHeapSparing(options: HeapOptions = {}): () => void {
  const { resident = process.memoryUsage.rss, setFlag = setFlagsFromString, lookMs = LOOK_MS } = options;
  let isSparing = false;
  const timer = setInterval(() => {
    isSparing ||= resident() >= LARGE;
    if (isSparing) for (const flag of SPARING) setFlag(flag);
  }, lookMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (isSparing) for (const flag of USUAL) setFlag(flag);
  };
}
