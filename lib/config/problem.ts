import { MirrormonError } from '../errors.ts';
import { withoutCredentials } from '../text/secrets.ts';
import type { Origin } from './node.ts';

export type Severity = 'error' | 'warning';

/** One thing that is wrong, or doubtful, in what the user configured. */
export interface Problem {
  readonly severity: Severity;
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The setting, such as `events.h1.handler.path`; outside files the variable or option that was wrong. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** `ctrl.yml:12:7`, or the variable or option. */
export function placeOf(problem: Problem): string {
  if (problem.file === undefined) return problem.path;
  return problem.line === undefined ? problem.file : `${problem.file}:${problem.line}:${problem.column ?? 1}`;
}

/** One line: `ctrl.yml:12:7: message; hint`. */
export function formatProblem(problem: Problem): string {
  const hint = problem.hint === undefined ? '' : `; ${problem.hint}`;
  return `${placeOf(problem)}: ${problem.message}${hint}`;
}

/** Collects problems while a configuration is read, so that all are told at once. */
export class Problems {
  readonly all: Problem[] = [];
  private readonly files: readonly string[];

  constructor(files: readonly string[]) {
    this.files = files.map(printable);
  }

  error(origin: Origin, path: string, message: string, hint?: string): void {
    this.add('error', origin, path, message, hint);
  }

  warning(origin: Origin, path: string, message: string, hint?: string): void {
    this.add('warning', origin, path, message, hint);
  }

  add(severity: Severity, origin: Origin, path: string, message: string, hint?: string): void {
    const place =
      'file' in origin ? { ...origin, file: printable(origin.file), path } : { path: origin.name };
    this.all.push({ severity, ...place, message: shown(message), hint: hint && shown(hint) });
  }

  /** The problems of a severity in reading order: files as they were given, top to bottom; then all others. */
  of(severity: Severity): Problem[] {
    const rank = ({ file }: Problem) => (file === undefined ? this.files.length : this.files.indexOf(file));
    return this.all
      .filter((problem) => problem.severity === severity)
      .toSorted(
        (a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
      );
  }
}

/** A message as it may be shown. */
function shown(text: string): string {
  return printable(withoutCredentials(text));
}

/** Keys and values of the file are quoted in messages; a terminal must not obey what they hold, nor be flooded. */
function printable(text: string): string {
  const short = text.length > 600 ? `${text.slice(0, 597)}...` : text;
  return short.replace(
    /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Throws CONFIG_INVALID with the first error, and how many more there are. */
export function assertValid(loaded: { readonly errors: readonly Problem[] }): void {
  const [first, ...others] = loaded.errors;
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more, see mirrormon check)`;
  throw new MirrormonError('CONFIG_INVALID', `${first.message}${more}`, {
    where: placeOf(first),
    hint: first.hint,
  });
}
