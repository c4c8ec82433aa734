import { parser } from '@prometheus-io/lezer-promql';

/** A selector of an expression. */
export interface Selector {
  readonly name: string;
  readonly labels: readonly string[];
}

export interface Parsed {
  readonly selectors: readonly Selector[];
  /** Labels of `by (…)` and `on (…)`. */
  readonly grouped: readonly string[];
}

/** Grafana's variables in an expression. */
export const variablesIn = (text: string): string[] =>
  [...text.matchAll(/\$\{?([a-zA-Z_]\w*)\}?/g)].map((match) => match[1]!);

/** With what Grafana would write for its own variables. */
export function filledIn(expr: string, values: Readonly<Record<string, string>> = {}): string {
  const known: Record<string, string> = {
    __range: '1h',
    __range_s: '3600',
    __rate_interval: '5m',
    __auto: '5m',
    ...values,
  };
  return expr.replace(/\$\{?([a-zA-Z_]\w*)\}?/g, (_, name: string) => known[name] ?? '.*');
}

/** Reads PromQL. @throws if it is none */
export function parsePromql(expr: string): Parsed {
  const selectors: Selector[] = [];
  const grouped: string[] = [];
  const text = (node: { from: number; to: number }): string => expr.slice(node.from, node.to);
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new SyntaxError(`${expr} at ${node.from}`);
      if (node.name === 'VectorSelector') {
        const name = node.node.getChild('Identifier');
        const matchers = node.node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
        selectors.push({
          name: name === null ? '' : text(name),
          labels: matchers.map((matcher) => text(matcher.getChild('LabelName')!)),
        });
      }
      if (node.name === 'GroupingLabels') {
        grouped.push(...node.node.getChildren('LabelName').map(text));
      }
    },
  });
  return { selectors, grouped };
}
