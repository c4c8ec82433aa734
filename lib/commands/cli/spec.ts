import type { Io } from '../io.ts';

/** What parsed options are by: the long flag in camel case. */
export type Values = Readonly<Record<string, unknown>>;

/** One option. Parsing, help, completion, the man page and proposals are made from this. */
export interface OptionSpec {
  /** As commander takes them: `-c, --config <file>`. */
  readonly flags: string;
  readonly help: string;
  /** The heading in --help that it stands under. */
  readonly group: Group;
  readonly choices?: readonly string[] | undefined;
  /** Words that its argument may be made of, for completion: of several words, or of others, too. */
  readonly proposals?: readonly string[] | undefined;
  readonly default?: string | number | undefined;
  /** May be given several times. */
  readonly repeatable?: boolean | undefined;
  /** A whole number of at least so much. */
  readonly least?: number | undefined;
  /** Not in help: the other form of an option that is. */
  readonly hidden?: boolean | undefined;
}

export const groups = ['Input', 'Which records', 'Output', 'Metrics', 'Export', 'Books', 'Other'] as const;
export type Group = (typeof groups)[number];

export interface CommandSpec {
  /** '' is the default command. */
  readonly name: string;
  /** As commander takes them: `[file...]`. */
  readonly args?: string | undefined;
  readonly argsHelp?: string | undefined;
  /** The words that its first argument can be, for completion. */
  readonly words?: readonly string[] | undefined;
  readonly help: string;
  readonly options: readonly OptionSpec[];
  /** Command lines that show what it is good for. */
  readonly examples: readonly string[];
  /** @returns the exit status; what does it is loaded when it is called */
  run(args: readonly string[], values: Values, io: Io): Promise<number>;
}

/** The flags of an option one by one, without its argument. */
export function flagsOf({ flags }: OptionSpec): string[] {
  return flags.match(/(?<=^|[\s,])--?[A-Za-z][\w-]*/g) ?? [];
}

export function longFlagOf(option: OptionSpec): string {
  return flagsOf(option).find((flag) => flag.startsWith('--'))!;
}

/** The name of an option's argument: `file` of `--ledger <file>`; undefined of a switch. */
export function argumentOf({ flags }: OptionSpec): string | undefined {
  return /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1];
}

/** The key of an option in Values: `reportInterval` of --report-interval; --no-color is `color`. */
export function keyOf(option: OptionSpec): string {
  const name = longFlagOf(option).replace(/^--(no-)?/, '');
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** How a command is called. */
export function usageOf({ name, args, options }: CommandSpec): string {
  const words = ['mirrormon', name, options.length > 0 ? '[options]' : '', args ?? ''];
  return words.filter((word) => word !== '').join(' ');
}

/** What help and the man page say of an option. */
export function helpTextOf({ help, choices, default: byDefault, repeatable }: OptionSpec): string {
  const notes = [
    choices === undefined ? '' : `: ${choices.join(', ')}`,
    byDefault === undefined ? '' : ` (default: ${byDefault})`,
    repeatable ? ' (repeatable)' : '',
  ];
  return help + notes.join('');
}

/** The environment that counts, for help and the man page. */
export const environment: readonly (readonly [name: string, means: string])[] = [
  ['OPERATOR_METRICS_ENABLED', 'operator.metrics, true or false'],
  ['OPERATOR_METRICS_ADDR', 'operator.metricsAddr; OPERATOR_METRICS_FALLBACK_ADDR where it is taken'],
  ['OPERATOR_JSON_LOG', 'operator.jsonLog, true or false'],
  ['RUST_LOG', 'operator.logLevel, such as mirrord=debug'],
  ['OTEL_RUST_LOG, OTLP_RUST_LOG', 'operator.otelLogLevel'],
  ['OTLP_LOGS_URL, OTLP_TRACES_URL', 'operator.otelLogExportUrl, operator.otelTraceExportUrl'],
  ['NO_COLOR', 'no colours; so does TERM=dumb'],
];

export const exitStatuses: readonly (readonly [status: string, means: string])[] = [
  ['0', 'done'],
  ['1', 'an input, a handler or a case failed, or nothing of an input could be read'],
  ['2', 'wrong usage or configuration'],
  ['3', 'with --strict: something was rejected, refused or dropped'],
  ['130, 143', 'ended by SIGINT or SIGTERM, with all that was read written'],
  ['128 + n', 'likewise by signal n: 129 a lost terminal, 131 SIGQUIT, 140 SIGUSR2, 142 SIGALRM'],
];
