import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From so many resident bytes on, memory counts for more than the time that collecting it takes. */
const LARGE = 80 * (1 << 20);
/** Until the first look, when what a run needs has been loaded, and between two, milliseconds. */
const FIRST_LOOK_MS = 60;
const LOOK_MS = 100;

/** As V8 has them. */
const USUAL_HEAP = ['--semi-space-growth-factor=2', '--heap-growing-percent=0'];
const SPARING_HEAP = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];
/** Bytes of code that a function runs through before it is optimised. Node 20's V8 alone knows it; others complain of it. */
const KNOWS_BUDGET = process.versions.v8.startsWith('11.');
const USUAL_BUDGET = '--interrupt-budget=67584';
const LATE_BUDGET = '--interrupt-budget=600000';

export interface EngineOptions {
  readonly resident?: (() => number) | undefined;
  readonly setFlag?: ((flag: string) => void) | undefined;
  readonly lookMs?: number | undefined;
  readonly knowsBudget?: boolean | undefined;
}

/**
 * Has V8 work for a run that is longer than a moment: gives what ends that, and leaves V8 as it was. Code that it compiled
 * is kept for the next run, which begins with the usual flags, and takes only what was made under the same.
 *
 * - Functions are optimised later. What is done for every record is WebAssembly; of the rest most is done so seldom that
 *   optimising it costs more than it gives, a twelfth of all processor time.
 * - The heap is sparing once the process is large. V8 lets it grow to a multiple of what lives in it, and what is young to
 *   32 MiB; then it may grow by a third, and what is young stays in the room that it has by then. A worker that begins
 *   undoes the latter, so V8 is told again and again.
 */
export function adaptEngine(options: EngineOptions = {}): () => void {
  const { resident = residentBytes, setFlag = setFlagsFromString, lookMs = LOOK_MS } = options;
  const { knowsBudget = KNOWS_BUDGET } = options;
  let isLate = false;
  let isSparing = false;
  const look = (): void => {
    if (knowsBudget && !isLate) setFlag(LATE_BUDGET);
    isLate = knowsBudget;
    isSparing ||= resident() >= LARGE;
    if (isSparing) for (const flag of SPARING_HEAP) setFlag(flag);
  };
  const first = setTimeout(look, Math.min(FIRST_LOOK_MS, lookMs)).unref();
  const timer = setInterval(look, lookMs).unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
    if (isLate) setFlag(USUAL_BUDGET);
    if (isSparing) for (const flag of USUAL_HEAP) setFlag(flag);
  };
}

/** Where too many files are open to ask the system, as much as there ever was. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/**
 * Has V8 let go of what nobody has any more, now: it does not see how much hangs on it, such as the memory of a scanner.
 * What it keeps of compiled code is as before.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}
