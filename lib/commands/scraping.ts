import type { Config } from '../config.ts';
import type { InputBytes } from '../inputs/sources.ts';
import type { Ledger } from '../ledger.ts';

/** Starts scraping, until the signal. */
export type OpenScrapes = (signal: AbortSignal, ledger: Ledger) => AsyncIterable<InputBytes>[];

/**
 * How endpoints are scraped; undefined if there are none. What does it is loaded only then.
 * @throws {MirrormonError} USAGE for what is no URL
 */
export async function scraping(
  urls: readonly string[],
  { seed, metrics }: Config,
  warn: (message: string) => void,
): Promise<OpenScrapes | undefined> {
  if (urls.length === 0) return undefined;
  const { DEFAULT_INTERVAL, scrapeInputs, targetsOf } = await import('../inputs/scrape/index.ts');
  const targets = targetsOf(urls);
  const interval = metrics.reportInterval ?? DEFAULT_INTERVAL;
  return (signal, ledger) =>
    targets.map((target) =>
      scrapeInputs(target, {
        interval,
        seed,
        signal,
        warn,
        onScrape: (sourceId, succeeded) => ledger.scraped(sourceId, succeeded),
      }),
    );
}
