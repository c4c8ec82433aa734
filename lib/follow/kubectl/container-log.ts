import { setTimeout as delay } from 'node:timers/promises';
import type { Input } from '../../batch/batch.ts';
import type { InputPlace, InputPlaces } from '../../state/input-places.ts';
import type { FollowedBytes } from '../index.ts';
import type { OnNotice } from '../notices.ts';
import {
  type ContainerPlace,
  containerPlaceOf,
  type Instance,
  Instances,
  inputPlaceOf,
  isOneInstance,
} from './container-place.ts';
import type { FollowTimes } from './follow-times.ts';
import { type Kubectl, type KubectlEnd, KubectlOutput, sinceTime } from './kubectl.ts';
import { NewLines } from './new-lines.ts';
import type { Container } from './pods.ts';
import { Seam } from './seam.ts';

const lineEnd = Buffer.from('\n');
/** Silence is waited for so many times longer, at most. */
const MOST_PATIENCE = 4;
/** Connections for the log of the instance before that fail in a row, at most: the one that runs is not read meanwhile. */
const MOST_FAILURES = 8;

export interface ContainerLogOptions {
  /** What messages call it. */
  readonly name: string;
  readonly kubectl: Kubectl;
  /** Behind `kubectl logs`: which log. */
  readonly words: readonly string[];
  /** The same, of its first connection only: from where on. */
  readonly firstWords: readonly string[];
  readonly times: FollowTimes;
  readonly signal: AbortSignal;
  readonly onNotice: OnNotice;
  readonly give: (bytes: FollowedBytes) => Promise<void>;
  /** What writes the log, as a listing that is made from now on (or the next one that is made anyway) has it. */
  readonly look: (isNow: boolean) => Promise<Container | 'gone'>;
  /** How far logs were read, of a run that notes it. */
  readonly places?: InputPlaces | undefined;
}

interface SessionEnd extends KubectlEnd {
  readonly wasSilent: boolean;
  /** New lines. */
  readonly admitted: number;
  readonly bytes: number;
  /** How long it took. */
  readonly ms: number;
}

/** The log of one container, through all connections and all instances that it takes to read it. */
export class ContainerLog {
  /** All of it was read, unless it is started again. */
  isRead = false;
  /** What kubectl said when it failed, while nothing has come yet. */
  refusal: string | undefined;
  private readonly options: ContainerLogOptions;
  private input: Input = { name: '', framing: '' };
  private readonly seam: Seam;
  /** Those that were read, the last of them last. */
  private readonly instances: Instances;
  /** Bytes that were given before the input that is read now. */
  private before = 0;
  private hasEnded = false;
  /** What may be a last line without an end: it is known once it comes again, or nothing does. */
  private rest = Buffer.alloc(0);
  private patience = 1;
  /** When its log was first there to be read; milliseconds of this machine's clock. */
  private connectedAt: number | undefined;
  /** When it was there and had nothing; a run that goes on reads all that has come since. */
  private emptyAt: number | undefined;
  private backOff: number;

  constructor(options: ContainerLogOptions) {
    const { name, times, places, firstWords } = options;
    this.options = options;
    this.backOff = times.backOff;
    const told = places?.before(name);
    const place: Partial<ContainerPlace> = told === undefined ? {} : containerPlaceOf(told);
    this.seam = new Seam(place.seam, firstWords.length > 0);
    this.instances = new Instances(place.instance);
    this.connectedAt = place.emptyAt;
    this.emptyAt = place.emptyAt;
    this.isRead = place.isRead ?? false;
    this.before = told?.offset ?? 0;
  }

  private get instance(): Instance | undefined {
    return this.instances.last;
  }

  /** How far it has come with what the pipeline has measured. */
  place(places: InputPlaces): InputPlace {
    const { input, before, seam, emptyAt, hasEnded } = this;
    const measured = hasEnded ? seam.at : places.consumed(input);
    // the beginning of a log that is not measured yet is not read
    const isRead = this.isRead && measured === seam.at;
    return inputPlaceOf({
      ...{ offset: before + measured, framing: input.framing, time: seam.newest, emptyAt },
      ...{ instance: this.instances.at(measured), isRead, hasEnded, seam: seam.state(measured) },
    });
  }

  /** Until the signal, or there is no such container any more; if it comes back, it can be run again. */
  async run(): Promise<void> {
    const { signal, look, times, places } = this.options;
    this.begin();
    for (let now = await look(false); now !== 'gone' && !signal.aborted; ) {
      if (now.state === 'waiting' || (this.isRead && this.isSame(now))) {
        // what it writes once it runs is all new
        if (now.state === 'waiting') {
          this.connectedAt ??= 0;
          this.emptyAt ??= 0;
        }
        await this.pause(times.poll);
        now = await look(false);
        continue;
      }
      const end = await this.read(now);
      now = await look(true);
      if (signal.aborted) break;
      this.tell(end, now);
      if (!this.isRead && !end.wasSilent && now !== 'gone') await this.pause(this.nextPause(end));
    }
    if (!signal.aborted) await this.giveRest();
    // a run that goes on reads a record anew whose end has not come
    else if (places !== undefined) return;
    await this.give(Buffer.alloc(0), true);
    this.hasEnded = true;
  }

