import type { HandlerSpec } from '../spec.ts';

/** OpenZiti's File Reporter. */
export const fileSpec = {
  type: 'file',
  description: 'a file that is rolled',
  options: {
    path: {
      type: 'text',
      default: undefined,
      required: 'add path: /var/log/metrics.log',
      description: 'The file to write, relative to the working directory.',
      example: '/var/log/mirrormon/metrics.log',
    },
    maxsizemb: {
      type: { integer: [0, 1_000_000] },
      default: 10,
      description: 'The file is rolled before it would exceed this many MiB.',
      lenient: true,
    },
    maxbackups: {
      type: { integer: [0] },
      default: 0,
      description: 'Rolled files to keep; 0 = all.',
      lenient: true,
    },
  },
  formats: ['json', 'logs'],
  formatRequired: 'add format: json',
  onError: ['wait', 'fail', 'drop'],
  level: 'logLevel',
} as const satisfies HandlerSpec;
