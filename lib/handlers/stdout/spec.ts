import type { HandlerSpec } from '../spec.ts';

export const stdoutSpec = {
  type: 'stdout',
  description: 'standard output',
  options: {},
  formats: ['json', 'table', 'logs'],
  onError: ['wait', 'fail', 'drop'],
  level: 'logLevel',
} as const satisfies HandlerSpec;
