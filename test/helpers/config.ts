import { loadConfig } from '../../lib/config/load.ts';
import type { Config, HandlerConfig } from '../../lib/config.ts';

const { config } = await loadConfig({ files: [], env: {}, options: { output: 'json' } });

/** What the schema says where nothing is configured; test/config/load.test.ts holds it to the design. */
export const defaults: Config = config;

/** The same of a handler. */
export const handlerDefaults: HandlerConfig = config.handlers[0]!;

/** The metrics section with every default but these. */
export function metricsConfig(overrides: Partial<Config['metrics']> = {}): Config['metrics'] {
  return { ...defaults.metrics, ...overrides };
}

/** A handler's configuration with one subscription of the given type. */
export function handlerConfig(
  type: HandlerConfig['type'],
  subscription: string,
  more: Partial<HandlerConfig> = {},
): HandlerConfig {
  const place = 'test.yml:1:1';
  return {
    ...handlerDefaults,
    name: 'sink',
    type,
    subscriptions: [{ type: subscription, place }],
    place,
    ...more,
  };
}
