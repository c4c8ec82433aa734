/** How Elasticsearch keeps a field. */
export type FieldType = 'keyword' | 'double' | 'boolean';

/**
 * The fields of the Operator's functional records. Ids and ports are keywords: they are grouped and compared, never
 * computed with, and an id beyond 2^53 keeps its digits.
 */
export const logFields = {
  message: 'keyword',
  target: 'keyword',
  target_type: 'keyword',
  target_name: 'keyword',
  target_namespace: 'keyword',
  client_hostname: 'keyword',
  client_name: 'keyword',
  client_user: 'keyword',
  client_id: 'keyword',
  client_cli_version: 'keyword',
  session_id: 'keyword',
  session_duration: 'double',
  port: 'keyword',
  http_filter: 'keyword',
  scale_down: 'boolean',
} as const satisfies Readonly<Record<string, FieldType>>;

export type LogField = keyof typeof logFields;

/** The functional messages that dashboards ask for. */
export const messages = {
  start: 'Session Start',
  end: 'Session End',
  steal: 'Port Steal',
  mirror: 'Port Mirror',
  release: 'Port Release',
  copy: 'Copy Target',
  license: 'Loaded license!',
} as const;

export const portMessages = [messages.steal, messages.mirror, messages.release];

/** Names of targets that the Operator copied begin so. */
export const copiedPrefix = 'mirrord-copy-';
