import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { find } from './components.ts';

/** A sample as a strict parser read it. */
export interface ParsedSample {
  readonly family: string;
  readonly type: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const script = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
for family in parse(sys.stdin.buffer.read().decode('utf-8')):
    for sample in family.samples:
        print(json.dumps([family.name, family.type, sample.name, sample.labels, sample.value]))
`;

/**
 * Reads an exposition in OpenMetrics with the Python client of Prometheus, which refuses what the standard does. Rejects
 * with what it says of an exposition that it refuses.
 */
export async function parseStrictly(text: string): Promise<ParsedSample[]> {
  const child = spawn('python3', ['-c', script], {
    env: { PATH: process.env.PATH, PYTHONPATH: await find('prometheus_client'), PYTHONIOENCODING: 'utf-8' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [said, complaints]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (piece) => said.push(piece));
  child.stderr.setEncoding('utf8').on('data', (piece) => complaints.push(piece));
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(complaints.join('').trimEnd().split('\n').at(-1));
  return said
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [family, type, name, labels, value] = JSON.parse(line);
      return { family, type, name, labels, value };
    });
}