  private begin(): void {
    const { name, places } = this.options;
    this.input = { name, framing: '', pauses: true };
    this.hasEnded = false;
    if (places === undefined) return;
    this.before += this.seam.at;
    this.seam.begin();
    this.instances.begin();
    const { before } = this;
    // dead letters name the place in all that was given
    if (before > 0) this.input = { ...this.input, placeOf: (offset) => ({ name, offset: before + offset }) };
  }

  private isSame(now: Container): boolean {
    return this.instance !== undefined && isOneInstance(this.instance, now);
  }

  private async read(now: Container): Promise<SessionEnd> {
    const isOther = this.instance !== undefined && !this.isSame(now);
    if (isOther) await this.endInstance(now);
    this.instances.add(now, this.seam.at);
    const end = await this.session(['-f'], isOther);
    this.isRead = now.state === 'ended' && end.status === 0 && end.admitted === 0;
    if (this.isRead) await this.giveRest();
    return end;
  }

  /** What the instance before wrote last. */
  private async endInstance(now: Container): Promise<void> {
    if (this.instance!.uid === now.uid) {
      if (now.restarts > this.instance!.restarts + 1) {
        const { name, onNotice } = this.options;
        onNotice(
          `${name}: it was started several times in a row; kubectl has the logs of the last two alone`,
          true,
        );
      }
      await this.readPrevious(now);
    }
    await this.giveRest();
  }

  /** The log of the instance before, in as many connections as it takes: any may break off, or come to nothing. */
  private async readPrevious(now: Container): Promise<void> {
    const { name, signal, look, onNotice } = this.options;
    for (let failures = 0; !signal.aborted; ) {
      const end = await this.session(['--previous'], false);
      if (end.status === 0 && end.admitted === 0) return;
      failures = end.bytes > 0 || end.status === 0 ? 0 : failures + 1;
      if (/\bnot found\b/i.test(end.words) || failures > MOST_FAILURES) {
        onNotice(`${name}: it was started again, and what it wrote last cannot be had: ${end.words}`, true);
        return;
      }
      await this.pause(this.nextPause(end));
      const later = await look(true);
      // the log that `--previous` names is another one by then
      if (later === 'gone' || !isOneInstance(later, now)) return;
    }
  }

  /** One connection, to its end. */
  private async session(words: readonly string[], isOther: boolean): Promise<SessionEnd> {
    const { kubectl, signal, times } = this.options;
    const isFollowing = words.includes('-f');
    const lines = new NewLines(this.seam.session(isOther));
    const all = ['logs', ...words, ...this.options.words, '--timestamps', '--prefix', ...this.from(isOther)];
    const began = Date.now();
    const output = new KubectlOutput(kubectl, all, signal);
    let bytes = 0;
    for await (const chunk of output.chunks(isFollowing ? this.patience * times.silence : undefined)) {
      bytes += chunk.length;
      for (const run of lines.push(chunk)) await this.give(run);
    }
    for (const run of lines.end()) await this.give(run);
    if (bytes > 0) this.rest = Buffer.from(lines.rest);
    const end = await output.end();
    const isRefused = end.status !== 0 && bytes === 0;
    if (!isRefused) this.connectedAt ??= began;
    if (!isRefused && this.before + this.seam.at === 0) this.emptyAt ??= began;
    this.refusal = isRefused && this.connectedAt === undefined ? end.words : undefined;
    return { ...end, wasSilent: output.wasSilent, admitted: lines.admitted, bytes, ms: Date.now() - began };
  }

  /** From where on. Another instance has its log from the beginning. */
  private from(isOther: boolean): readonly string[] {
    if (isOther) return [];
    const { resumeAt } = this.seam;
    if (resumeAt !== undefined) return [sinceTime(resumeAt)];
    const { firstWords } = this.options;
    if (this.connectedAt === undefined) return firstWords;
    // nothing has come yet, and what comes now must not be cut to a tail
    return firstWords.some((word) => word.startsWith('--tail')) ? [sinceTime(this.connectedAt)] : firstWords;
  }

  private nextPause({ admitted, ms }: SessionEnd): number {
    const { backOff, greatestBackOff } = this.options.times;
    if (admitted > 0 || ms > greatestBackOff) this.backOff = backOff;
    const pause = this.backOff;
    this.backOff = Math.min(2 * pause, greatestBackOff);
    return pause;
  }

  private tell({ wasSilent, admitted, status, words }: SessionEnd, now: Container | 'gone'): void {
    const { name, onNotice } = this.options;
    if (admitted > 0) this.patience = 1;
    else if (wasSilent) this.patience = Math.min(2 * this.patience, MOST_PATIENCE);
    if (wasSilent || now === 'gone' || this.isRead) return;
    if (status !== 0 && words !== '') onNotice(`${name}: kubectl ended: ${words}; it is started again`);
    else if (now.state === 'running' && this.isSame(now))
      onNotice(`${name}: kubectl ended, although the container runs; it is started again`);
  }

  /** A line that nothing came behind. */
  private async giveRest(): Promise<void> {
    const line = this.rest;
    this.rest = Buffer.alloc(0);
    if (line.length > 0 && this.seam.session().admit(line)) await this.give(Buffer.concat([line, lineEnd]));
  }

  private async give(bytes: Uint8Array, last?: boolean): Promise<void> {
    const { input, seam } = this;
    const { give, places } = this.options;
    await give({ input, bytes, beside: true, last });
    if (places !== undefined) seam.measured(places.consumed(input));
  }

  private pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.options.signal }).catch(() => {});
  }
}
