/**
 * What fluentd's tail input and Kubernetes filter make of a container's line: `{"log":"…","stream":…,"kubernetes":{…}}`.
 * It is unwrapped as its parser filter does with `key_name log`, `reserve_data true`, `remove_key_name_field true`; an
 * object without a text `log` passes unchanged, as there. Its other keys stay fields of the record.
 */
import type { Unwrapped } from '../assembler.ts';
import { without } from './merge-fields.ts';
import { isText, type JsonObject, objectOf } from './object.ts';

/** Docker splits lines at this many bytes, and fluentd's tail input does not join them. */
const DOCKER_PART = 16_384;

export function unwrapFluentd(line: Buffer): Unwrapped {
  const wrapping = objectOf(line);
  if (wrapping === undefined || !isText(wrapping.log)) return { stream: '', content: line, more: false };
  const content = Buffer.from(wrapping.log);
  return {
    stream: streamOf(wrapping),
    content,
    more: goesOn(wrapping, content),
    outer: without(line, [
      'log',
      'logtag',
      'partial_message',
      'partial_id',
      'partial_ordinal',
      'partial_last',
    ]),
  };
}

/** Of a line that the runtime has split: CRI's tag, the keys of Docker's fluentd driver, or json-file's part size. */
function goesOn({ logtag, partial_message, partial_last }: JsonObject, content: Buffer): boolean {
  if (logtag === 'P') return true;
  if (partial_message === 'true' || partial_message === true) return String(partial_last) !== 'true';
  return logtag === undefined && content.length === DOCKER_PART && content[DOCKER_PART - 1] !== 0x0a;
}

function streamOf({ stream, kubernetes, docker, container_id }: JsonObject): string {
  const { pod_id, pod_name, namespace_name, container_name } = Object(kubernetes) as JsonObject;
  const container = container_id ?? (Object(docker) as JsonObject).container_id;
  return JSON.stringify([stream, container, pod_id, namespace_name, pod_name, container_name]);
}
