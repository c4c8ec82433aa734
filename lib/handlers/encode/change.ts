import type { HandlerConfig, SubscriptionConfig } from '../../config.ts';
import { giveNamespace, type KeyHolder, relayOut, selectKeys } from '../../events/encode-passed.ts';
import { namespaceOfSubscription, typeOfSubscription } from '../../events/namespaces.ts';
import { CR, LF } from '../../text/bytes.ts';
import { OPEN_BRACE, toOneLine } from '../../text/json.ts';
import type { Layout } from './record-layout.ts';

/** How the records that a subscription selected are changed. */
export interface Change {
  readonly version: HandlerConfig['version'];
  /** What a subscription by an old name gives its events. */
  readonly namespace: string | undefined;
  readonly holder: KeyHolder;
  /** How a log record is written; `json` is what the batch's `bytes` hold. */
  readonly layout: Layout;
  /** False = only records with selected keys are changed. */
  readonly always: boolean;
}

export function changeOf(
  { type }: SubscriptionConfig,
  version: HandlerConfig['version'],
  logLayout: Layout,
): Change {
  const namespace = namespaceOfSubscription(type);
  const holder = typeOfSubscription(type) === 'usage' ? 'usage' : 'metrics';
  const layout = type === 'logs' ? logLayout : 'json';
  return { version, namespace, holder, layout, always: version !== undefined || namespace !== undefined };
}

/** Only JSON objects are ever changed: a record of a text layout is what it is, newlines included. */
export function reencode(record: Buffer, keys: readonly string[] | undefined, change: Change): Buffer {
  const trimmed = record.at(-1) === CR ? record.subarray(0, -1) : record;
  if (trimmed[0] !== OPEN_BRACE) return trimmed;
  let line = keys === undefined ? trimmed : selectKeys(trimmed, keys, change.holder);
  if (change.version !== undefined) line = relayOut(line, change.version) ?? line;
  if (change.namespace !== undefined) line = giveNamespace(line, change.namespace);
  return line.includes(LF) || line.includes(CR) ? toOneLine(line) : line;
}
