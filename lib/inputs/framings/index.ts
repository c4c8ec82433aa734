import type { Framer } from '../../parser.ts';
import { LineFramer } from './lines.ts';

export const framings = ['auto', 'ndjson', 'json', 'kubectl', 'exposition'] as const;
export type FramingName = (typeof framings)[number];
export function openFramer(_name: FramingName, options: { maxRecordBytes: number }): Framer {
  return new LineFramer(options);
}
