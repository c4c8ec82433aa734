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

/** Asks for a field of a log record by the name that configuration and catalogue use. */
export function logField(wants: Wants, name: string): Field {
  return wants.field(
    name,
    pathsOf(name),
    shadowedKeys.includes(name as ShadowedKey) ? (name as ShadowedKey) : undefined,
  );
}
