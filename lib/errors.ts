/**
 * Every error that a user can meet. The README documents each code and a test holds it to that.
 * A message says what happened, `where` says where (file, byte offset, or line and column of a configuration),
 * and `hint` says what to do.
 */
export const errorCodes = [
  'USAGE',
  'CONFIG_UNREADABLE',
  'CONFIG_INVALID',
  'INPUT_UNREADABLE',
  'INPUT_CORRUPT',
  'INPUT_TRUNCATED',
  'HANDLER_OPEN',
  'HANDLER_WRITE',
  'LEDGER_MISMATCH',
  'PIPELINE_BROKEN',
  'MEASUREMENT_NOT_FINITE',
  'RESERVOIR_MERGE',
  'STATE_UNUSABLE',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Why a record became a dead letter. Where several apply, the first of this order is given. */
export const rejectionReasons = [
  'too-long',
  'bad-framing',
  'invalid-utf8',
  'too-deep',
  'invalid-json',
  'not-an-object',
] as const;

export type RejectionReason = (typeof rejectionReasons)[number];

const usersMistakes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'USAGE',
  'CONFIG_INVALID',
  'CONFIG_UNREADABLE',
  'STATE_UNUSABLE',
]);

export interface ErrorDetails {
  /** File, `file:line:column`, byte offset, address or handler: whatever leads the user to the place. */
  readonly where?: string | undefined;
  /** What to do about it, one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** True if the same call may succeed later (a full disk, a refused connection). */
  readonly canRetry?: boolean | undefined;
  /** Milliseconds for which another try is not welcome: what failed has asked for it. */
  readonly retryAfter?: number | undefined;
  /** Of a write that failed: what of it had arrived before. */
  readonly delivered?: Delivered | undefined;
  /** Of a write that failed: the peer can be reached, and is only too busy. */
  readonly isBusy?: boolean | undefined;
}

/** How much of a selection a sink has for good. */
export interface Delivered {
  /** Picks, from the first on. */
  readonly picks: number;
  readonly bytes: number;
}

export class MirrormonError extends Error {
  override readonly name = 'MirrormonError';
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly canRetry: boolean;
  readonly retryAfter: number | undefined;
  readonly delivered: Delivered | undefined;
  readonly isBusy: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
    this.canRetry = details.canRetry ?? false;
    this.retryAfter = details.retryAfter;
    this.delivered = details.delivered;
    this.isBusy = details.isBusy ?? false;
  }

  /** The same error with more details. */
  with(details: ErrorDetails): MirrormonError {
    return new MirrormonError(this.code, this.message, { ...this, cause: this.cause, ...details });
  }

  /** One line for standard error: where: what (hint). */
  describe(): string {
    const place = this.where === undefined ? '' : `${this.where}: `;
    const hint = this.hint === undefined ? '' : `; ${this.hint}`;
    return `${place}${this.message}${hint}`;
  }

  /** The process's exit status: 2 for what the user wrote wrongly, 1 for what failed while running. */
  get exitCode(): 1 | 2 {
    return usersMistakes.has(this.code) ? 2 : 1;
  }
}

/** The operating system's reason in words that say what to do, for the errors that users really meet. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of its path is not a folder';
    case 'ENOSPC':
      return 'no space left on the disk';
    case 'EDQUOT':
      return 'the quota of the disk is used up';
    case 'EFBIG':
      return 'a file may not become that large here';
    case 'EIO':
      return 'the device failed to read or write it';
    case 'EROFS':
      return 'the file system is read-only';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many open files; allow more of them: ulimit -n 1024';
    case 'ELOOP':
      return 'its symbolic links lead in a circle';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    case 'ENXIO':
    case 'ENODEV':
      return 'there is no such device';
    case 'EBUSY':
    case 'ETXTBSY':
      return 'something else uses it now';
    case 'ENOMEM':
      return 'too little memory';
    case 'EADDRINUSE':
      return 'the address is already in use';
    case 'EADDRNOTAVAIL':
      return 'the address is not one of this machine';
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
      return 'the connection was reset';
    case 'ETIMEDOUT':
      return 'no answer in time';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'no way leads there';
    case 'EAI_AGAIN':
      return 'its name cannot be looked up now';
    case 'ENOTFOUND':
      return 'unknown host';
    default:
      return withoutCall(
        error instanceof Error ? (tlsReason(error.message) ?? error.message) : String(error),
      );
  }
}

/** Of `write EPROTO 80AC…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/…` what went wrong. */
function tlsReason(message: string): string | undefined {
  const reason = /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1];
  if (reason === undefined) return undefined;
  return /wrong version number|packet length too long|http request|unknown protocol/.test(reason)
    ? 'it does not speak TLS: write http:// in place of https://, or give the port that does'
    : `TLS failed: ${reason}`;
}

/** `EPROTO: protocol error, open 'x'` in its words alone: the code and the call mean nothing to whoever reads it. */
function withoutCall(message: string): string {
  return /^E[A-Z0-9]+: (.+), \w+(?: '.*')?$/s.exec(message)?.[1] ?? message;
}

/** What is said of standard output that cannot be written. */
export function outputFailure(error: unknown): string {
  return `standard output: cannot write: ${systemReason(error)}`;
}

/** Any error for standard error. One that is neither ours nor the system's is a bug, and a report needs its stack. */
export function describeError(error: unknown): string {
  if (error instanceof MirrormonError) return error.describe();
  if (typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string') return systemReason(error);
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is a bug of mirrormon, please report it: ${detail}`;
}

/** A handler's output was closed by its reader (`| head`): no failure, but it takes no more. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}
