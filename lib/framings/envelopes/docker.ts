/**
 * Docker's json-file: `{"log":"…\n","stream":"stdout","time":"…"}`. A line longer than 16 KiB comes in several of them,
 * of which only the last one's text ends with a line feed. An object of another form is a record itself.
 */
import type { Unwrapped } from '../assembler.ts';
import { isText, objectOf } from './object.ts';

export function unwrapDocker(line: Buffer): Unwrapped {
  const wrapping = objectOf(line);
  if (wrapping === undefined || !isText(wrapping.log)) return { stream: '', content: line, more: false };
  const stream = isText(wrapping.stream) ? wrapping.stream : '';
  return { stream, content: Buffer.from(wrapping.log), more: !wrapping.log.endsWith('\n') };
}
