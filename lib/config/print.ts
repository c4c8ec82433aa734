import type { Document, Node, Pair } from 'yaml';
import type { Config, HandlerConfig, SubscriptionConfig } from '../config.ts';
import type { MetricDefinition } from '../systems/definition.ts';
import { formatDuration } from '../text/duration.ts';
import { isSecretName, shownUrl } from '../text/secrets.ts';
import type { LoadedConfig } from './load.ts';

type Yaml = typeof import('yaml');

/**
 * The effective configuration as YAML, with a comment behind every value that says where it was written, or that it is
 * the default. Read as a configuration it gives the same again, but for secrets: they are masked.
 */
export async function printConfig({ config, origins, shownUrls }: LoadedConfig): Promise<string> {
  const yaml = await import('yaml');
  const document = new yaml.Document(
    tree(config, (url) => shownUrls.get(url) ?? shownUrl(url)),
    {
      aliasDuplicateObjects: false,
    },
  );
  comment(yaml, document, origins);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Only what `events` can say stands there: the shorthands and standard output follow from the rest. */
function tree({ metrics, input, operator, handlers }: Config, show: (url: string) => string): object {
  const { reportInterval, expireAfter, sessionMaxAge, rules, ...others } = metrics;
  const { otelLogExportUrl: logs, otelTraceExportUrl: traces } = operator;
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
    operator: written({
      ...operator,
      otelLogExportUrl: logs && show(logs),
      otelTraceExportUrl: traces && show(traces),
    }),
    events: Object.fromEntries(events.map((handler) => [handler.name, eventTree(handler, show)])),
  };
}

function ruleTree({ labels, value, amount, elapsed, asIntegers: _, ...rule }: MetricDefinition): object {
  const measured = value ?? amount ?? elapsed;
  return {
    ...rule,
    ...(measured !== undefined && { value: measured }),
    labels: Object.fromEntries(labels.map(({ name, field }) => [name, field])),
  };
}

function eventTree(
  { name, place, subscriptions, retryFor, shownUrl: _, ...handler }: HandlerConfig,
  show: (url: string) => string,
): object {
  const { maxsizemb, maxbackups, url, spool, ...others } = handler;
  return {
    subscriptions: subscriptions.map(({ place, ...subscription }: SubscriptionConfig) =>
      written(subscription),
    ),
    handler: written({
      ...others,
      url: url && show(url),
      ...(handler.type === 'file' && { maxsizemb, maxbackups }),
      spool: spool && written(spool),
      retryFor: formatDuration(retryFor),
    }),
  };
}

function written(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Puts the origin behind every setting, and masks what its name calls a secret. */
function comment(yaml: Yaml, document: Document, origins: ReadonlyMap<string, string>): void {
  const visit = (node: unknown, path: string): void => {
    if (yaml.isSeq(node)) for (const [k, item] of node.items.entries()) visit(item, `${path}[${k}]`);
    if (!yaml.isMap(node)) return;
    for (const { key, value } of node.items as Pair<Node, Node>[]) {
      const below = `${path === '' ? '' : `${path}.`}${key}`;
      const origin = origins.get(below);
      if (yaml.isScalar(value)) {
        if (isSecretName(String(key)) && typeof value.value === 'string') value.value = '***';
        value.comment = ` ${origin ?? 'default'}`;
      } else if (origin !== undefined || (yaml.isCollection(value) && value.items.length === 0)) {
        commentWhole(yaml, value, ` ${origin ?? 'default'}`);
      } else visit(value, below);
    }
  };
  visit(document.contents, '');
}

/** A map or list that is one setting, such as buckets: on one line, unless it is a list of maps. */
function commentWhole(yaml: Yaml, value: unknown, text: string): void {
  if (!yaml.isCollection(value)) return;
  value.flow = !value.items.some((item) => yaml.isMap(item));
  if (value.flow) value.comment = text;
  else value.commentBefore = text;
}
