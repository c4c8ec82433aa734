import type { Input } from '../batch/batch.ts';
import { isFramed } from '../batch/framer.ts';
import type { Wants } from '../batch/wants.ts';
import type { InputConfig } from '../config.ts';
import { type DetectedFraming, type FramingName, openFramer } from '../framings/index.ts';
import { DetectingParser } from './detecting.ts';
import { ReferenceParser } from './objects/objects-parser.ts';
import { Vocabulary } from './objects/vocabulary.ts';
import type { OpenParser, Parser } from './parser.ts';
import { openScanner, type Scanner, type ScannerFraming, scannerFramings } from './scanner/index.ts';

export interface ParsingOptions {
  /** Complete: everything that reads records has said what it wants. */
  readonly wants: Wants;
  readonly limits: InputConfig;
  readonly format: FramingName;
  /** With json: the path to the records. */
  readonly records?: string | undefined;
  /** source_id of events made from an exposition. */
  readonly sourceId: string;
  /** Label tuples of a set that are remembered before a fresh table is begun. */
  readonly tuples: number;
  /** The reference parser even where the scanner could serve. */
  readonly reference: boolean;
  /** Threads for what is left of a large input. */
  readonly workers: number;
  readonly warn: (message: string) => void;
}

export interface Parsing {
  readonly open: OpenParser;
  /** Ends what the parsers share; none may be in use. */
  close(): void;
}

/** Chooses the parser of every input: the scanner for lines, the reference parser for all other framings. */
export function openParsing(options: ParsingOptions): Parsing {
  const { wants, limits, tuples } = options;
  const vocabulary = new Vocabulary(wants, { tuples });
  // made with the first input that it can serve: a run of other framings needs none
  let scanner: Scanner | undefined;
  let tried = options.reference;

  const scannerFor = (framing: string): Scanner | undefined => {
    if (!(scannerFramings as readonly string[]).includes(framing)) return undefined;
    if (!tried) {
      tried = true;
      scanner = openScanner({ wants, limits: { ...limits, tuples }, workers: { count: options.workers } });
      if (scanner === undefined) {
        options.warn(
          'the fast parser needs WebAssembly with SIMD, which is not here; reading with the slower one',
        );
      }
    }
    return scanner;
  };

  const openAs = (input: Input, framing: DetectedFraming): Parser => {
    const fast = scannerFor(framing);
    if (fast !== undefined) {
      input.framing = framing;
      return fast.parser(input, framing as ScannerFraming);
    }
    const framer = openFramer(framing, {
      input,
      limits,
      records: options.records,
      sourceId: options.sourceId,
    });
    return new ReferenceParser({ input, vocabulary, limits, framer });
  };

  const open = (input: Input): Parser => {
    if (isFramed(input)) {
      const framer = input.framer(limits.maxRecordBytes);
      return new ReferenceParser({ input, vocabulary, limits, framer });
    }
    if (options.format !== 'auto') return openAs(input, options.format);
    if (options.records !== undefined) return openAs(input, 'json');
    return new DetectingParser((framing) => openAs(input, framing));
  };
  return { open, close: () => scanner?.close() };
}
