import { fileSpec } from '../file/spec.ts';
import type { HandlerSpec } from '../spec.ts';

/** `--report`: the page as a file. */
export const reportSpec = {
  type: 'report',
  description: 'a self-contained HTML page of who used what, written whole at the end',
  options: { path: fileSpec.options.path },
  formats: [],
  onError: ['wait', 'fail', 'drop'],
  level: 'logLevel',
} as const satisfies HandlerSpec;
