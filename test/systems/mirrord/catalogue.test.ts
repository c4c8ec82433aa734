import t from 'tap';
import { mirrordCatalogue } from '../../../lib/systems/mirrord/catalogue.ts';

/** The Operator's own metrics as its documentation lists them. */
const documented: [name: string, type: string, labels: string][] = [
  ['mirrord_license_valid_seconds', 'gauge', ''],
  ['mirrord_sessions_create_total', 'counter', 'client_hostname client_name client_user user_id'],
  ['mirrord_sessions_duration', 'histogram', 'client_hostname client_name client_user user_id'],
  ['mirrord_operator_ping_latency', 'histogram', 'client_hostname client_name client_user user_id'],
  ['mirrord_stolen_connections_count', 'counter', 'port namespace target user_id'],
  ['mirrord_stolen_requests_count', 'counter', 'port namespace target user_id'],
  ['mirrord_read_sqs_messages_count', 'counter', 'original_queue'],
  ['mirrord_sqs_messages_forwarded_to_user_count', 'counter', 'k8s_user local_username original_queue'],
  ['mirrord_unmatched_sqs_messages_count', 'counter', 'original_queue'],
  ['mirrord_ci_sessions_create_total', 'counter', 'client_hostname client_name client_user user_id'],
  ['mirrord_ci_sessions_duration', 'histogram', 'client_hostname client_name client_user user_id'],
  ['mirrord_previews_create_total', 'counter', 'target_namespace target_kind target_name'],
  ['mirrord_previews_duration', 'histogram', 'target_namespace target_kind target_name'],
];

t.test("the Operator's thirteen metrics by their names, kinds and labels", (t) => {
  const ours = mirrordCatalogue
    .filter(({ name }) => name.startsWith('mirrord_'))
    .map(({ name, type, labels }) => [name, type, labels.map((label) => label.name).join(' ')]);
  t.same(ours, documented);
  t.end();
});

t.test('names are Prometheus names, buckets ascend, and every metric explains itself', (t) => {
  for (const { name, help, type, buckets } of mirrordCatalogue) {
    t.match(name, /^[a-z][a-z0-9_]*$/);
    t.match(help, /^[A-Z].*\.$/, name);
    t.equal(buckets !== undefined, type === 'histogram', name);
    t.same(
      buckets ?? [],
      [...(buckets ?? [])].sort((a, b) => a - b),
    );
  }
  t.equal(new Set(mirrordCatalogue.map(({ name }) => name)).size, mirrordCatalogue.length);
  t.end();
});
