/**
 * A workload's logs by kubectl, for as long as it lives: every pod and container that it has or will have, each line
 * once, whatever becomes of connections.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { MirrormonError } from '../../errors.ts';
import type { InputPlaces } from '../../state/input-places.ts';
import { Arrivals } from '../arrivals.ts';
import type { FollowedBytes } from '../index.ts';
import type { OnNotice } from '../notices.ts';
import { ContainerLog } from './container-log.ts';
import { isUnread } from './container-place.ts';
import { type FollowTimes, TIMES } from './follow-times.ts';
import { KnownLogs } from './known-logs.ts';
import { askKubectl, type Kubectl, sinceTime } from './kubectl.ts';
import { PodWatch } from './pod-watch.ts';
import { type Container, jobIsOver, type Pod, type PodChoice, podChoiceOf } from './pods.ts';

export interface WorkloadOptions {
  /** As kubectl has it: deploy/mirrord-operator, or a name alone. */
  readonly workload: string;
  readonly kubectl: Kubectl;
  /** Containers that are wanted; none: all. */
  readonly containers: readonly string[];
  /** From where on of what is there already: milliseconds since the epoch, and how many lines at most. */
  readonly since?: number | undefined;
  readonly tail?: number | undefined;
  readonly times?: FollowTimes | undefined;
  readonly signal: AbortSignal;
  readonly onNotice: OnNotice;
  /** How far logs were read, of a run that can go on; and where that is told. */
  readonly places?: InputPlaces | undefined;
}

/**
 * Until the signal aborts, or a single pod or a job has ended. Every chunk is whole lines of one container, as kubectl prefixes
 * them. Fails with INPUT_UNREADABLE, in kubectl's own words, if there is nothing to follow.
 */
export async function* followWorkload(options: WorkloadOptions): AsyncGenerator<FollowedBytes> {
  const arrivals = new Arrivals<FollowedBytes>();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const workload = new Workload({ ...options, signal }, arrivals);
  const following = workload
    .run(() => stop.abort())
    .then(
      () => arrivals.end(),
      (error: unknown) => arrivals.end({ error }),
    );
  try {
    yield* arrivals;
  } finally {
    stop.abort();
    await following;
  }
}

class Workload {
  private readonly options: WorkloadOptions;
  private readonly arrivals: Arrivals<FollowedBytes>;
  private readonly times: FollowTimes;
  private readonly logs: KnownLogs;
  /** What is there already was there before anybody followed it. */
  private isFirstLook: boolean;
  private jobHasEnded = false;

  constructor(options: WorkloadOptions, arrivals: Arrivals<FollowedBytes>) {
    this.options = options;
    this.arrivals = arrivals;
    this.times = options.times ?? TIMES;
    this.logs = new KnownLogs(options);
    this.isFirstLook = !this.logs.wereRead;
  }

  /** @param stop ends what is still followed */
  async run(stop: () => void): Promise<void> {
    const choice = await this.find();
    try {
      if (choice === undefined) await this.plainly();
      else await this.byPods(choice);
    } finally {
      stop();
      await Promise.allSettled(Array.from(this.logs.all, ({ done }) => done));
    }
  }

