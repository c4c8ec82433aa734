import t from 'tap';
import { acceptsGzip, formatFor } from '../../../lib/handlers/prometheus/negotiate.ts';

t.test('formats', async (t) => {
  const cases: readonly [accept: string | undefined, format: 'text' | 'openmetrics'][] = [
    [undefined, 'text'],
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', 'text'],
    // Prometheus 2 and 3
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
        'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,' +
        'application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
      'openmetrics',
    ],
    ['Application/OpenMetrics-Text; Version="1.0.0"', 'openmetrics'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;q=0.3,text/plain;q=0.4', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text;q=x', 'text'],
  ];
  for (const [accept, format] of cases) t.equal(formatFor(accept), format, String(accept));
});

t.test('compression', async (t) => {
  for (const yes of ['gzip', 'deflate, GZIP;q=0.5', '*', 'x-gzip']) t.ok(acceptsGzip(yes), yes);
  for (const no of [undefined, '', 'identity', 'gzip;q=0', 'gzip;q=0, *', 'br'])
    t.notOk(acceptsGzip(no), no ?? '');
});
