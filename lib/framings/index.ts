import type { Input } from '../batch/batch.ts';
import type { Framer } from '../batch/framer.ts';
import type { InputConfig } from '../config.ts';
import type { DetectedFraming } from './detect/index.ts';
import { EnvelopeFramer } from './envelope.ts';
import { unwrapBare } from './envelopes/bare.ts';
import { unwrapCri } from './envelopes/cri.ts';
import { unwrapDocker } from './envelopes/docker.ts';
import { unwrapFluentd } from './envelopes/fluentd.ts';
import { sternUnwrapper } from './envelopes/stern.ts';
import { ExpositionFramer } from './exposition/exposition-framer.ts';
import { JsonFramer } from './json/json-framer.ts';
import { kubectlPrefix } from './kubectl.ts';
import { LineFramer } from './line-framer.ts';
import { parseRecordsPath } from './records-path.ts';

export { type DetectedFraming, detectFraming, type FramingName, framings } from './detect/index.ts';

export interface FramerOptions {
  /** Its `framing` is set to the one that is used. */
  readonly input: Input;
  readonly limits: Pick<InputConfig, 'maxRecordBytes'>;
  /** With json: the path to the records, such as hits.hits._source; see parseRecordsPath. */
  readonly records?: string | undefined;
  /** With exposition: the source_id of the events that samples become. */
  readonly sourceId: string;
}

/** What finds the records of an input. Throws USAGE for a path to records that cannot be read. */
export function openFramer(name: DetectedFraming, options: FramerOptions): Framer {
  options.input.framing = name;
  const { maxRecordBytes } = options.limits;
  switch (name) {
    case 'ndjson':
      return new LineFramer({ maxRecordBytes });
    case 'kubectl':
      return new LineFramer({ maxRecordBytes, prefix: kubectlPrefix });
    case 'json': {
      const records = options.records === undefined ? undefined : parseRecordsPath(options.records);
      return new JsonFramer({ maxRecordBytes, records });
    }
    case 'stern':
      return new EnvelopeFramer({ maxRecordBytes, unwrap: sternUnwrapper() });
    case 'cri':
      return new EnvelopeFramer({ maxRecordBytes, unwrap: unwrapCri });
    case 'docker':
      return new EnvelopeFramer({ maxRecordBytes, unwrap: unwrapDocker });
    case 'fluentd':
      return new EnvelopeFramer({ maxRecordBytes, unwrap: unwrapFluentd });
    case 'tracing':
      return new EnvelopeFramer({ maxRecordBytes, unwrap: unwrapBare });
    case 'exposition':
      return new ExpositionFramer({ maxRecordBytes, sourceId: options.sourceId });
  }
}
