import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { BegunReader } from '../inputs/kafka/begun-reader.ts';
import type { BegunThread } from '../parse/scanner/workers/thread.ts';

/** What ends a run, SIGHUP only where its terminal is gone. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR2' | 'SIGALRM';

/** SIGUSR1 asks for files to be opened anew, as rotation has it of many servers. */
export type RunSignal = StopSignal | 'SIGUSR1';

/** As a shell has them: 128 and the signal's number. */
export const signalStatus = (signal: StopSignal): number => 128 + constants.signals[signal];

/** A process's surroundings, given to every command so that tests can give others. */
export interface Io {
  /** The program's own file, for commands that start it anew. */
  readonly program: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
    /** Of Node's terminals: asks for columns and rows anew. */
    _refreshSize?(): void;
  };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly fd?: number };
  /** What reads a topic that is named, where it was begun before all else, as it takes as long. */
  readonly topicThread?: BegunReader | undefined;
  /** A parse worker's, begun likewise where a large file is named. */
  readonly scanThread?: BegunThread | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls the listener for every signal that concerns a run until the returned function is called. */
  onSignal(listener: (signal: RunSignal) => void): () => void;
  /** Whether the process was started from a terminal that is there no more. */
  terminalIsGone(): boolean;
}
