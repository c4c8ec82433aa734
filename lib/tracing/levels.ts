import { type Directive, DirectiveError, parseDirective } from './level-directive.ts';

/** A span that a record stands in, as its JSON gives it. */
export interface SpanFields {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Levels that cannot be read; the column counts from 1. */
export class LevelSyntaxError extends Error {
  override readonly name = 'LevelSyntaxError';
  readonly column: number;
  readonly hint: string | undefined;

  constructor(message: string, column: number, hint?: string) {
    super(message);
    this.column = column;
    this.hint = hint;
  }
}

/** Which log records are written: the grammar and the outcome of tracing-subscriber's `EnvFilter`. */
export class LevelFilter {
  /** The directives that count, as they were written; `parseLevels` reads the same filter from it. */
  readonly text: string;
  /** Whether the outcome can depend on a record's spans, or on the names of its own fields; the latter implies the former. */
  readonly needsSpans: boolean;
  readonly needsFields: boolean;
  /** Whether a record's level alone decides. */
  readonly needsLevelOnly: boolean;
  private readonly byTarget: readonly Directive[];
  private readonly bySpan: readonly Directive[];

  constructor(directives: readonly Directive[], text: string) {
    this.text = text;
    this.bySpan = mostSpecificFirst(directives.filter((d) => d.span !== undefined || d.fields.length > 0));
    // A directive with fields but without their values also holds for records that have these fields themselves.
    this.byTarget = mostSpecificFirst(
      directives.filter((d) => d.span === undefined && d.fields.every((field) => field.test === undefined)),
    );
    this.needsSpans = this.bySpan.length > 0;
    this.needsFields = this.byTarget.some((d) => d.fields.length > 0);
    const isForAll = (d: Directive) => d.target === undefined && d.fields.length === 0;
    this.needsLevelOnly = !this.needsSpans && this.byTarget.every(isForAll);
  }

  /** Whether a directive is for modules of that name, whatever level it lets through. */
  names(target: string): boolean {
    return this.byTarget.some((d) => startsWith(target, d.target));
  }

  /**
   * Whether a record is let through. `level` is an index into the batch's `levels`; a record without a level (0) counts
   * as INFO. A log does not say which module a span comes from, so a directive `module[span]` compares the record's
   * own target with its module.
   */
  enabled(
    level: number,
    target: string,
    spans: readonly SpanFields[] = [],
    hasField: (name: string) => boolean = () => false,
  ): boolean {
    const needed = level === 0 ? 3 : 6 - level;
    if (spans.some((span) => this.bySpan.some((d) => d.verbosity >= needed && holdsFor(d, span, target)))) {
      return true;
    }
    const first = this.byTarget.find(
      (d) => startsWith(target, d.target) && d.fields.every((field) => hasField(field.name)),
    );
    return first !== undefined && first.verbosity >= needed;
  }
}

function startsWith(target: string, prefix: string | undefined): boolean {
  return prefix === undefined || target.startsWith(prefix);
}

function holdsFor(directive: Directive, span: SpanFields, target: string): boolean {
  return (
    startsWith(target, directive.target) &&
    (directive.span === undefined || directive.span === span.name) &&
    directive.fields.every(
      ({ name, test }) => Object.hasOwn(span.fields, name) && (test === undefined || test(span.fields[name])),
    )
  );
}

/** Of directives for the same thing the last one counts; longer targets, then more fields, come first. */
function mostSpecificFirst(directives: readonly Directive[]): Directive[] {
  const last = new Map<string, Directive>();
  for (const d of directives) {
    last.set(JSON.stringify([d.target, d.span, d.fields.map((f) => [f.name, f.pattern])]), d);
  }
  const length = (d: Directive) => (d.target === undefined ? -1 : Buffer.byteLength(d.target));
  return [...last.values()].sort((a, b) => length(b) - length(a) || b.fields.length - a.fields.length);
}

/** What only an INFO and everything more severe passes: the Operator's filter when nothing is set. */
export const defaultLevels = 'info';

/**
 * Reads levels strictly, as from a file or an option. Throws LevelSyntaxError. An empty text lets nothing through.
 */
export function parseLevels(text: string): LevelFilter {
  const directives: Directive[] = [];
  forEachPart(text, (part, start) => {
    try {
      directives.push(parseDirective(part));
    } catch (error) {
      if (!(error instanceof DirectiveError)) throw error;
      throw new LevelSyntaxError(error.message, start + error.at + 1, adviceFor(part));
    }
  });
  return new LevelFilter(directives, text);
}

/**
 * Reads levels as the Operator reads its environment: what is no directive is dropped and told to `warn`. If none is
 * left, ERROR alone passes.
 */
export function parseLevelsLossy(text: string, warn: (message: string) => void): LevelFilter {
  const directives: Directive[] = [];
  forEachPart(text, (part) => {
    try {
      directives.push(parseDirective(part));
    } catch (error) {
      if (!(error instanceof DirectiveError)) throw error;
      warn(`${JSON.stringify(part)} is ignored: ${error.message}`);
    }
  });
  if (directives.length > 0) return new LevelFilter(directives, directives.map((d) => d.text).join(','));
  warn('it holds no valid directive, so only errors are let through');
  return parseLevels('error');
}

/** Commas part directives, wherever they stand. */
function forEachPart(text: string, take: (part: string, start: number) => void): void {
  let start = 0;
  for (const part of text.split(',')) {
    if (part !== '') take(part, start);
    start += part.length + 1;
  }
}

function adviceFor(part: string): string | undefined {
  if (/^\s|\s$|=\s|\s=/.test(part)) return 'leave out the spaces';
  if (/[{[]/.test(part) && !/]/.test(part)) return 'a comma cannot stand inside [ ]';
  return undefined;
}
