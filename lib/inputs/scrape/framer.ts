import { isUtf8 } from 'node:buffer';
import type { Rejected } from '../../batch.ts';
import type { RejectionReason } from '../../errors.ts';
import type { Framer, Frames } from '../../parser.ts';
import { KEPT_OF_TOO_LONG } from '../framings/blocks.ts';
import { MAX_ROWS } from '../framings/lines.ts';
import { eventWriter, type Scrape } from './events.ts';
import { type ExpositionFormat, Families, type ScrapedSeries } from './families.ts';

const LF = 0x0a;

export interface ScrapeFramerOptions {
  readonly scrape: Scrape;
  readonly format: ExpositionFormat;
  /** Of a line. */
  readonly maxRecordBytes: number;
}

/**
 * A scraped exposition as events, one a series. All of it is read before the first event: what a series is can depend on
 * lines far apart. The bytes of the frames are made here, so their base leads nowhere; rejected lines have their place.
 */
export class ScrapeFramer implements Framer {
  private readonly options: ScrapeFramerOptions;
  private readonly chunks: Uint8Array[] = [];

  constructor(options: ScrapeFramerOptions) {
    this.options = options;
  }

  *push(chunk: Uint8Array): Generator<Frames> {
    this.chunks.push(chunk);
    yield* [];
  }

  *end(): Generator<Frames> {
    const body = Buffer.concat(this.chunks.splice(0));
    const families = new Families(this.options.format);
    const rejected: Rejected[] = [];
    for (let start = 0; start < body.length; ) {
      const feed = body.indexOf(LF, start);
      const next = feed < 0 ? body.length : feed + 1;
      const line = body.subarray(start, feed < 0 ? next : feed);
      const reason = this.line(line, families);
      if (reason !== undefined) {
        const bytes = reason === 'too-long' ? line.subarray(0, KEPT_OF_TOO_LONG) : line;
        rejected.push({ offset: start, length: line.length, reason, bytes });
      }
      start = next;
    }
    yield* this.frames(families.series, rejected, body.length);
    this.options.scrape.counters.endScrape();
  }

  private line(bytes: Buffer, families: Families): RejectionReason | undefined {
    if (bytes.length > this.options.maxRecordBytes) return 'too-long';
    // as latin1, so that a text's bytes stay as they are until they are written again
    const text = bytes.toString('latin1').replace(/\r$/, '');
    const first = text.trimStart()[0];
    if (first === undefined) return undefined;
    if (first === '#') {
      families.comment(text);
      return undefined;
    }
    if (!isUtf8(bytes)) return 'invalid-utf8';
    return families.sample(text) ? undefined : 'bad-framing';
  }

  /** Frames of at most MAX_ROWS; what was rejected and the bytes read go with the first. */
  private *frames(
    series: readonly ScrapedSeries[],
    rejected: readonly Rejected[],
    consumed: number,
  ): Generator<Frames> {
    const write = eventWriter(this.options.scrape);
    let texts: string[] = [];
    let rest = { rejected, consumed };
    for (const one of series) {
      const event = write(one);
      if (event === undefined) continue;
      texts.push(event);
      if (texts.length < MAX_ROWS) continue;
      yield framesOf(texts, rest.rejected, rest.consumed);
      texts = [];
      rest = { rejected: [], consumed: 0 };
    }
    if (texts.length > 0 || rest.consumed > 0) yield framesOf(texts, rest.rejected, rest.consumed);
  }
}

function framesOf(texts: readonly string[], rejected: readonly Rejected[], consumed: number): Frames {
  const length = Uint32Array.from(texts, (text) => text.length);
  const offset = new Uint32Array(texts.length);
  for (let k = 1; k < texts.length; k++) offset[k] = offset[k - 1]! + length[k - 1]!;
  const bytes = Buffer.from(texts.join(''), 'latin1');
  return { bytes, base: 0, count: texts.length, offset, length, rejected, consumed };
}
