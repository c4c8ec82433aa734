import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { type LogRecord, parsed, passedOn } from './support/log.ts';
import { lokiLabels, lokiSelects, parseLogql } from './support/logql.ts';
import { datadogSearch } from './support/searches.ts';

/**
 * The queries of the three dashboards that the Operator's users import today, answered on what `-o logs` passes on.
 * What they must find is counted in the generated log itself, by plain loops over its own records.
 */
const log = Buffer.concat([...generate({ kind: 'operator', records: 6000, seed: 11 })]).toString();
const input = parsed(log);
const output = await passedOn(log);

const text = (record: LogRecord, field: string): string => String(record.fields[field] ?? '');
const messageIs =
  (...messages: string[]) =>
  (record: LogRecord): boolean =>
    messages.includes(text(record, 'message'));
const isInfo = ({ level }: LogRecord): boolean => level === 'INFO';

/** How many records each group has. */
function counted(records: readonly LogRecord[], fields: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const record of records) {
    const group = fields.map((field) => text(record, field)).join(' | ');
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return counts;
}

/** How many different values of a field each group has. */
function distinct(
  records: readonly LogRecord[],
  of: string,
  by: readonly string[] = [],
): Map<string, number> {
  const values = new Map<string, Set<string>>();
  for (const record of records) {
    const value = text(record, of);
    if (value === '') continue;
    const group = by.map((field) => text(record, field)).join(' | ');
    values.set(group, (values.get(group) ?? new Set()).add(value));
  }
  return new Map([...values].map(([group, { size }]) => [group, size]));
}

const loki = (pipeline: string): LogRecord[] => {
  const query = parseLogql(`{namespace="mirrord", service_name="mirrord-operator"} | json | ${pipeline}`);
  return output.filter((record) => lokiSelects(query, lokiLabels(record)));
};

t.test('Grafana on Loki', async (t) => {
  t.test('client usage: sessions by client from Session End', async (t) => {
    const by = ['client_id', 'client_name'];
    const expected = counted(input.filter(messageIs('Session End')), by);
    t.ok(expected.size > 50);
    t.same(counted(loki('fields_message = `Session End`'), by), expected);
  });
  t.test('user count: distinct client ids', async (t) => {
    const expected = distinct(input, 'client_id');
    t.ok(expected.get('')! > 100);
    t.same(distinct(loki('fields_client_id != ``'), 'client_id'), expected);
  });
  t.test('target sessions: by target, without copied ones', async (t) => {
    const by = ['target_namespace', 'target_type', 'target_name'];
    const chosen = (record: LogRecord): boolean =>
      isInfo(record) &&
      text(record, 'target_type') !== '' &&
      !text(record, 'target_name').startsWith('mirrord-copy-');
    const expected = counted(input.filter(chosen), by);
    t.ok(
      input.some((record) => text(record, 'target_name').startsWith('mirrord-copy-')),
      'there are copied ones',
    );
    t.ok(expected.size > 50);
    const query = 'level =~ `INFO` | fields_target_type != `` | fields_target_name !~ `mirrord-copy-.*`';
    t.same(counted(loki(query), by), expected);
  });
  t.test('events: all of level INFO but the license', async (t) => {
    const expected = counted(
      input.filter((record) => isInfo(record) && !messageIs('Loaded license!')(record)),
      ['message'],
    );
    t.ok(expected.size >= 6 && input.some(messageIs('Loaded license!')));
    t.same(counted(loki('level =~ `INFO` | fields_message != `Loaded license!`'), ['message']), expected);
  });
});

const datadog = (search: string): LogRecord[] => {
  const scope = 'kube_deployment:mirrord-operator kube_container_name:mirrord-operator';
  return output.filter(datadogSearch(`${scope} ${search} $Namespace $Target $TargetType`).select);
};
const ports = ['Port Mirror', 'Port Steal', 'Port Release'];

