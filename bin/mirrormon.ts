#!/usr/bin/env node
import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { type RunSignal, type StopSignal, signalStatus } from '../lib/commands/io.ts';
import { namesLarge } from '../lib/commands/large-inputs.ts';
import { main } from '../lib/commands/main.ts';
import { writeWhole } from '../lib/commands/standard-output.ts';
import { outputFailure } from '../lib/errors.ts';
import type { BegunReader } from '../lib/inputs/kafka/begun-reader.ts';
import { isKafkaUrl } from '../lib/inputs/kafka/is-kafka-url.ts';
import type { BegunThread } from '../lib/parse/scanner/workers/thread.ts';

/** After the end, milliseconds that what was written may take to leave, and what the system still does to come back. */
const LEAVE_MS = 1_000;

// stands only if the event loop ever ran dry before the end: that must not look like success
process.exitCode = 1;

/** Messages that nobody reads are not kept for ever. Bytes. */
const MOST_UNREAD = 1 << 20;

const stderr = {
  isTTY: process.stderr.isTTY === true,
  fd: process.stderr.fd,
  /** Whoever reads messages may go away, be slow, or their disk be full: that ends nothing, and stalls nothing. */
  write(text: string): void {
    if (process.stderr.writableLength > MOST_UNREAD) return;
    try {
      process.stderr.write(text);
    } catch {}
  },
};
process.stderr.on('error', () => {});
writeWhole(process.stdout);

/** What befell standard output, where no command has dealt with it. A reader that has seen enough (`| head`) is none. */
let outputError: NodeJS.ErrnoException | undefined;
let status: number | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') outputError ??= error;
  conclude();
});

function conclude(): void {
  if (status === undefined) return;
  process.exitCode = status;
  if (status !== 0 || outputError === undefined) return;
  process.exitCode = status = 1;
  stderr.write(`mirrormon: ${outputFailure(outputError)}\n`);
}

let asked: StopSignal | undefined;
let hadTerminal = false;

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Signals that concern a run whoever started it. */
const always: readonly RunSignal[] = ['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'];
/** Those that stay ignored where they are: nohup does that to one, a shell without jobs to the other of what it starts with &. */
const unlessIgnored: readonly RunSignal[] = ['SIGHUP', 'SIGQUIT'];

/** Which signals the process was started to ignore, a bit each. */
function ignoredSignals(): bigint {
  try {
    const [, mask = '0'] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    return BigInt(`0x${mask}`);
  } catch {
    return 0n;
  }
}

// whatever runs: Node would open its inspector, to whoever is on this machine
process.on('SIGUSR1', () => {});

function onSignal(listener: (signal: RunSignal) => void): () => void {
  const ignored = ignoredSignals();
  const isIgnored = (name: RunSignal) => ((ignored >> BigInt(constants.signals[name] - 1)) & 1n) === 1n;
  const names = [...always, ...unlessIgnored.filter((name) => !isIgnored(name))];
  hadTerminal = hasTerminal();
  const take = (name: NodeJS.Signals): void => {
    const signal = name as RunSignal;
    if (signal !== 'SIGHUP' && signal !== 'SIGUSR1') {
      // who asks twice does not want to wait
      if (asked !== undefined) process.exit(signalStatus(signal));
      asked = signal;
    }
    listener(signal);
  };
  for (const name of names) process.on(name, take);
  return () => {
    for (const name of names) process.off(name, take);
  };
}

/** A thread that is stuck in the system must not keep the process; nor a reader that is stuck, once a signal has come. */
function leave(): void {
  setTimeout(() => {
    if (asked === undefined && process.stdout.writableLength > 0) leave();
    else process.exit();
  }, LEAVE_MS).unref();
}

/** The thread that fetches topics, where an argument names one: it takes as long to begin as all else. */
async function begunThread(): Promise<BegunReader | undefined> {
  if (!process.argv.some(isKafkaUrl)) return undefined;
  const { BegunReader } = await import('../lib/inputs/kafka/begun-reader.ts');
  return new BegunReader();
}

/** Likewise a parse worker's, where an argument names a large file. */
async function begunWorker(): Promise<BegunThread | undefined> {
  if (!namesLarge(process.argv.slice(2))) return undefined;
  const { BegunThread, workerEntry } = await import('../lib/parse/scanner/workers/thread.ts');
  const entry = workerEntry();
  return entry === undefined ? undefined : new BegunThread(entry);
}

async function begin(): Promise<void> {
  // what keeps a thread from beginning is told by who needs it
  const topicThread = await begunThread().catch(() => undefined);
  const scanThread = await begunWorker().catch(() => undefined);
  status = await main(process.argv.slice(2), {
    topicThread,
    scanThread,
    program: process.argv[1]!,
    // asked for only where it is read: opening it is a fiftieth of a short run
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr,
    env: process.env,
    onSignal,
    terminalIsGone: () => hadTerminal && !hasTerminal(),
  });
  // nothing else may have used it: an argument was wrong, or only help was asked for
  topicThread?.close();
  scanThread?.close();
  conclude();
  // nothing is left to wait for, but what became of the last write is only told behind it
  setImmediate(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
  });
  leave();
}

void begin();
