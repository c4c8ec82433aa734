import { type AnyValue, type KeyValue, membersOf, textOf } from './any-value.ts';

/** fluentd's names for what the semantic conventions of resources name otherwise. */
const names: ReadonlyMap<string, string> = new Map([
  ['namespace_name', 'k8s.namespace.name'],
  ['pod_name', 'k8s.pod.name'],
  ['pod_id', 'k8s.pod.uid'],
  ['container_name', 'k8s.container.name'],
  ['host', 'k8s.node.name'],
  ['container_image', 'container.image.name'],
  ['docker_id', 'container.id'],
]);

/** What most records say of it. */
export const unknownPod: Readonly<Record<string, string>> = {};

/**
 * The pod that wrote a record, in resource attributes, as fluentd's `kubernetes` and `docker` tell it: objects, or keys
 * with a dot in them, as what flattens records leaves them.
 * @param members of the record
 */
export function podOf(members: readonly KeyValue[]): Readonly<Record<string, string>> {
  const pod: Record<string, string> = {};
  const put = (key: string, value: AnyValue): void => {
    const name = names.get(key);
    const known = textOf(value);
    if (name !== undefined && known !== undefined) pod[name] = known;
  };
  for (const { key, value } of members) {
    if (key === 'kubernetes') for (const inner of membersOf(value) ?? []) put(inner.key, inner.value);
    else if (key.startsWith('kubernetes.')) put(key.slice('kubernetes.'.length), value);
    else if (key === 'docker' || key === 'docker.container_id') {
      const id =
        key === 'docker' ? membersOf(value)?.find((inner) => inner.key === 'container_id')?.value : value;
      const container = textOf(id);
      if (container !== undefined) pod['container.id'] ??= container;
    }
  }
  return Object.keys(pod).length === 0 ? unknownPod : pod;
}
