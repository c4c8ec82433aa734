/** The forms in which a log of the Operator comes to its reader, made of the log's lines. */

const time = (k: number): string => new Date(1711978620000 + k).toISOString().replace('Z', '123456Z');

/** Lines cut into parts as a container runtime cuts long ones, here at any length. */
function parts(line: string, k: number): string[] {
  const size = 40 + ((k * 37) % 300);
  const found: string[] = [];
  for (let at = 0; at < line.length; at += size) found.push(line.slice(at, at + size));
  return found;
}

export const kubectl = (lines: readonly string[]): string =>
  lines.map((line, k) => `[pod/mirrord-operator-7d9f/operator] ${time(k)} ${line}\n`).join('');

export const stern = (lines: readonly string[]): string =>
  lines.map((line) => `mirrord-operator-7d9f operator ${line}\n`).join('');

export const sternJson = (lines: readonly string[]): string =>
  lines
    .map((message) => {
      const names = { nodeName: 'n1', namespace: 'mirrord', podName: 'op-1', containerName: 'operator' };
      return `${JSON.stringify({ message, ...names })}\n`;
    })
    .join('');

export const sternExtJson = (lines: readonly string[]): string =>
  lines.map((line) => `{"pod": "op-1", "container": "operator", "message": ${line}}\n`).join('');

/** Lines of the other stream, empty ones at least, stand between the parts of each. */
export const cri = (lines: readonly string[], everyOnStderr = 5): string =>
  lines
    .flatMap((line, k) => {
      const cut = parts(line, k);
      const stream = k % everyOnStderr === everyOnStderr - 1 ? 'stderr' : 'stdout';
      const other = stream === 'stdout' ? 'stderr' : 'stdout';
      return cut.flatMap((part, place) => {
        const tag = place === cut.length - 1 ? 'F' : 'P';
        const between = tag === 'P' && k % 7 === 0 ? [`${time(k)} ${other} F \n`] : [];
        return [`${time(k)} ${stream} ${tag} ${part}\n`, ...between];
      });
    })
    .join('');

export const docker = (lines: readonly string[]): string =>
  lines
    .flatMap((line, k) =>
      parts(`${line}\n`, k).map((log) => `${JSON.stringify({ log, stream: 'stdout', time: time(k) })}\n`),
    )
    .join('');

export const fluentd = (lines: readonly string[], pods = 2): string =>
  lines
    .map((log, k) => {
      const kubernetes = {
        namespace_name: 'mirrord',
        container_name: 'mirrord-operator',
        pod_name: `op-${k % pods}`,
      };
      return `${JSON.stringify({ log, stream: 'stdout', kubernetes, docker: { container_id: 'c1' } })}\n`;
    })
    .join('');

/** As Rust's `{:?}` writes the texts of these logs. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /\\u00([0-9a-f]{2})/g,
    (_, hex) => `\\u{${Number.parseInt(hex, 16).toString(16)}}`,
  );
}

function value(of: unknown): string {
  return typeof of === 'string' ? quoted(of) : String(of);
}

const pairs = (fields: Record<string, unknown>): string[] =>
  Object.entries(fields).map(([name, of]) => `${name}=${value(of)}`);

/** tracing's full text layout. */
export const tracing = (lines: readonly string[]): string =>
  lines
    .map((line) => {
      // A session's id is a text or few digits here, so nothing is lost by JSON.parse.
      const { timestamp, level, fields, target, span } = JSON.parse(line);
      const { message, ...others } = fields;
      const { name, ...inside } = span ?? {};
      const scope = span === undefined ? '' : `${name}{${pairs(inside).join(' ')}}: `;
      const event = [...(message === undefined ? [] : [message]), ...pairs(others)].join(' ');
      return `${timestamp} ${level.padStart(5)} ${scope}${target}: ${event}\n`;
    })
    .join('');
