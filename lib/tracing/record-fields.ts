import { type Field, type Path, type ShadowedKey, shadowedKeys, type Wants } from '../batch/wants.ts';

/** Top-level keys of a tracing record that are not fields of its event. */
const ownKeys = new Set(['timestamp', 'level', 'span', 'spans']);

/**
 * Where a field of that name may stand: among the event's fields, at the top level (flattened layout, fluentd), and with
 * dots either as part of one key or as the way into nested objects. A few names have a place of their own:
 * - `target` is the session's; the top-level key of that name is the Rust module (`module` here), and where a flattened
 *   record has the key twice, the session's is the first (`Field.shadowed`);
 * - `session_duration` was called `duration` by Operators before 3.140.1.
 */
export function pathsOf(name: string): Path[] {
  if (ownKeys.has(name)) return [[name]];
  if (name === 'module') return [['target']];
  if (name === 'target') return [['fields', 'target']];
  const paths: Path[] = [['fields', name], [name]];
  const parts = name.split('.');
  if (parts.length > 1) paths.push(parts, ['fields', ...parts]);
  if (name === 'session_duration') paths.push(['fields', 'duration'], ['duration']);
  return paths;
}

/** Top-level keys of a flattened record that tracing writes beside the event's fields. */
export const aroundFields: ReadonlySet<string> = new Set([
  ...ownKeys,
  'target',
  'filename',
  'line_number',
  'threadName',
  'threadId',
]);

/** Whether the event itself, not a span that it stands in, has a field of that name: as JSON has it, or flattened. */
export function hasEventField(record: Readonly<Record<string, unknown>>, name: string): boolean {
  const { fields } = record;
  if (typeof fields === 'object' && fields !== null) return Object.hasOwn(fields, name);
  return !aroundFields.has(name) && Object.hasOwn(record, name);
}

/** Asks for a field of a log record by the name that configuration and catalogue use. */
export function logField(wants: Wants, name: string): Field {
  return wants.field(
    name,
    pathsOf(name),
    shadowedKeys.includes(name as ShadowedKey) ? (name as ShadowedKey) : undefined,
  );
}
