/** kubectl as a child process: asked for an answer, or left running as the source of a log. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { MirrormonError, systemReason } from '../../errors.ts';
import { kubectlWords } from './words.ts';

/** An answer that takes longer does not come. Milliseconds. */
const ANSWER_MS = 10_000;
const MOST_ANSWER = 1 << 26;
/** Of what it says on standard error, the last characters. */
const MOST_WORDS = 2_000;
/** It has ended, but something that it started may hold on to its output. Milliseconds. */
const LINGER_MS = 1_000;

export interface Kubectl {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Options of every call, such as --namespace. */
  readonly options: readonly string[];
}

/** How it ended. */
export interface KubectlEnd {
  /** undefined: by a signal. */
  readonly status: number | undefined;
  /** What it said on standard error, on one line. */
  readonly words: string;
}

/** As kubectl takes an instant, which it knows to the second. */
export function sinceTime(ms: number): string {
  return `--since-time=${new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')}`;
}

/** Runs it to its end. Fails with INPUT_UNREADABLE if it cannot be run. */
export async function askKubectl(
  kubectl: Kubectl,
  words: readonly string[],
  signal: AbortSignal,
): Promise<KubectlEnd & { readonly answer: string }> {
  const running = new KubectlOutput(kubectl, words, signal);
  const timer = setTimeout(() => running.stop(), ANSWER_MS);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const bytes of running.chunks()) {
      pieces.push(bytes);
      length += bytes.length;
      if (length > MOST_ANSWER) break;
    }
  } finally {
    clearTimeout(timer);
  }
  return { ...(await running.end()), answer: Buffer.concat(pieces).toString() };
}

/** What a running kubectl writes. */
export class KubectlOutput {
  /** It was ended since nothing came. */
  wasSilent = false;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly ended: Promise<number | undefined>;
  private readonly signal: AbortSignal;
  private readonly onAbort = () => this.stop();
  private failure: Error | undefined;
  private hasExited = false;
  private words = '';
  private wake: () => void = () => {};

  /** @param signal ends it */
  constructor({ env, options }: Kubectl, words: readonly string[], signal: AbortSignal) {
    this.child = spawn('kubectl', [...words, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env },
    });
    this.ended = this.waitForEnd();
    this.signal = signal;
    signal.addEventListener('abort', this.onAbort);
    if (signal.aborted) this.stop();
    const { stdout, stderr } = this.child;
    const awake = () => this.wake();
    for (const event of ['readable', 'end', 'close', 'error']) stdout.on(event, awake);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-MOST_WORDS);
    });
    stderr.on('error', () => {});
  }

  /** Until it ends, or is silent for so many milliseconds, which ends it. Fails with INPUT_UNREADABLE if it cannot run. */
  async *chunks(silenceMs?: number): AsyncGenerator<Buffer> {
    const { stdout } = this.child;
    try {
      for (;;) {
        const bytes: Buffer | null = stdout.read();
        if (bytes !== null) yield bytes;
        else if (stdout.readableEnded || stdout.destroyed) break;
        else await this.something(silenceMs);
      }
    } finally {
      this.stop();
      stdout.destroy();
      await this.ended;
      this.signal.removeEventListener('abort', this.onAbort);
    }
    if (this.failure !== undefined) throw notRun(this.failure);
  }

  /** How it ended, once its chunks have. */
  async end(): Promise<KubectlEnd> {
    const status = await this.ended;
    // a line whose beginning is lost says little
    const isCut = this.words.length === MOST_WORDS && this.words.includes('\n');
    return { status, words: kubectlWords(isCut ? this.words.slice(this.words.indexOf('\n')) : this.words) };
  }

  stop(): void {
    if (this.hasExited) return;
    this.child.kill('SIGTERM');
    const kill = setTimeout(() => {
      this.child.kill('SIGKILL');
      this.child.stdout.destroy();
    }, LINGER_MS);
    this.ended.then(() => clearTimeout(kill));
  }

  private async waitForEnd(): Promise<number | undefined> {
    const failed = new Promise<undefined>((resolve) => {
      this.child.once('error', (error) => {
        this.failure = error;
        resolve(undefined);
      });
    });
    const status = await Promise.race([once(this.child, 'exit').then(([code]) => code), failed]).catch(
      () => undefined,
    );
    this.hasExited = true;
    this.wake();
    return status ?? undefined;
  }

  private async something(silenceMs: number | undefined): Promise<void> {
    const { hasExited } = this;
    const ms = hasExited ? LINGER_MS : silenceMs;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (ms === undefined) return;
      timer = setTimeout(() => {
        if (hasExited) this.child.stdout.destroy();
        else {
          this.wasSilent = true;
          this.stop();
        }
        resolve();
      }, ms);
    });
    clearTimeout(timer);
  }
}

function notRun(cause: Error): MirrormonError {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const what = isMissing ? 'it is not on the PATH' : systemReason(cause);
  return new MirrormonError('INPUT_UNREADABLE', `kubectl cannot be run: ${what}`, {
    hint: "or pipe the log: 'kubectl logs -f WORKLOAD | mirrormon'",
    cause,
  });
}
