import t from 'tap';
import type { SubscriptionConfig } from '../../lib/config.ts';
import { LogSelector } from '../../lib/filters/log-selector.ts';
import { logRecord, workshop } from '../helpers/batches.ts';
import { selectedBy } from './selected-by.ts';

const records = [
  logRecord('Port Steal', { client_user: 'ann@corp', port: 8080, scale_down: true }),
  logRecord('Session Start', { client_user: 'bob@home' }),
  logRecord('reconciling', {}, { level: 'DEBUG', target: 'kube_runtime::watcher' }),
  { level: 'WARN', target: 'mirrord::x', message: 'flattened', client_user: 'cy@corp' },
  logRecord('Port Mirror', {}, { kubernetes: { namespace_name: 'mirrord' } }),
  { timestamp: '2024-04-01T13:37:00Z', level: 'INFO', fields: {}, target: 'mirrord' },
];

function select(filters: Partial<SubscriptionConfig>): number[] {
  const { wants, batch } = workshop();
  const selector = new LogSelector({ type: 'logs', place: '', ...filters }, wants);
  return selectedBy(selector, batch(records)).flatMap((selected, row) => (selected === false ? [] : [row]));
}

t.test('no filters select everything', (t) => {
  t.same(select({}), [0, 1, 2, 3, 4, 5]);
  t.end();
});

t.test('level directives', (t) => {
  t.same(select({ level: 'info' }), [0, 1, 3, 4, 5]);
  t.same(select({ level: 'mirrord=warn' }), [3]);
  t.same(select({ level: 'warn,kube_runtime=debug' }), [2, 3]);
  t.same(select({ level: 'off' }), []);
  t.same(select({ level: 'off', messageFilter: 'Port' }), []);
  t.end();
});

t.test("directives on an event's own fields", (t) => {
  t.same(select({ level: '[{client_user}]=warn' }), [3], 'the flattened one, too; the other is INFO');
  t.same(select({ level: '[{client_user}]=trace' }), [0, 1, 3]);
  t.same(select({ level: '[{client_user}]=error,debug' }), [2, 4, 5], 'the more specific one counts');
  t.same(select({ level: 'mirrord::x[{client_user}]=info' }), [3], 'of that module');
  t.same(select({ level: '[{target}]=trace' }), [], 'the module is no field');
  t.same(select({ level: '[{constructor}]=trace' }), [], 'nothing is inherited');
  t.same(
    select({ level: '[{client_user=ann}]=trace' }),
    [],
    'values are compared in spans alone, as tracing does',
  );
  t.end();
});

t.test('the message, which a record without one does not match', (t) => {
  t.same(select({ messageFilter: '^Port' }), [0, 4]);
  t.same(select({ messageFilter: 'flat' }), [3], 'also at the top level');
  t.same(select({ messageFilter: '.*' }), [0, 1, 2, 3, 4]);
  t.end();
});

t.test('fields by name, nested ones by a dotted name, numbers and booleans by their text', (t) => {
  t.same(select({ fieldFilter: { client_user: '@corp$' } }), [0, 3]);
  t.same(select({ fieldFilter: { 'kubernetes.namespace_name': '^mirrord$' } }), [4]);
  t.same(select({ fieldFilter: { port: '^80' } }), [0]);
  t.same(select({ fieldFilter: { scale_down: 'true' } }), [0]);
  t.same(select({ fieldFilter: { constructor: '' } }), [], 'nothing is inherited');
  t.end();
});

t.test('all of them must hold', (t) => {
  t.same(select({ messageFilter: '^Port', fieldFilter: { client_user: '@corp$' } }), [0]);
  t.same(select({ messageFilter: '^Port', level: 'error' }), []);
  t.end();
});

t.test('what it reads of every record is what it looks at first', (t) => {
  const reads = (filters: Partial<SubscriptionConfig>) =>
    new LogSelector({ type: 'logs', place: '', ...filters }, workshop().wants).reads.map(
      ({ what, field }) => `${what} of ${field.name}`,
    );
  t.same(reads({}), []);
  t.same(reads({ messageFilter: '^Port', fieldFilter: { port: '80' } }), ['ids of message']);
  t.same(reads({ fieldFilter: { port: '80' } }), ['ids of port']);
  t.same(reads({ level: 'a=info', messageFilter: '^Port' }), ['ids of module']);
  t.same(reads({ level: 'warn', messageFilter: '^Port' }), [], 'a level leaves few');
  t.end();
});