t.test('Datadog', async (t) => {
  t.test('sessions: records by session, with their client', async (t) => {
    const by = ['session_id', 'client_id', 'client_name', 'client_hostname'];
    t.same(counted(datadog(''), by), counted(input, by));
    t.ok(distinct(input, 'session_id').get('')! > 300);
  });
  t.test('targets: distinct sessions by target', async (t) => {
    const by = ['target_namespace', 'target_type', 'target_name'];
    t.same(distinct(datadog(''), 'session_id', by), distinct(input, 'session_id', by));
  });
  t.test('copy target events', async (t) => {
    const fields = ['client_id', 'target_namespace', 'target_type', 'target_name', 'scale_down'];
    const expected = counted(input.filter(messageIs('Copy Target')), fields);
    t.ok(expected.size > 50);
    t.same(counted(datadog('@fields.message:"Copy Target"'), fields), expected);
  });
  t.test('port events', async (t) => {
    const fields = ['client_id', 'target_namespace', 'target_name', 'message', 'port'];
    const expected = counted(input.filter(messageIs(...ports)), fields);
    t.ok(expected.size > 100);
    t.same(
      counted(datadog('@fields.message:("Port Mirror" OR "Port Steal" OR "Port Release")'), fields),
      expected,
    );
  });
  t.test('log and users: every record with a message', async (t) => {
    const withMessage = input.filter((record) => record.fields.message !== undefined);
    const found = datadog('@fields.message:*');
    t.ok(withMessage.length < input.length, 'metric-bearing records have none');
    t.same(counted(found, ['message']), counted(withMessage, ['message']));
    t.same(
      found.map(({ level }) => level),
      withMessage.map(({ level }) => level),
    );
    const by = ['client_name', 'client_hostname'];
    t.same(distinct(found, 'client_id', by), distinct(withMessage, 'client_id', by));
  });
  t.test('template variables choose by target', async (t) => {
    const [{ fields }] = input.filter(messageIs('Session Start')) as [LogRecord];
    const { target_namespace: namespace } = fields;
    const chosen = (record: LogRecord): boolean => record.fields.target_namespace === namespace;
    const { select } = datadogSearch(`@fields.target_namespace:"${namespace}"`);
    t.same(output.filter(select).length, input.filter(chosen).length);
    t.ok(input.some(chosen));
  });
});

/** A phrase filter of Kibana on a keyword field. */
const phrases =
  (...values: string[]) =>
  (record: LogRecord): boolean =>
    values.some((value) => record.fields.message === value);

t.test('Kibana', async (t) => {
  t.test('user sessions: distinct sessions by client and target', async (t) => {
    const by = ['client_id', 'target_type', 'target_namespace', 'target_name'];
    const expected = distinct(input, 'session_id', by);
    t.ok(expected.size > 100);
    t.same(distinct(output, 'session_id', by), expected);
  });
  t.test('copy target events', async (t) => {
    const by = ['client_id', 'target_type', 'target_namespace', 'target_name', 'scale_down'];
    t.same(
      counted(output.filter(phrases('Copy Target')), by),
      counted(input.filter(messageIs('Copy Target')), by),
    );
  });
  t.test('port steal events', async (t) => {
    const by = [
      'session_id',
      'client_id',
      'target_type',
      'message',
      'target_namespace',
      'target_name',
      'port',
      'http_filter',
    ];
    const expected = counted(input.filter(messageIs(...ports)), by);
    t.ok(
      [...expected.keys()].some((key) => key.includes('Header(')),
      'filters are among them',
    );
    t.same(counted(output.filter(phrases(...ports)), by), expected);
  });
  t.test('session pie', async (t) => {
    const by = ['target_namespace', 'target_name'];
    t.same(distinct(output, 'session_id', by), distinct(input, 'session_id', by));
  });
  t.test('controls: the values that they offer', async (t) => {
    for (const field of ['target_type', 'target_namespace', 'target_name']) {
      t.same(counted(output, [field]), counted(input, [field]));
    }
  });
});

t.test('a query that names a wrong field finds nothing', async (t) => {
  t.same(loki('fields_clientid != ``'), []);
  t.same(datadog('@fields.messages:"Copy Target"'), []);
});
