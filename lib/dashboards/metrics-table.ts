import { type Metric, metrics } from './metrics.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A label, and the field that gives it where that is called otherwise. */
function labelText({ name, field }: Metric['labels'][number]): string {
  return field === undefined || field === name ? `\`${name}\`` : `\`${name}\` (\`${field}\`)`;
}

function row({ name, type, labels, since, records, help }: Metric): string {
  const cells = [`\`${name}\``, type, labels.map(labelText).join(', '), since ?? '', records, help];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function table(rows: readonly Metric[]): string {
  const head = '| metric | kind | labels (field) | Operator since | measured from | what it is |';
  return [head, '|---|---|---|---|---|---|', ...rows.map(row)].join('\n');
}

/**
 * The metrics in Markdown, for the README. `Operator since` is the first version whose own endpoint has the metric;
 * what is measured from functional messages is there for older ones too.
 */
export function metricsTable(): string {
  const measured = metrics.filter(({ origin }) => origin !== 'health');
  const own = metrics.filter(({ origin }) => origin === 'health');
  return `${table(measured)}\n\nAt the endpoint only, mirrormon's own health:\n\n${table(own)}\n`;
}
