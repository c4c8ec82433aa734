// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested

import fc from 'fast-check';
import t from 'tap';
import { expandGo, expandKubernetes } from '../../lib/config/expansion.ts';
import { holds } from '../helpers/holds.ts';
import { read, said } from './read.ts';

const env: Readonly<Record<string, string>> = { A: 'a', LONG_1: 'l', '1': 'one', '*': 'star', EMPTY: '' };
const lookup = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined);

t.test("Go's os.Expand", async (t) => {
  // outcomes of the Go function
  for (const [text, expanded] of [
    ['$A/${LONG_1}', 'a/l'],
    ['$A.b$LONG_1', 'a.bl'],
    ['x$', 'x$'],
    ['^a$|b', '^a$|b'],
    ['(a$)', '(a$)'],
    ['$NONE${NONE}-', '-'],
    ['${}x', 'x'],
    ['${A', 'A'],
    ['$1$*${*}', 'onestarstar'],
    ['$10', 'one0'],
    ['$$A', 'A'],
    ['${A b}', ''],
    ['$(A)', '$(A)'],
    ['$EMPTY.', '.'],
    ['ä$Aä', 'äaä'],
  ] as const) {
    t.equal(expandGo(text, lookup), expanded, text);
  }
});

t.test('as the Go function, on any text of the characters that matter', async (t) => {
  const text = fc.string({
    unit: fc.constantFrom('$', '{', '}', 'A', '1', '*', 'z', '(', '-'),
    maxLength: 12,
  });
  t.doesNotThrow(() =>
    holds(
      t,
      fc.property(text, (made) => expandGo(made, lookup) === goExpand(made)),
      { numRuns: 2000 },
    ),
  );
});

/** The Go source, line by line. */
function goExpand(s: string): string {
  let buffer = '';
  let i = 0;
  for (let j = 0; j < s.length; j++) {
    if (s[j] !== '$' || j + 1 >= s.length) continue;
    buffer += s.slice(i, j);
    const [name, width] = shellName(s.slice(j + 1));
    if (name === '' && width === 0) buffer += s[j];
    else if (name !== '') buffer += lookup(name) ?? '';
    j += width;
    i = j + 1;
  }
  return buffer + s.slice(i);
}

function shellName(s: string): [name: string, width: number] {
  const special = (c: string | undefined) => c !== undefined && '*#$@!?-0123456789'.includes(c);
  if (s[0] === '{') {
    if (s.length > 2 && special(s[1]) && s[2] === '}') return [s[1]!, 3];
    const end = s.indexOf('}');
    if (end === 1) return ['', 2];
    return end < 0 ? ['', 1] : [s.slice(1, end), end + 1];
  }
  if (special(s[0])) return [s[0]!, 1];
  const [name] = /^\w*/.exec(s)!;
  return [name, name.length];
}

t.test('references of Kubernetes', async (t) => {
  t.equal(expandKubernetes('http://$(A):$(LONG_1)/$(NONE)/$$(A)/$A', lookup), 'http://a:l/$(NONE)/$(A)/$A');
});

const controller = `
metrics: { sourceId: "$NAME" }
operator: { logLevel: "$NAME" }
events:
  a:
    subscriptions: [{ type: metrics, metricFilter: "^\${POOL}$" }]
    handler: { type: file, format: json, path: "\${TMPDIR}/x.log", maxsizemb: "\${SIZE}" }
`;

t.test("a controller's variables are put in, where it does so", async (t) => {
  const loaded = await read(controller, { env: { NAME: 'debug', POOL: 'pool', SIZE: '5' } });
  t.match(said(loaded), [
    /"\$NAME"|cannot begin with "\$"/,
    /maxsizemb must be a whole number, not "\$\{SIZE\}"/,
  ]);
  const [handler] = loaded.config.handlers;
  t.equal(handler?.path, '/tmp/x.log', 'the controller sets TMPDIR itself');
  t.equal(handler?.subscriptions[0]?.metricFilter, '^pool$');
  t.equal(loaded.config.metrics.sourceId, 'debug');
});

t.test('a variable that is not set is told, and no value is quoted', async (t) => {
  const loaded = await read('metrics: { report: "x$SECRET", sourceId: "a$NONE$NONE" }', {
    env: { SECRET: 'S3CRET' },
  });
  t.match(said(loaded), [
    /metrics.report must be all, changed or interval, not "x\$SECRET"/,
    /c.yml:1:42: the variable NONE is not set and stands for nothing here/,
  ]);
});

const helm = `
operator:
  extraEnv:
    HOST: collector
    PORT: 4318
    ADDRESS: "$(HOST):$(PORT)"
    LOOP: "$(LOOP)"
    NODE: { valueFrom: { fieldRef: { fieldPath: status.hostIP } } }
  otelLogExportUrl: http://$(ADDRESS)/v1/logs
  otelTraceExportUrl: http://$(HOST)/$(TOKEN)/v1/traces
`;

t.test(
  "a chart's own variables are found, and shown; the environment's come first, and are not",
  async (t) => {
    const loaded = await read(helm, { env: { TOKEN: 'S3CRET', PORT: '9' } });
    t.same(said(loaded), []);
    t.equal(loaded.config.operator.otelLogExportUrl, 'http://collector:9/v1/logs');
    t.equal(loaded.config.operator.otelTraceExportUrl, 'http://collector/S3CRET/v1/traces');
    t.match(
      loaded.config.handlers.map(({ shownUrl }) => shownUrl),
      ['http://collector:$(PORT)/v1/logs', 'http://collector/$(TOKEN)/v1/traces', undefined],
    );
  },
);

for (const name of ['NODE', 'LOOP', 'NONE']) {
  t.test(`$(${name}) has no value here`, async (t) => {
    const loaded = await read(helm.replace('$(TOKEN)', `$(${name})`));
    t.match(said(loaded), [
      new RegExp(`refers to \\$\\(${name}\\), but neither the environment nor operator.extraEnv`),
    ]);
  });
}
