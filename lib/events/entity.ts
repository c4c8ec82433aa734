/** Where a metric's name holds an id that a controller takes out of it. */
const families = ['ctrl.', 'link.'];

/** Metrics of a link whose own name has one part behind the id; the others have two, such as tx.bytesrate. */
const shortNames = ['latency', 'queue_time', 'dropped_msgs'];

/**
 * A metric's name and the id of the channel or link that it is about. Routers write the id into the name,
 * `ctrl.latency:ID` and `link.latency:ID`, in old versions `link.ID.latency`; a controller passes on name and
 * source_entity_id. Colons elsewhere, as in `/services/:id.GET`, are part of a name.
 */
export function splitEntity(
  metric: string,
  entity: string | undefined,
): [metric: string, entity: string | undefined] {
  const family = families.find((prefix) => metric.startsWith(prefix));
  if (entity !== undefined || family === undefined) return [metric, entity];
  const colon = metric.indexOf(':');
  if (colon > 0) return [metric.slice(0, colon), metric.slice(colon + 1)];
  if (family !== 'link.') return [metric, undefined];
  const parts = metric.slice(family.length).split('.');
  const own = shortNames.includes(parts.at(-1)!) ? 1 : 2;
  const id = parts.slice(0, -own).join('.');
  return id === '' ? [metric, undefined] : [family + parts.slice(-own).join('.'), id];
}
