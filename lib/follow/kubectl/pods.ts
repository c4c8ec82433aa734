/** What kubectl's JSON says of a workload and its pods, as far as their logs are concerned. */

/** Which pods a workload has. */
export type PodChoice =
  | { readonly pod: string }
  /** `job` is the name of one, which has an end. */
  | { readonly selector: string; readonly job?: string | undefined };

export interface Container {
  readonly name: string;
  /** Another one has its log for itself: the pod's uid, and how often the container was started again. */
  readonly uid: string;
  readonly restarts: number;
  /** waiting: it has no log yet; ended: nothing more comes into it. */
  readonly state: 'waiting' | 'running' | 'ended';
}

export interface Pod {
  readonly name: string;
  readonly containers: readonly Container[];
  readonly phase: string;
}

type Json = Readonly<Record<string, unknown>>;

/** undefined: it is no workload. */
export function podChoiceOf(workload: unknown): PodChoice | undefined {
  const { kind, metadata, spec } = objectOf(workload);
  if (kind === 'Pod') return { pod: textOf(objectOf(metadata).name) };
  const selector = objectOf(objectOf(spec).selector);
  const isPlain = Object.values(selector).every((value) => typeof value === 'string');
  // services and replication controllers have labels only
  const labels = Object.entries(isPlain ? selector : objectOf(selector.matchLabels));
  const terms = labels.map(([key, value]) => `${key}=${value}`);
  for (const expression of listOf(selector.matchExpressions)) terms.push(termOf(objectOf(expression)));
  if (terms.length === 0) return undefined;
  return { selector: terms.join(','), job: kind === 'Job' ? textOf(objectOf(metadata).name) : undefined };
}

/** Whether a job, as kubectl's JSON has it, has come to its end. */
export function jobIsOver(job: unknown): boolean {
  return listOf(objectOf(objectOf(job).status).conditions)
    .map(objectOf)
    .some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
}

function termOf({ key, operator, values }: Json): string {
  const list = listOf(values).join(',');
  switch (operator) {
    case 'In':
      return `${key} in (${list})`;
    case 'NotIn':
      return `${key} notin (${list})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return textOf(key);
  }
}

/** @param names of the containers that are wanted; none: all but those that only prepare */
export function podsOf(answer: unknown, names: readonly string[]): Pod[] {
  const { kind, items } = objectOf(answer);
  const pods = kind === 'Pod' ? [answer] : listOf(items);
  return pods.map((pod) => podOf(objectOf(pod), names));
}

function podOf({ metadata, spec, status }: Json, names: readonly string[]): Pod {
  const { name, uid } = objectOf(metadata);
  const { containers, initContainers, ephemeralContainers } = objectOf(spec);
  const { phase, ...statuses } = objectOf(status);
  const all = names.length === 0 ? [containers] : [initContainers, containers, ephemeralContainers];
  const known = new Map(
    ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']
      .flatMap((key) => listOf(statuses[key]))
      .map((one) => [objectOf(one).name, objectOf(one)]),
  );
  return {
    name: textOf(name),
    phase: textOf(phase),
    containers: all
      .flatMap(listOf)
      .map((one) => textOf(objectOf(one).name))
      .filter((one) => names.length === 0 || names.includes(one))
      .map((one) => ({
        name: one,
        uid: textOf(uid),
        restarts: Number(known.get(one)?.restartCount ?? 0),
        state: stateOf(known.get(one)),
      })),
  };
}

function stateOf(status: Json | undefined): Container['state'] {
  if (status === undefined) return 'waiting';
  const { running, terminated } = objectOf(status.state);
  if (running !== undefined) return 'running';
  // while it waits to be started again, its log is that of its last instance
  const hasRun = terminated !== undefined || objectOf(status.lastState).terminated !== undefined;
  return hasRun ? 'ended' : 'waiting';
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
