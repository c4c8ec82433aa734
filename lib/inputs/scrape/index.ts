/** Prometheus endpoints as inputs: each scrape is an input of its own, whole in one chunk. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FramedInput, Framer } from '../../batch/framer.ts';
import { eventId } from '../../events/event-id.ts';
import type { InputBytes } from '../sources.ts';
import type { ExpositionFormat } from './families.ts';
import { type Exposition, getExposition, ScrapeFailure } from './get.ts';
import { Counters } from './rates.ts';
import { ScrapeFramer } from './scrape-framer.ts';
import type { Scrape } from './scraped-events.ts';
import type { Target } from './target.ts';

export { type Target, targetsOf } from './target.ts';

/** Of scrapes where no report interval is set. Milliseconds. */
export const DEFAULT_INTERVAL = 60_000;
/** As Prometheus has it. Milliseconds. */
const TIMEOUT = 10_000;
/** A timer takes no more milliseconds. */
const LONGEST_SLEEP = 2 ** 31 - 1;

export interface ScrapeOptions {
  /** Milliseconds. */
  readonly interval: number;
  readonly seed: number;
  /** Ends the scraping; the only thing that does. */
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** After each scrape. */
  readonly onScrape?: ((sourceId: string, succeeded: boolean) => void) | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** What came of one scrape. */
class ScrapedInput implements FramedInput {
  readonly name: string;
  readonly framing = 'scrape';
  private readonly scrape: Scrape;
  private readonly format: ExpositionFormat;

  constructor(name: string, scrape: Scrape, format: ExpositionFormat) {
    this.name = name;
    this.scrape = scrape;
    this.format = format;
  }

  framer(maxRecordBytes: number): Framer {
    return new ScrapeFramer({ scrape: this.scrape, format: this.format, maxRecordBytes });
  }
}

/**
 * Scrapes an endpoint at once and then at every multiple of the interval since the epoch, where reports fall too. An
 * endpoint that is down is said once, and again when it is back. Nothing is scraped before what came is taken.
 */
export async function* scrapeInputs(target: Target, options: ScrapeOptions): AsyncGenerator<InputBytes> {
  const { interval, seed, signal, now = Date.now, sleep = sleepUntilAborted } = options;
  const counters = new Counters();
  const availability = new Availability(target, options);
  while (!signal.aborted) {
    const time = now();
    const exposition = await attempt(target, options, availability);
    if (exposition !== undefined) {
      const { sourceId, name } = target;
      const scrape = { sourceId, time, counters, eventId: eventId(seed, 'scrape', sourceId, time) };
      const input = new ScrapedInput(name, scrape, exposition.format);
      yield { input, bytes: exposition.bytes, whole: true };
    }
    const due = Math.floor(now() / interval) * interval + interval;
    // timers can be early
    for (let left = due - now(); left > 0 && !signal.aborted; left = due - now()) {
      await sleep(Math.min(left, LONGEST_SLEEP), signal);
    }
  }
}

/** undefined if the endpoint could not be scraped, or is no longer to be. */
async function attempt(
  target: Target,
  { interval, signal }: ScrapeOptions,
  availability: Availability,
): Promise<Exposition | undefined> {
  try {
    const exposition = await getExposition(target, Math.min(interval, TIMEOUT), signal);
    availability.up(hasSample(exposition.bytes));
    return exposition;
  } catch (error) {
    if (!(error instanceof ScrapeFailure)) throw error;
    if (!signal.aborted) availability.down(error.message);
    return undefined;
  }
}

/** Longer than what has comments alone. Bytes. */
const SHORT = 1 << 16;

function hasSample(exposition: Uint8Array): boolean {
  return exposition.length > SHORT || /^[ \t]*[^#\s]/m.test(Buffer.from(exposition).toString('latin1'));
}

/** Says when an endpoint goes and comes. Scrapes are numbered, so that each message is another one. */
class Availability {
  private readonly target: Target;
  private readonly options: Pick<ScrapeOptions, 'warn' | 'onScrape'>;
  private scrapes = 0;
  private failed = 0;
  private wasEmpty = false;

  constructor(target: Target, options: Pick<ScrapeOptions, 'warn' | 'onScrape'>) {
    this.target = target;
    this.options = options;
  }

  /** @param hasSample whether there was anything to scrape */
  up(hasSample: boolean): void {
    const { name, sourceId } = this.target;
    this.scrapes++;
    if (!hasSample && !this.wasEmpty)
      this.options.warn(`${name}: scrape ${this.scrapes} found no sample: its answer is empty`);
    this.wasEmpty = !hasSample;
    this.options.onScrape?.(sourceId, true);
    if (this.failed > 0) {
      const times = `${this.failed} ${this.failed === 1 ? 'scrape' : 'scrapes'}`;
      this.options.warn(`${name}: answers again at scrape ${this.scrapes}, after ${times} that failed`);
    }
    this.failed = 0;
  }

  down(reason: string): void {
    const { name, sourceId } = this.target;
    this.scrapes++;
    this.failed++;
    this.options.onScrape?.(sourceId, false);
    if (this.failed > 1) return;
    const next = 'it is tried again at every report interval';
    this.options.warn(`${name}: scrape ${this.scrapes} failed: ${reason}; ${next}`);
  }
}

async function sleepUntilAborted(ms: number, signal: AbortSignal): Promise<void> {
  // an abort ends the wait like its end does
  await delay(ms, undefined, { signal }).catch(() => {});
}
