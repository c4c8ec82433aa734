/** Lines without a wrapping, but maybe with what `kubectl logs` puts before each. */
import { headerOfLine } from '../../tracing/text/header.ts';
import type { Unwrapped } from '../assembler.ts';
import { behindSource, behindTime } from '../kubectl.ts';

export function unwrapBare(line: Buffer): Unwrapped {
  const source = behindSource(line, 0, line.length);
  const stream = source === 0 ? '' : line.toString('latin1', 0, source);
  const rest = line.subarray(source);
  return { stream, content: rest.subarray(kubectlTime(rest)), more: false };
}

/** A text record begins with a time of its own. */
function kubectlTime(rest: Buffer): number {
  return headerOfLine(rest) === undefined ? behindTime(rest, 0, rest.length) : 0;
}
