import t from 'tap';
import { fieldsOfLabels, labelReader } from '../../lib/systems/definition.ts';
import { mirrordCatalogue } from '../../lib/systems/mirrord/catalogue.ts';

t.test('labels that are fields need no reader', async (t) => {
  const labels = [{ name: 'a', field: 'x' }];
  t.same(fieldsOfLabels(labels), ['x']);
  t.equal(labelReader(labels), undefined);
});

t.test('a field that is missing is read from a piece of another one, which is asked for once', async (t) => {
  const labels = [
    { name: 'type', field: 'type', otherwise: { field: 'path', segment: 0 } },
    { name: 'other', field: 'other' },
    { name: 'name', field: 'name', otherwise: { field: 'path', segment: 1 }, collapse: 'tmp-' },
  ];
  t.same(fieldsOfLabels(labels), ['type', 'other', 'name', 'path']);
  const read = labelReader(labels)!;
  t.same(read(['', 'o', '', 'pod/web/container/c']), ['pod', 'o', 'web']);
  t.same(read(['job', '', 'own', 'pod/web']), ['job', '', 'own'], 'the field itself goes first');
  t.same(read(['', '', '', 'targetless']), ['targetless', '', '']);
  t.same(read(['', '', 'tmp-1', '']), ['', '', 'tmp-*']);
  t.same(read(['', '', '', 'pod/tmp-2']), ['pod', '', 'tmp-*']);
});

t.test("a session's target has one form, whichever the log has", async (t) => {
  const { labels } = mirrordCatalogue.find(({ name }) => name === 'mirrormon_session_duration_seconds')!;
  t.same(
    labels.map(({ name }) => name),
    ['target_namespace', 'target_type', 'target_name'],
  );
  const names = fieldsOfLabels(labels);
  const read = labelReader(labels)!;
  const labelsOf = (record: Record<string, string>) => read(names.map((name) => record[name] ?? ''));
  const expected = ['shop', 'deployment', 'web'];
  t.same(labelsOf({ target_namespace: 'shop', target: 'deployment/web/container/c' }), expected);
  t.same(labelsOf({ target_namespace: 'shop', target_type: 'deployment', target_name: 'web' }), expected);
  t.same(
    labelsOf({
      target_namespace: 'shop',
      target_type: 'deployment',
      target_name: 'web',
      target: 'pod/other',
    }),
    expected,
  );
  t.same(labelsOf({ target: 'pod/mirrord-copy-job-x7f2p' }), ['', 'pod', 'mirrord-copy-*']);
});
