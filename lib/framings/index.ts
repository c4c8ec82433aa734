import type { Input } from '../batch/batch.ts';
import type { Framer } from '../batch/framer.ts';
import type { InputConfig } from '../config.ts';
import type { DetectedFraming } from './detect/index.ts';
import { ExpositionFramer } from './exposition/exposition-framer.ts';
import { JsonLogFramer } from './json/json-log-framer.ts';
import { LineFramer } from './line-framer.ts';
import { LogFramer, type LogOptions } from './log-framer.ts';
import type { OnAnother } from './made-frames.ts';
import { anyPrefix } from './prefix.ts';
import { parseRecordsPath, type RecordsPath } from './records-path.ts';
import { unwrapCri } from './unwrap/cri.ts';
import { isText } from './unwrap/json-object.ts';
import type { BegunLines } from './unwrap/line-log.ts';
import { isSternLine } from './unwrap/stern.ts';

export { detectRecords } from './detect/export-path.ts';
export { type DetectedFraming, detectFraming, type FramingName, framings } from './detect/index.ts';
export { parseRecordsPath, type RecordsPath } from './records-path.ts';
export { HeldRecords } from './unwrap/glued-texts.ts';
export type { BegunLines } from './unwrap/line-log.ts';

export interface FramerOptions {
  /** Its `framing` is set to the one that is used. */
  readonly input: Input;
  readonly limits: Pick<InputConfig, 'maxRecordBytes'>;
  /** With json: the path to the records, such as hits.hits._source; see parseRecordsPath. */
  readonly records?: string | RecordsPath | undefined;
  /** Whether pods, containers and namespaces that lines name become fields of the records. */
  readonly names?: boolean | undefined;
  /** Lines that one input leaves unfinished and the next one goes on with. */
  readonly begun?: BegunLines | undefined;
  /** See LineLogOptions. */
  readonly now?: (() => number) | undefined;
  readonly onAnother?: OnAnother | undefined;
  /** With exposition: the source_id of the events that samples become. */
  readonly sourceId: string;
}

type LogFramerOptions = Pick<FramerOptions, 'limits' | 'names' | 'begun' | 'now' | 'onAnother'> &
  Partial<Pick<FramerOptions, 'input'>>;

/** What finds the records of an input. Throws USAGE for a path to records that cannot be read. */
export function openFramer(name: DetectedFraming, options: FramerOptions): Framer {
  options.input.framing = name;
  const { maxRecordBytes } = options.limits;
  const { from } = options.input;
  switch (name) {
    case 'ndjson':
      return new LineFramer({ maxRecordBytes, from });
    case 'kubectl':
    case 'prefixed':
      return new LineFramer({ maxRecordBytes, prefix: anyPrefix, from });
    case 'json': {
      const { records, names = false, now, onAnother } = options;
      const path = isText(records) ? parseRecordsPath(records) : records;
      return new JsonLogFramer({ maxRecordBytes, records: path, names, now, onAnother });
    }
    case 'exposition':
      return new ExpositionFramer({ maxRecordBytes, sourceId: options.sourceId });
    case 'stern':
      return openLog(options, { isWrapped: isSternLine });
    case 'cri':
      return openLog(options, { isWrapped: (line) => unwrapCri(line) !== undefined });
    case 'docker':
    case 'fluentd':
      return openLog(options, { log: name });
    case 'tracing':
      return openLog(options);
  }
}

/** Framings that are told apart only to say which they are: one reader takes the lines of all. */
export function isLog(name: DetectedFraming): boolean {
  return name !== 'json' && name !== 'exposition';
}

/** What reads a log line by line, whatever wraps each. */
export function openLog(
  { limits, names = false, begun, now, onAnother, input }: LogFramerOptions,
  said: Pick<LogOptions, 'log' | 'isWrapped'> = {},
): LogFramer {
  return new LogFramer({
    maxRecordBytes: limits.maxRecordBytes,
    names,
    begun,
    now,
    onAnother,
    from: input?.from,
    ...said,
  });
}
