import { type AnyValue, membersOf, textOf } from './any-value.ts';

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

/** The pod that wrote a record, in resource attributes, as fluentd's `kubernetes` and `docker` tell it. */
export function podOf(
  kubernetes: AnyValue | undefined,
  docker: AnyValue | undefined,
): Readonly<Record<string, string>> {
  const pod: Record<string, string> = {};
  const container = textOf(membersOf(docker)?.find(({ key }) => key === 'container_id')?.value);
  if (container !== undefined) pod['container.id'] = container;
  for (const { key, value } of membersOf(kubernetes) ?? []) {
    const name = names.get(key);
    const known = textOf(value);
    if (name !== undefined && known !== undefined) pod[name] = known;
  }
  return Object.keys(pod).length === 0 ? unknownPod : pod;
}
