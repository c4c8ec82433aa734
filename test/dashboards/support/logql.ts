import { parser } from '@grafana/lezer-logql';
import type { LogRecord } from './log.ts';

interface Filter {
  readonly label: string;
  readonly operator: string;
  readonly text: string;
}

export interface LogQuery {
  readonly filters: readonly Filter[];
  /** Labels that are grouped by, unwrapped or written. */
  readonly labels: readonly string[];
  readonly unwrapped: string | undefined;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? JSON.parse(text) : text.slice(1, -1);
}

/** Reads LogQL. @throws if it is none */
export function parseLogql(expr: string): LogQuery {
  const filters: Filter[] = [];
  const labels: string[] = [];
  let unwrapped: string | undefined;
  const text = (node: { from: number; to: number }): string => expr.slice(node.from, node.to);
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new SyntaxError(`${expr} at ${node.from}`);
      if (node.name === 'LabelFilter') {
        const [, label, operator, quoted] = /^(\w+)\s*(=~|!~|!=|=)\s*([`"].*)$/s.exec(text(node))!;
        filters.push({ label: label!, operator: operator!, text: unquoted(quoted!) });
      }
      if (node.name === 'Grouping') {
        labels.push(...(node.node.getChild('Labels')?.getChildren('Identifier') ?? []).map(text));
      }
      if (node.name === 'UnwrapExpr') {
        unwrapped = text(node.node.getChild('Identifier')!);
        labels.push(unwrapped);
      }
      if (node.name === 'LineFormatExpr') {
        labels.push(...[...text(node).matchAll(/\{\{\.(\w+)\}\}/g)].map((match) => match[1]!));
      }
    },
  });
  return { filters, labels, unwrapped };
}

/** The labels that Loki's json stage makes of a record: keys joined by `_`, arrays left out. */
export function lokiLabels(record: LogRecord): Map<string, string> {
  const labels = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value) || value === null) return;
    if (typeof value !== 'object') {
      labels.set(path, String(value));
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const name = key.replace(/[^a-zA-Z0-9_]/g, '_');
      walk(inner, path === '' ? name : `${path}_${name}`);
    }
  };
  walk(record, '');
  return labels;
}

/** Whether the filters let a record through; a label that is absent is the empty text, and expressions are anchored. */
export function lokiSelects({ filters }: LogQuery, labels: ReadonlyMap<string, string>): boolean {
  return filters.every(({ label, operator, text }) => {
    const value = labels.get(label) ?? '';
    const holds = operator.includes('~') ? new RegExp(`^(?:${text})$`, 's').test(value) : value === text;
    return operator.startsWith('!') ? !holds : holds;
  });
}
