import type { HandlerSpec } from '../spec.ts';

export const prometheusSpec = {
  type: 'prometheus',
  description: 'an endpoint that Prometheus scrapes',
  options: {
    address: {
      type: 'address',
      default: undefined,
      defaultText: 'operator.metricsAddr',
      description: 'Where a prometheus handler serves.',
      example: '":9000"',
    },
    fallbackAddress: {
      type: 'address',
      default: undefined,
      description: 'Where it serves if address cannot be had.',
      example: '0.0.0.0:9000',
    },
    webConfig: {
      type: 'text',
      default: undefined,
      defaultText: 'operator.metricsWebConfig',
      description:
        "A web configuration file of Prometheus' exporter-toolkit: TLS, users, client certificates, headers.",
      example: '/etc/mirrormon/web.yml',
    },
  },
  formats: [],
  onError: ['wait', 'fail', 'drop'],
  level: 'logLevel',
} as const satisfies HandlerSpec;
