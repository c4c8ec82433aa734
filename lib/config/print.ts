import type { Config, HandlerConfig, SubscriptionConfig } from '../config.ts';
import { handlerSpecs, typeOptions } from '../handlers/handler-specs.ts';
import type { MetricDefinition } from '../systems/definition.ts';
import { formatDuration } from '../text/duration.ts';

/** The effective configuration as YAML, which read as a configuration gives the same again. */
export async function printConfig(config: Config): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(tree(config), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Only what `events` can say stands there: the shorthands and standard output follow from the rest. */
function tree({ metrics, input, operator, handlers }: Config): object {
  const { reportInterval, expireAfter, sessionMaxAge, rules, ...others } = metrics;
  // Only what stood in a file has a line.
  const events = handlers.filter(({ place }) => /:\d+:\d+$/.test(place));
  return {
    metrics: {
      ...(reportInterval !== undefined && { reportInterval: formatDuration(reportInterval) }),
      ...others,
      expireAfter: formatDuration(expireAfter),
      sessionMaxAge: formatDuration(sessionMaxAge),
      rules: rules.map(ruleTree),
    },
    input,
    operator: written(operator),
    events: Object.fromEntries(events.map((handler) => [handler.name, eventTree(handler)])),
  };
}

function ruleTree({ labels, ...rule }: MetricDefinition): object {
  return { ...rule, labels: Object.fromEntries(labels.map(({ name, field }) => [name, field])) };
}

/** Only what the type of the handler can be told stands there. */
function eventTree({ name, place, subscriptions, retryFor, ...handler }: HandlerConfig): object {
  const own = handlerSpecs[handler.type].options;
  const options = Object.entries(handler).filter(([key]) => key in own || !(key in typeOptions));
  return {
    subscriptions: subscriptions.map(({ place, ...subscription }: SubscriptionConfig) =>
      written(subscription),
    ),
    handler: written({ ...Object.fromEntries(options), retryFor: formatDuration(retryFor) }),
  };
}

function written(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
