import type { Input } from '../batch/batch.ts';
import type { OnNotice } from '../follow/notices.ts';
import { isGlob } from '../inputs/glob.ts';
import { merge } from '../inputs/merge-by-time.ts';
import { readInputs } from '../inputs/sources.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Chunk } from '../stages/parse.ts';
import type { Outcome } from './conclusion.ts';
import { drive, type OnFailure } from './drive.ts';
import type { Ending } from './ending.ts';
import { isPipe, type Read, sourcesOf } from './following.ts';
import type { Invocation, RunOptions } from './invocation.ts';
import type { Io } from './io.ts';
import { largeInputs, largeStreams } from './large-inputs.ts';
import { Progress } from './progress.ts';
import type { OpenScrapes } from './scraping.ts';
import type { Checkpoints } from './states/checkpoints.ts';

/** What a terminal is told that is read as if it were a log. */
const WAITING =
  "waiting for a log on standard input: pipe one, as in 'kubectl logs deploy/mirrord-operator -n mirrord | mirrormon', " +
  "name a file, or type records and end them with Ctrl-D; 'mirrormon --help' tells the rest";

type Reads = Pick<Invocation, 'files' | 'kafka' | 'options' | 'io'>;

/** Looks at chunks on their way. */
export type Watch = <T extends { readonly input: Input }>(chunks: AsyncIterable<T>) => AsyncIterable<T>;

/** Reads everything, or as much as there is until a signal, and lets the handlers write it. */
export async function flow(
  pipeline: Pipeline,
  ending: Ending,
  openScrapes: OpenScrapes | undefined,
  invocation: Invocation,
  watch: Watch,
  checkpoints?: Checkpoints,
): Promise<Outcome> {
  const { files, kafka, options, io, messages } = invocation;
  const progress = wantsProgress(files, options, io)
    ? new Progress({ stderr: io.stderr, ledger: pipeline.ledger, files, now: () => performance.now() })
    : undefined;
  messages.beforeEach = () => progress?.clear();
  const readsFiles = kafka === undefined || files.length > 0;
  const isAlone = openScrapes === undefined && !options.follow && (kafka === undefined || !readsFiles);
  // lines of a pipe are told from those that came before
  const isSeamed = checkpoints !== undefined && isPipe(files) && kafka === undefined;
  const onNotice: OnNotice = (text, isAnew) => (isAnew ? messages.tell(text) : messages.warn(text));
  const found: Pick<Outcome, 'truncated' | 'files'> = {};
  ending.reading.addEventListener('abort', () => checkpoints?.stop());
  const large = isAlone && !isSeamed ? largeInputs(options.workers) : { largeFrom: undefined };
  // nobody needs what was begun
  if (large.largeFrom === undefined) io.scanThread?.close();
  const open = async (told: OnFailure): Promise<AsyncIterable<Chunk>> => {
    const fail: OnFailure = (error) => {
      checkpoints?.stop();
      told(error);
    };
    const readAll = (names: readonly string[]) =>
      readInputs(names, {
        get stdin() {
          return io.stdin;
        },
        signal: ending.reading,
        // what it has was read, as of a file that is still being written
        onError: (error) => {
          if (error.code !== 'INPUT_TRUNCATED') return fail(error);
          found.truncated = true;
          messages.warn(error.describe());
        },
        onFiles: (count) => {
          if (!options.follow && names.some(isGlob)) found.files = count;
        },
        startOf: checkpoints && ((file) => checkpoints.startOf(file)),
        onNotice,
        onProgress: (file) => progress?.reading(file),
        // what is merged with others must come piece by piece
        ...large,
      });
    const following = { signal: ending.reading, onNotice, others: readAll, places: checkpoints?.places };
    const fromFiles = readsFiles ? await sourcesOf(invocation, following) : [];
    const fromKafka =
      kafka?.open(pipeline, {
        signal: ending.reading,
        warn: (text) => messages.tell(text),
        onError: fail,
        large: isAlone ? largeStreams(options.workers) : undefined,
      }) ?? [];
    const sources = [...fromFiles, ...fromKafka];
    const inputs = watch(sources.length === 1 ? sources[0]! : merge(sources));
    const scrapes = openScrapes?.(ending.reading, pipeline.ledger);
    // a terminal where nobody types is no log
    const isTyped = readsTyped(invocation);
    const goesOn = options.follow || options.workload !== undefined || isSeamed;
    if (checkpoints !== undefined) return checkpoints[goesOn ? 'along' : 'between'](inputs, pipeline);
    return scrapes === undefined ? inputs : merge<Read>(isTyped ? scrapes : [inputs, ...scrapes]);
  };
  // what handlers write at the end may go to the same terminal
  const outcome = await drive(pipeline, ending, messages, { open, onRead: () => progress?.stop() });
  return { ...outcome, ...found };
}

/** Whether a run goes on while people look at it: files that are not followed have an end in sight, and a line of progress. */
export function isWatched(reads: Reads, readsScrapes: boolean): boolean {
  const { files, kafka, options } = reads;
  // what is typed is shown by the terminal itself
  if (readsTyped(reads) && !readsScrapes) return false;
  const isPipe = files.length === 0 || files.includes('-');
  return isPipe || readsScrapes || options.follow === true || kafka?.isLive === true;
}

/** Tells a terminal that is read as if it were a log what is waited for. */
export function tellWaiting(invocation: Invocation): void {
  if (readsTyped(invocation)) invocation.messages.note(WAITING);
}

function readsTyped({ files, kafka, options, io }: Reads): boolean {
  if (options.workload !== undefined || kafka !== undefined) return false;
  return (files.length === 0 || files.includes('-')) && io.stdin.isTTY === true;
}

function wantsProgress(files: readonly string[], options: RunOptions, io: Io): boolean {
  const { progress, quiet, follow } = options;
  if (quiet) return false;
  return progress ?? (io.stderr.isTTY === true && files.length > 0 && !files.includes('-') && !follow);
}
