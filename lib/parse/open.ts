import type { Batch, Input } from '../batch/batch.ts';
import { type Framer, isFramed } from '../batch/framer.ts';
import type { Path, Wants } from '../batch/wants.ts';
import type { InputConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import {
  type BegunLines,
  type DetectedFraming,
  type FramingName,
  HeldRecords,
  isLog,
  openFramer,
  openLog,
  parseRecordsPath,
  type RecordsPath,
} from '../framings/index.ts';
import { DetectingParser } from './detecting.ts';
import { ReferenceParser } from './objects/objects-parser.ts';
import { Vocabulary } from './objects/vocabulary.ts';
import type { OpenParser, Parser } from './parser.ts';
import { openScanner, type Scanner, type ScannerFraming, scannerFramings } from './scanner/index.ts';
import type { BegunThread } from './scanner/workers/thread.ts';
import { timedFramer, timedReader } from './source-times.ts';

export interface ParsingOptions {
  /** Complete: everything that reads records has said what it wants. */
  readonly wants: Wants;
  readonly limits: InputConfig;
  readonly format: FramingName;
  /** With json: the path to the records. */
  readonly records?: string | undefined;
  /** Whether somebody reads which pod, container and namespace a record is from, beside what `wants` says. */
  readonly names: boolean;
  /** source_id of events made from an exposition. */
  readonly sourceId: string;
  /** Label tuples of a set that are remembered before a fresh table is begun. */
  readonly tuples: number;
  /** Series of a metric that those who read records measure before they hand over what they have. */
  readonly series?: number | undefined;
  /** The reference parser even where the scanner could serve. */
  readonly reference: boolean;
  /** Threads for what is left of a large input. */
  readonly workers: number;
  /** The first one, if it was begun before. */
  readonly begun?: BegunThread | undefined;
  /** See lib/parse/scanner/engine.ts. */
  readonly measureUntil?: (() => number) | undefined;
  readonly now?: (() => number) | undefined;
  readonly warn: (message: string) => void;
}

export interface Parsing {
  readonly open: OpenParser;
  /** All inputs have ended: lines that the last one left unfinished. Threads end, and what they measured can be taken. */
  finish(): Iterable<Batch>;
  /** Whether an input ended with a line that goes on in the next one. */
  isAmidRecord(): boolean;
  /** Ends what the parsers share; none may be in use. */
  close(): void;
}

/** Keys of objects that may wrap a log line and have a time of their own, so that they look like records. */
const wrapperKeys = [
  'message',
  'textPayload',
  'jsonPayload',
  'line',
  'log',
  'body',
  'msg',
  'attributes',
  '@message',
];

function recordsPathOf({ records, format }: ParsingOptions): RecordsPath | undefined {
  if (records === undefined) return undefined;
  if (format !== 'auto' && format !== 'json') {
    const message = `--records leads to records in JSON, which -i ${format} does not read`;
    throw new MirrormonError('USAGE', message, { hint: 'leave out one of them' });
  }
  return parseRecordsPath(records);
}

/**
 * Chooses the parser of every input: the scanner for lines and for what framings make of them, else the reference parser.
 * Throws USAGE for a path to records that cannot be read, or is not asked for.
 */
export function openParsing(options: ParsingOptions): Parsing {
  const { wants, limits, tuples, series, measureUntil, now } = options;
  const family = wants.keysBeginning([[]], wrapperKeys);
  const vocabulary = new Vocabulary(wants, { tuples });
  const saidPath = recordsPathOf(options);
  const names =
    options.names || wants.fields.some(({ paths }) => paths.some(([key]) => key === 'kubernetes'));
  const begun: BegunLines = [];
  const others = new HeldRecords();
  let last: Input | undefined;
  // made with the first input: a run of scrapes alone needs none
  let scanner: Scanner | undefined;
  let tried = options.reference;

  const theScanner = (): Scanner | undefined => {
    if (!tried) {
      tried = true;
      scanner = openScanner({
        wants,
        limits: { ...limits, tuples, series },
        workers: { count: options.workers, begun: options.begun },
        measureUntil,
      });
      if (scanner === undefined) {
        options.warn(
          'the fast parser needs WebAssembly with SIMD, and some GiB of address space (ulimit -v), which are not here; reading with the slower one',
        );
      }
    }
    return scanner;
  };

  const framed = (input: Input, untimed: Framer): Parser => {
    const framer = timedFramer(untimed, input);
    const slow = new ReferenceParser({ input, vocabulary, limits, framer });
    return theScanner()?.framed(input, framer, slow) ?? slow;
  };

  const openAs = (input: Input, framing: DetectedFraming, isSaid: boolean, path?: Path): Parser => {
    input.framing = framing;
    const isLines = (scannerFramings as readonly string[]).includes(framing);
    const isStrict = isSaid && framing === 'ndjson';
    const fast = isLines ? theScanner() : undefined;
    if (fast !== undefined) {
      const other = isStrict
        ? undefined
        : {
            reader: timedReader(openLog({ limits, names, begun, now, onAnother: others.of(input) }), input),
            family,
            names,
          };
      return fast.parser(input, framing as ScannerFraming, other);
    }
    if (isLines ? !isStrict : !isSaid && isLog(framing))
      return framed(input, openLog({ input, limits, names, begun, now, onAnother: others.of(input) }));
    const { sourceId } = options;
    const records = saidPath ?? path;
    const onAnother = others.of(input);
    return framed(
      input,
      openFramer(framing, { input, limits, records, sourceId, names, begun, now, onAnother }),
    );
  };

  const open = (input: Input): Parser => {
    last = input;
    if (isFramed(input)) {
      const framer = input.framer(limits.maxRecordBytes);
      return new ReferenceParser({ input, vocabulary, limits, framer });
    }
    const { format, records } = options;
    if (input.from !== undefined) return openAs(input, input.framing as DetectedFraming, format !== 'auto');
    if (records !== undefined) return openAs(input, 'json', true);
    if (format !== 'auto' && format !== 'json') return openAs(input, format, true);
    return new DetectingParser((framing, path) =>
      format === 'json' ? openAs(input, format, true, path) : openAs(input, framing, false, path),
    );
  };
  function* finish(): Generator<Batch> {
    scanner?.endWorkers();
    others.tell(options.warn);
    if (begun.length === 0) return;
    const framer = openLog({ limits, names, begun, now });
    // nothing goes on with them any more
    yield* framed(last!, { push: () => [], end: () => framer.endAll() }).end() as Iterable<Batch>;
  }
  return { open, finish, isAmidRecord: () => begun.length > 0, close: () => scanner?.close() };
}
