/** Prometheus endpoints as inputs: each scrape is an input of its own, whole in one chunk. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Input } from '../batch.ts';
import { eventId } from '../event-id.ts';
import type { Framer } from '../parser.ts';
import type { ExpositionFormat } from './scrape/families.ts';
import { ScrapeFramer } from './scrape/framer.ts';
import { getExposition, ScrapeFailure } from './scrape/get.ts';
import { Counters } from './scrape/rates.ts';
import type { Target } from './scrape/target.ts';
import type { InputBytes } from './sources.ts';

export { type Target, targetsOf } from './scrape/target.ts';

/** As Prometheus has it. Milliseconds. */
const TIMEOUT = 10_000;

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

/** What came of one scrape. It knows its framing, and brings its framer. */
export class ScrapedInput implements Input {
  readonly name: string;
  framing = 'scrape';
  private readonly open: (maxRecordBytes: number) => Framer;

  constructor(name: string, open: (maxRecordBytes: number) => Framer) {
    this.name = name;
    this.open = open;
  }

  framer(maxRecordBytes: number): Framer {
    return this.open(maxRecordBytes);
  }
}

/**
 * Scrapes an endpoint at once and then at every multiple of the interval since the epoch, where reports fall too. An
 * endpoint that is down is said once, and again when it is back. Nothing is scraped before what came is taken.
 */
export async function* scrapeInputs(target: Target, options: ScrapeOptions): AsyncGenerator<InputBytes> {
  const { interval, seed, signal, now = Date.now, sleep = sleepUntilAborted } = options;
  const counters = new Counters();
  const state = new Availability(target, options.warn);
  while (!signal.aborted) {
    const time = now();
    try {
      const { format, bytes } = await getExposition(target, Math.min(interval, TIMEOUT), signal);
      options.onScrape?.(target.sourceId, true);
      state.up();
      const { sourceId, name } = target;
      const scrape = { sourceId, time, counters, eventId: eventId(seed, 'scrape', sourceId, time) };
      yield { input: inputOf(name, scrape, format), bytes, whole: true };
    } catch (error) {
      if (!(error instanceof ScrapeFailure)) throw error;
      if (signal.aborted) return;
      options.onScrape?.(target.sourceId, false);
      state.down(error.message);
    }
    const due = Math.floor(now() / interval) * interval + interval;
    // timers can be early
    for (let left = due - now(); left > 0 && !signal.aborted; left = due - now()) await sleep(left, signal);
  }
}

function inputOf(name: string, scrape: ScrapeFramer['options']['scrape'], format: ExpositionFormat): Input {
  return new ScrapedInput(name, (maxRecordBytes) => new ScrapeFramer({ scrape, format, maxRecordBytes }));
}

/** Says when an endpoint goes and comes. Scrapes are numbered, so that each message is another one. */
class Availability {
  private readonly target: Target;
  private readonly warn: (message: string) => void;
  private scrapes = 0;
  private failed = 0;

  constructor(target: Target, warn: (message: string) => void) {
    this.target = target;
    this.warn = warn;
  }

  up(): void {
    this.scrapes++;
    if (this.failed > 0) {
      const times = `${this.failed} ${this.failed === 1 ? 'scrape' : 'scrapes'}`;
      this.warn(`${this.target.name}: answers again at scrape ${this.scrapes}, after ${times} that failed`);
    }
    this.failed = 0;
  }

  down(reason: string): void {
    this.scrapes++;
    this.failed++;
    if (this.failed > 1) return;
    this.warn(
      `${this.target.name}: scrape ${this.scrapes} failed: ${reason}; it is tried again at every report interval`,
    );
  }
}

async function sleepUntilAborted(ms: number, signal: AbortSignal): Promise<void> {
  // an abort ends the wait like its end does
  await delay(ms, undefined, { signal }).catch(() => {});
}
