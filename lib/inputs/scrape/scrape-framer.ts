import { isUtf8 } from 'node:buffer';
import type { Rejected } from '../../batch/batch.ts';
import type { Framer, Frames } from '../../batch/framer.ts';
import { KEPT_OF_TOO_LONG } from '../../batch/framer.ts';
import type { RejectionReason } from '../../errors.ts';
import { asBuffer, LF } from '../../text/bytes.ts';
import { type ExpositionFormat, Families, type ScrapedSeries } from './families.ts';
import { eventWriter, type Scrape } from './scraped-events.ts';

/** Lines or series that are read or written in one go, and bytes of them: some milliseconds of work. */
const AT_ONCE = 512;
const BYTES_AT_ONCE = 1 << 17;

export interface ScrapeFramerOptions {
  readonly scrape: Scrape;
  readonly format: ExpositionFormat;
  /** Of a line. */
  readonly maxRecordBytes: number;
}

/**
 * A scraped exposition as events, one a series. All of it is read before the first event: what a series is can depend on
 * lines far apart. So that a large one does not hold the event loop, reading it gives frames too: they have no records,
 * only the bytes read and what was rejected in them. The bytes of the frames are made here, so their base leads nowhere;
 * rejected lines have their place.
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
    const chunks = this.chunks.splice(0);
    const body = chunks.length === 1 ? asBuffer(chunks[0]!) : Buffer.concat(chunks);
    const families = new Families(this.options.format);
    const rest = yield* this.read(body, families);
    yield* this.write(families.series, rest);
    this.options.scrape.counters.endScrape();
  }

  /** @returns what no frames have told yet */
  private *read(body: Buffer, families: Families): Generator<Frames, Told> {
    let rejected: Rejected[] = [];
    let told = 0;
    let lines = 0;
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
      if (++lines < AT_ONCE && start - told < BYTES_AT_ONCE) continue;
      yield framesOf([], { rejected, consumed: start - told });
      rejected = [];
      told = start;
      lines = 0;
    }
    return { rejected, consumed: body.length - told };
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

  /** What is left to tell of the bytes read goes with the first frames. */
  private *write(series: readonly ScrapedSeries[], left: Told): Generator<Frames> {
    const write = eventWriter(this.options.scrape);
    let texts: string[] = [];
    let bytes = 0;
    let looked = 0;
    let told = left;
    for (const one of series) {
      const event = write(one);
      if (event !== undefined) {
        texts.push(event);
        bytes += event.length;
      }
      if (++looked < AT_ONCE && bytes < BYTES_AT_ONCE) continue;
      yield framesOf(texts, told);
      texts = [];
      bytes = 0;
      looked = 0;
      told = nothing;
    }
    if (texts.length > 0 || told.consumed > 0) yield framesOf(texts, told);
  }
}

/** What frames account for beside their records. */
type Told = Pick<Frames, 'rejected' | 'consumed'>;

const nothing: Told = { rejected: [], consumed: 0 };

function framesOf(texts: readonly string[], told: Told): Frames {
  const length = Uint32Array.from(texts, (text) => text.length);
  const offset = new Uint32Array(texts.length);
  for (let k = 1; k < texts.length; k++) offset[k] = offset[k - 1]! + length[k - 1]!;
  const bytes = Buffer.from(texts.join(''), 'latin1');
  return { bytes, base: 0, count: texts.length, offset, length, ...told };
}
