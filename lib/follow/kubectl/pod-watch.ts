import type { OnNotice } from '../notices.ts';
import { askKubectl, type Kubectl } from './kubectl.ts';
import { type Container, type Pod, type PodChoice, podsOf } from './pods.ts';

export interface PodWatchOptions {
  readonly kubectl: Kubectl;
  readonly choice: PodChoice;
  readonly workload: string;
  /** Names of the containers that are wanted; none: all. */
  readonly containers: readonly string[];
  readonly signal: AbortSignal;
  readonly onNotice: OnNotice;
}

/** The pods of a workload, as kubectl lists them. */
export class PodWatch {
  private readonly options: PodWatchOptions;
  private pods: readonly Pod[] = [];
  private listing: Promise<readonly Pod[] | undefined> | undefined;
  private next: Promise<readonly Pod[] | undefined> | undefined;
  private isFailing = false;

  constructor(options: PodWatchOptions) {
    this.options = options;
  }

  /** As they are from now on; undefined if kubectl does not say. */
  look(): Promise<readonly Pod[] | undefined> {
    if (this.listing === undefined) {
      this.listing = this.list().finally(() => {
        this.listing = undefined;
      });
      return this.listing;
    }
    // one that has begun may be too old for whoever asks now
    const again = () => {
      this.next = undefined;
      return this.look();
    };
    this.next ??= this.listing.then(again, again);
    return this.next;
  }

  /** A container as it is, or was when it was last looked at. */
  async container(pod: string, name: string, isNow: boolean): Promise<Container | 'gone'> {
    if (isNow) await this.look();
    const found = this.pods.find((one) => one.name === pod)?.containers.find((one) => one.name === name);
    return found ?? 'gone';
  }

  private async list(): Promise<readonly Pod[] | undefined> {
    const { kubectl, choice, containers, signal, onNotice, workload } = this.options;
    const which = 'pod' in choice ? [`pod/${choice.pod}`] : ['pods', `--selector=${choice.selector}`];
    const { status, answer, words } = await askKubectl(kubectl, ['get', ...which, '-o', 'json'], signal);
    if (signal.aborted) return undefined;
    if (status !== 0 && 'pod' in choice && words.includes('NotFound')) {
      this.pods = [];
      return this.pods;
    }
    try {
      if (status !== 0) throw new Error(words);
      this.pods = podsOf(JSON.parse(answer), containers);
      if (this.isFailing) onNotice(`${workload}: kubectl lists its pods again`, true);
      this.isFailing = false;
      return this.pods;
    } catch (error) {
      // what was known goes on being followed
      const reason = error instanceof Error && error.message !== '' ? error.message : 'without a word';
      if (!this.isFailing)
        onNotice(`${workload}: kubectl does not list its pods: ${reason}; it is asked again`, true);
      this.isFailing = true;
      return undefined;
    }
  }
}
