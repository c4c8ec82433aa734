/**
 * What a log of the Operator must give, counted the plain way: JSON.parse line by line, one Map, no code of the product.
 * Key: metric and its tags as JSON in the order of their names. Value: count and, for durations, exact sum and extremes.
 */
export interface Expected {
  count: number;
  min: number;
  max: number;
}

export function independentCount(log: string): Map<string, Expected> {
  const series = new Map<string, Expected>();
  const add = (metric: string, tags: Record<string, unknown>, value: number): void => {
    const texts = Object.entries(tags).map(([name, tag]) => [
      name,
      tag === undefined || tag === null ? '' : String(tag),
    ]);
    const key = keyOf(metric, Object.fromEntries(texts));
    const known = series.get(key);
    if (known === undefined) series.set(key, { count: value === undefined ? 0 : 1, min: value, max: value });
    else {
      known.count++;
      known.min = Math.min(known.min, value);
      known.max = Math.max(known.max, value);
    }
  };
  for (const line of log.split('\n')) {
    if (line.trim() === '') continue;
    const { level, fields } = JSON.parse(line);
    const { client_hostname, client_name, client_user, client_id, message } = fields;
    const client = { client_hostname, client_name, client_user, user_id: client_id };
    add('mirrormon_log_records_total', { level }, 1);
    if (message === 'Session Start') add('mirrord_sessions_create_total', client, 1);
    if (message === 'Session End') {
      add('mirrord_sessions_duration', client, fields.session_duration);
      const { target_namespace, target = '' } = fields;
      const [type, name = ''] = target.split('/');
      const target_type = fields.target_type || type;
      const target_name = (fields.target_name || name).replace(/^mirrord-copy-.*$/s, 'mirrord-copy-*');
      const labels = { target_namespace, target_type, target_name };
      add('mirrormon_session_duration_seconds', labels, fields.session_duration);
    }
    if (/^Port (Steal|Mirror|Release)$/.test(message))
      add('mirrormon_port_events_total', { action: message }, 1);
    if (message === 'Copy Target') add('mirrormon_copy_targets_total', { scale_down: fields.scale_down }, 1);
  }
  return series;
}

export function keyOf(metric: string, tags: Record<string, string>): string {
  return JSON.stringify([metric, Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
