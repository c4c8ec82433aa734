import { configTable } from '../config/settings-table.ts';
import { metricsTable } from '../dashboards/metrics-table.ts';
import { handlerSpecs } from '../handlers/handler-specs.ts';
import type { HandlerSpec } from '../handlers/spec.ts';
import { exitStatuses } from './cli/spec.ts';
import { questionsText } from './questions.ts';

/** What `mirrormon help TOPIC` tells besides commands: the tables of the documentation, as text. */
export const topics: Readonly<Record<string, () => string>> = {
  settings: () => asText(configTable()),
  metrics: () => asText(metricsTable()),
  inputs: () => `${asText(inputsTable())}${kafkaText}`,
  outputs: () => asText(outputsTable()),
  statuses: () => asText(table(['Status', 'Means'], exitStatuses)),
  questions: questionsText,
};

const kafkaText = `kafka://HOST:PORT/TOPIC[,TOPIC]
    What it reads: the records of topics of Kafka, in any of these formats

kafka.role
    What it does: several processes share a run: map reads records and hands on
    what it measured of them, reduce adds that up, keeps it and reports, both
    does both. Every record counts once, whoever comes, goes or dies:
    mirrormon -c kafka.yml, with kafka: { role: map, group: NAME, topics: [TOPIC] }
`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

/** How logs can lie in bytes, by the words of --input-format; a test holds it to the framings that there are. */
export const framingMeanings: Readonly<Record<string, string>> = {
  auto: 'told from the first records of each input',
  ndjson: 'one JSON object a line',
  json: 'pretty-printed, concatenated or in an array; --records says where in an export',
  kubectl: 'kubectl logs with --timestamps or --prefix before each record',
  prefixed: 'one record a line behind any text, such as a time or a name',
  stern: "stern's lines, as text or JSON",
  cri: "a node's log files, with the parts of long lines (P, F) put together",
  docker: "docker's json-file",
  fluentd: "fluentd's records: log, reserve_data, remove_key_name_field",
  tracing: "tracing's text layouts: full, compact, pretty",
  exposition: 'samples of a Prometheus endpoint, text or OpenMetrics',
};

export function inputsTable(): string {
  return table(['Format', 'What it reads'], Object.entries(framingMeanings));
}

/** What can be written to, from the specs of the handlers. */
export function outputsTable(): string {
  const rows = Object.values(handlerSpecs).map(
    ({ type, description, formats, options, onError }: HandlerSpec) => [
      type,
      description,
      formats.join(', '),
      Object.keys(options).join(', '),
      onError.join(', '),
    ],
  );
  return table(['Type', 'Writes to', 'Formats', 'Options of its own', 'onError'], rows);
}

/** A Markdown table as text for a terminal: a paragraph a row, the first cell above, the others by their heading. */
export function asText(markdown: string): string {
  let head: string[] = [];
  const parts = markdown.split('\n').map((line) => {
    if (!line.startsWith('|')) {
      head = [];
      return line === '' ? '' : `${line}\n\n`;
    }
    const cells = line
      .slice(1, line.lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map(plain);
    if (cells.every((cell) => /^-*$/.test(cell))) return '';
    if (head.length === 0) {
      head = cells;
      return '';
    }
    const others = cells.map((cell, k) => (k === 0 || cell === '' ? '' : `    ${head[k]}: ${cell}\n`));
    return `${cells[0] || '(option)'}\n${others.join('')}\n`;
  });
  return parts.join('');
}

function plain(cell: string): string {
  return cell.trim().replaceAll('`', '').replaceAll('\\|', '|');
}
