import t from 'tap';
import { checkHeaders, headerFaults } from '../../../lib/handlers/otlp/header-faults.ts';
import { environment, openHandler } from './fake-collector.ts';

const faults = (text: string) =>
  headerFaults({ OTEL_EXPORTER_OTLP_HEADERS: text }, 'LOGS').map((told) =>
    told.replace('OTEL_EXPORTER_OTLP_HEADERS: its ', ''),
  );

t.test(
  'what of the headers does not count is told by its place, and nothing of what is secret',
  async (t) => {
    for (const sound of [
      '',
      'a=b',
      'a=b, c = d ,',
      'authorization=Basic dXNlcg==',
      'authorization=Bearer%20T',
    ]) {
      t.same(faults(sound), [], sound);
    }
    t.same(faults('s3cret'), ['part 1 is left out: it is no NAME=VALUE']);
    t.same(faults('a=b,=s3cret'), ['part 2 is left out: it is no NAME=VALUE']);
    t.same(faults('a='), ['part 1 is left out: it has no value']);
    for (const stray of ['a=s3%cret', 'a=s3cret%', 'a=%ff']) {
      t.same(faults(stray), ['part 1 is left out: it has a % that is none; write %25'], stray);
    }
    t.same(faults('a=b;c=d'), ['part 1 counts up to its ; alone; write %3B']);
    t.same(headerFaults({ OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x' }, 'TRACES'), [
      'OTEL_EXPORTER_OTLP_TRACES_HEADERS: its part 1 is left out: it is no NAME=VALUE',
    ]);
    t.same(headerFaults({ OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x' }, 'LOGS'), [], 'of the other signal');
  },
);

t.test('they are told when the handler opens', async (t) => {
  const { warnings } = await openHandler(t, 'http://127.0.0.1:1/v1/logs', {
    env: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization' },
  });
  t.same(warnings, ['otlp: OTEL_EXPORTER_OTLP_HEADERS: its part 1 is left out: it is no NAME=VALUE']);
});

t.test('headers that HTTP cannot carry are told before anything is read', async (t) => {
  const refused = { code: 'HANDLER_OPEN', where: 'there', hint: /OTEL_EXPORTER_OTLP_LOGS_HEADERS/ };
  t.throws(() => checkHeaders({ 'a b': 'c' }, 'LOGS', 'there'), refused);
  t.throws(() => checkHeaders({ a: 'b\nc' }, 'LOGS', 'there'), refused);
  t.doesNotThrow(() => checkHeaders({ a: 'b', x: 'é' }, 'LOGS', 'there'));
  environment(t, { OTEL_EXPORTER_OTLP_HEADERS: 'a%20b=c' });
  await t.rejects(openHandler(t, 'http://127.0.0.1:1/v1/logs'), { code: 'HANDLER_OPEN' });
});