  /** Which pods it has; undefined if kubectl does not say, in which case its logs will tell why. */
  private async find(): Promise<PodChoice | undefined> {
    const { workload, kubectl, signal } = this.options;
    // kubectl logs takes a bare name for a pod's; people mean the deployment
    const names = workload.includes('/') ? [workload] : [`deployment/${workload}`, `pod/${workload}`];
    let refusal = '';
    for (const name of names) {
      const { status, answer, words } = await askKubectl(kubectl, ['get', name, '-o', 'json'], signal);
      if (status === 0) return this.choiceOf(answer);
      if (!/NotFound|doesn't have a resource type/.test(words)) return undefined;
      refusal ||= words;
    }
    throw refused(workload, refusal);
  }

  private choiceOf(answer: string): PodChoice | undefined {
    let found: unknown;
    try {
      found = JSON.parse(answer);
    } catch {
      return undefined;
    }
    const { kind } = Object(found) as { kind?: unknown };
    const choice = podChoiceOf(found);
    if (choice !== undefined || typeof kind !== 'string') return choice;
    throw new MirrormonError('INPUT_UNREADABLE', 'it has no pods of its own', {
      where: this.options.workload,
      hint: 'name a deployment, a stateful set, a daemon set, a job or a pod',
    });
  }

  /** As kubectl logs follows it. */
  private async plainly(): Promise<void> {
    const { workload, containers } = this.options;
    const which = containers.length === 0 ? ['--all-containers'] : [];
    const state: Container = { name: '', uid: '', restarts: 0, state: 'running' };
    for (const name of containers.length === 0 ? [''] : containers) {
      const words = [workload, ...which, ...(name === '' ? [] : ['-c', name])];
      this.open(`${workload}${name === '' ? '' : `/${name}`}`, words, async () => {
        this.checkRefusal();
        return state;
      });
    }
    await Promise.all(Array.from(this.logs.all, ({ done }) => done));
  }

  /** Nothing has ever come, and kubectl says why. */
  private checkRefusal(): void {
    for (const { log } of this.logs.all) {
      if (log.refusal !== undefined) throw refused(this.options.workload, log.refusal);
    }
  }

  private async byPods(choice: PodChoice): Promise<void> {
    const { containers, kubectl, signal, workload, onNotice } = this.options;
    const watch = new PodWatch({ kubectl, choice, containers, signal, onNotice, workload });
    while (!signal.aborted) {
      const pods = await watch.look();
      for (const pod of pods ?? []) {
        for (const { name } of pod.containers) {
          const words = [`pod/${pod.name}`, '-c', name];
          this.open(`pod/${pod.name}/${name}`, words, (isNow) => watch.container(pod.name, name, isNow));
        }
      }
      this.tellPods(pods?.length);
      if (pods !== undefined) {
        this.isFirstLook = false;
        this.logs.tellGone();
      }
      if (pods !== undefined && (await this.isOver(choice, pods))) return;
      await delay(this.times.poll, undefined, { signal }).catch(() => {});
    }
  }

  private tellPods(count: number | undefined): void {
    const { workload, onNotice, containers } = this.options;
    if (count === 0) onNotice(`${workload}: it has no pods yet; they are waited for`);
    else if (count !== undefined && this.logs.areNone)
      onNotice(`${workload}: its pods have no container ${containers.join(' or ')}; it is waited for`);
  }

  /** A pod or a job that has ended, whose logs were read. */
  private async isOver(choice: PodChoice, pods: readonly Pod[]): Promise<boolean> {
    const logs = [...this.logs.all];
    const haveEnded = pods.every(({ phase }) => phase === 'Succeeded' || phase === 'Failed');
    if (!haveEnded || !logs.every(({ log, hasEnded }) => log.isRead || hasEnded)) return false;
    if ('pod' in choice) return pods.length > 0 && logs.length > 0;
    if (choice.job === undefined) return false;
    // its pods are listed once more behind its end: one may have come and gone meanwhile
    if (this.jobHasEnded) return true;
    this.jobHasEnded = await this.hasEnded(choice.job);
    return false;
  }

  private async hasEnded(job: string): Promise<boolean> {
    const { kubectl, signal } = this.options;
    const { status, answer, words } = await askKubectl(kubectl, ['get', `job/${job}`, '-o', 'json'], signal);
    // finished ones may be taken away
    if (status !== 0) return words.includes('NotFound');
    try {
      return jobIsOver(JSON.parse(answer));
    } catch {
      return false;
    }
  }

  /** Follows a log, unless it is followed already. */
  private open(
    name: string,
    words: readonly string[],
    look: (isNow: boolean) => Promise<Container | 'gone'>,
  ): void {
    const known = this.logs.get(name);
    if (known !== undefined && !known.hasEnded) return;
    const { kubectl, signal, onNotice, since, tail, places } = this.options;
    const firstWords: string[] = [];
    const place = places?.before(name);
    // what comes later is read from its beginning
    const isFirst = place === undefined ? this.isFirstLook : isUnread(place);
    if (isFirst && since !== undefined) firstWords.push(sinceTime(since));
    if (isFirst && tail !== undefined) firstWords.push(`--tail=${tail}`);
    const give = (bytes: FollowedBytes) => this.arrivals.give(bytes);
    const options = {
      name,
      kubectl,
      words,
      firstWords,
      times: this.times,
      signal,
      onNotice,
      give,
      look,
      places,
    };
    const log = known?.log ?? new ContainerLog(options);
    this.logs.open(name, log).catch((error: unknown) => this.arrivals.end({ error }));
  }
}

function refused(where: string, words: string): MirrormonError {
  const said = words === '' ? 'kubectl fails without a word' : `kubectl says: ${words}`;
  return new MirrormonError('INPUT_UNREADABLE', said, { where });
}
