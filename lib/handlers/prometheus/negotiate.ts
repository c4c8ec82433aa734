/** The two text formats that Prometheus reads. */
export type Format = 'text' | 'openmetrics';

interface Choice {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly q: number;
}

/** The choices of an Accept or Accept-Encoding header, lower-cased, with their weights. */
function choices(header: string): Choice[] {
  return header.split(',').flatMap((part) => {
    const [name = '', ...rest] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (name === '') return [];
    const parameters = new Map(
      rest.map((piece) => {
        const [key = '', value = ''] = piece.split('=', 2);
        return [key.trim(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
      }),
    );
    const q = Number(parameters.get('q') ?? '1');
    return [{ name, parameters, q: Number.isFinite(q) ? q : 0 }];
  });
}

const plainTypes = new Set(['text/plain', 'text/*', '*/*']);

/**
 * OpenMetrics only for a client that names it and likes it at least as well as plain text: a browser's or curl's
 * wildcard gets the format that everyone reads.
 */
export function formatFor(accept: string | undefined): Format {
  let open = 0;
  let plain = 0;
  for (const { name, parameters, q } of choices(accept ?? '')) {
    const version = parameters.get('version');
    if (name === 'application/openmetrics-text' && (version === undefined || version === '1.0.0')) {
      open = Math.max(open, q);
    } else if (plainTypes.has(name)) {
      plain = Math.max(plain, q);
    }
  }
  return open > 0 && open >= plain ? 'openmetrics' : 'text';
}

/** Whether a client takes gzip, by name or by wildcard. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const all = choices(acceptEncoding ?? '');
  const choice =
    all.find(({ name }) => name === 'gzip' || name === 'x-gzip') ?? all.find(({ name }) => name === '*');
  return choice !== undefined && choice.q > 0;
}
