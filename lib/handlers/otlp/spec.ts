import { type HandlerSpec, spoolOptions } from '../spec.ts';

export const otlpSpec = {
  type: 'otlp',
  description: 'a collector of OpenTelemetry, over HTTP',
  options: {
    url: {
      type: 'url',
      default: undefined,
      required: 'add the full URL, url: http://collector:4318/v1/logs',
      description: 'Where an otlp handler sends log records, or sessions as traces.',
      example: 'http://collector:4318/v1/logs',
    },
    spool: spoolOptions,
  },
  formats: [],
  onError: ['spool', 'wait', 'fail', 'drop'],
  level: 'otelLogLevel',
} as const satisfies HandlerSpec;
