import { systemReason } from '../../errors.ts';
import type { ExpositionFormat } from './families.ts';
import type { Target } from './target.ts';

/** Text first: OpenMetrics has no type for counters without _total, of which the Operator has five. */
const accept = 'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.8,*/*;q=0.1';

/** Decompressed; some 300,000 series. What is larger would be held in memory whole. */
const MAX_BYTES = 64 << 20;

export interface Exposition {
  readonly format: ExpositionFormat;
  readonly bytes: Uint8Array;
}

/** Why an endpoint could not be scraped, in words for a user. */
export class ScrapeFailure extends Error {}

function formatOf(contentType: string): ExpositionFormat {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/openmetrics-text') return 'openmetrics';
  if (type === '' || type === 'text/plain') return 'text';
  throw new ScrapeFailure(`what it answers is ${type}, not an exposition`);
}

async function read(response: Response): Promise<Exposition> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new ScrapeFailure(`it answers ${`${response.status} ${response.statusText}`.trim()}`);
  }
  const format = formatOf(response.headers.get('content-type') ?? '');
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new ScrapeFailure(`its exposition is larger than ${MAX_BYTES >> 20} MiB`);
    chunks.push(chunk);
  }
  return { format, bytes: Buffer.concat(chunks) };
}

/**
 * Reads an endpoint once.
 * @param timeout milliseconds, for all of it
 * @throws {ScrapeFailure} for any reason that lies outside of us, a signal's abort included
 */
export async function getExposition(
  target: Target,
  timeout: number,
  signal: AbortSignal,
): Promise<Exposition> {
  const { url, authorization } = target;
  const late = AbortSignal.timeout(timeout);
  const headers = {
    accept,
    'user-agent': 'mirrormon',
    'x-prometheus-scrape-timeout-seconds': String(timeout / 1000),
    ...(authorization === undefined ? {} : { authorization }),
  };
  try {
    return await read(await fetch(url, { headers, signal: AbortSignal.any([late, signal]) }));
  } catch (error) {
    if (error instanceof ScrapeFailure) throw error;
    if (late.aborted) throw new ScrapeFailure(`no answer within ${timeout / 1000} s`, { cause: error });
    // fetch says only that it failed; the reason is behind it
    const cause = error instanceof TypeError && error.cause !== undefined ? error.cause : error;
    throw new ScrapeFailure(systemReason(cause), { cause: error });
  }
}
