/** The pod, container and namespace that wrote a line, as its wrapping names them. */
import { isText, type JsonObject } from './json-object.ts';

export interface Source {
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Names of the same thing in labels, tags and attributes of several systems. */
const podKeys = ['pod_name', 'podName', 'pod', 'k8s.pod.name', 'kubernetes_pod_name', 'kubernetes.pod_name'];
const containerKeys = [
  'container_name',
  'containerName',
  'container',
  'k8s.container.name',
  'kube_container_name',
  'kubernetes_container_name',
  'kubernetes.container_name',
];
const namespaceKeys = [
  'namespace_name',
  'namespace',
  'pod_namespace',
  'kube_namespace',
  'k8s.namespace.name',
  'kubernetes_namespace_name',
  'kubernetes.namespace_name',
];

const named = (value: unknown): string | undefined => {
  if (isText(value)) return value;
  const { name } = Object(value) as JsonObject;
  return isText(name) ? name : undefined;
};

function first(labels: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const name = Object.hasOwn(labels, key) ? named(labels[key]) : undefined;
    if (name !== undefined) return name;
  }
  return undefined;
}

/** What labels tell: `kubernetes` of fluentd, `stream` of Loki, `resource.labels` of GCP, attributes of OTLP. */
export function sourceOfLabels(labels: unknown): Source | undefined {
  if (typeof labels !== 'object' || labels === null) return undefined;
  const known = (Array.isArray(labels) ? pairsOf(labels) : labels) as JsonObject;
  const pod = first(known, podKeys);
  const container = first(known, containerKeys);
  const namespace = first(known, namespaceKeys);
  return pod === undefined && container === undefined && namespace === undefined
    ? undefined
    : { pod, container, namespace };
}

/** `["pod_name:op-1", …]` as Datadog has it, `[{"key":"k8s.pod.name","value":{"stringValue":"op-1"}}, …]` as OTLP. */
function pairsOf(list: readonly unknown[]): JsonObject {
  const pairs: Record<string, unknown> = Object.create(null);
  for (const item of list) {
    if (isText(item)) {
      const colon = item.indexOf(':');
      if (colon > 0) pairs[item.slice(0, colon)] = item.slice(colon + 1);
    } else {
      const { key, value } = Object(item) as JsonObject;
      if (isText(key)) pairs[key] = (Object(value) as JsonObject).stringValue;
    }
  }
  return { ...pairs };
}

/** The fields that records get of it: an object, as fluentd's Kubernetes filter writes it. */
export function sourceFields({ pod, container, namespace }: Source): string {
  const names = { pod_name: pod, container_name: container, namespace_name: namespace };
  return JSON.stringify({ kubernetes: names });
}

const sgr = /\x1b\[[0-9;]*m/g;
const times =
  /\[?(?:\d{4}-\d\d-\d\d[T ])?(?:\d\d-\d\d )?\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]? ?/g;
const name = '[a-z0-9][-a-z0-9.]*';
/** What tools put before lines, times aside. */
const forms: readonly RegExp[] = [
  // kubectl logs --prefix
  /^\[pod\/(?<pod>[^/\]\s]+)\/(?<container>[^\]\s]+)\] $/,
  // kail
  /^(?<namespace>[^/\s[]+)\/(?<pod>[^/\s[]+)\[(?<container>[^\]\s]+)\]: $/,
  // kubetail
  new RegExp(`^\\[(?<pod>${name})(?: (?<container>${name}))?\\] $`),
  // docker compose, docker service logs
  /^(?<container>[\w.@-]+) +\| $/,
  // stern
  new RegExp(`^(?<pod>${name}) (?<container>${name}) $`),
  new RegExp(`^(?<namespace>${name}) (?<pod>${name}) (?<container>${name}) $`),
  // podman logs --names
  /^(?<container>[\w.-]+) $/,
];

/** What the text before a record tells. */
export function sourceOfPrefix(prefix: string): Source | undefined {
  const plain = prefix.replace(sgr, '').replace(times, '');
  for (const form of forms) {
    const match = form.exec(plain);
    if (match !== null) return { ...match.groups };
  }
  return undefined;
}
