import { setFlagsFromString } from 'node:v8';

/** From so many resident bytes on, memory counts for more than the time that collecting it takes. */
const LARGE = 100 * (1 << 20);
/** Between two looks, milliseconds. */
const LOOK_MS = 100;

export interface HeapOptions {
  readonly resident?: (() => number) | undefined;
  readonly setFlag?: ((flag: string) => void) | undefined;
  readonly lookMs?: number | undefined;
}

/**
 * V8 lets a heap grow to a multiple of what lives in it. Once the process is large, it is told to be sparing: the heap may
 * grow by a third, and what is young stays in little room. Gives what ends the looking.
 */
export function keepHeapSparing(options: HeapOptions = {}): () => void {
  const { resident = process.memoryUsage.rss, setFlag = setFlagsFromString, lookMs = LOOK_MS } = options;
  const timer = setInterval(() => {
    if (resident() < LARGE) return;
    clearInterval(timer);
    setFlag('--heap-growing-percent=30');
    setFlag('--semi-space-growth-factor=1');
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}
