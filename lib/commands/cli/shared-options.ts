import { framings } from '../../framings/detect/index.ts';
import type { OptionSpec } from './spec.ts';

/** How commands answer. */
export const answerFormats = ['table', 'json', 'csv', 'markdown'] as const;
export type AnswerFormat = (typeof answerFormats)[number];

/** How logs are read; of every command that reads logs. */
export const inputOptions: readonly OptionSpec[] = [
  {
    flags: '-c, --config <file>',
    help: 'configuration (YAML), merged left to right',
    group: 'Input',
    repeatable: true,
  },
  {
    flags: '-i, --input-format <format>',
    help: 'how records are framed',
    group: 'Input',
    choices: framings,
    default: 'auto',
  },
  {
    flags: '--records <path>',
    help: 'with json: where the records are, such as hits.hits._source or rows[][1]',
    group: 'Input',
  },
  {
    flags: '--since <time>',
    help: 'records from then on: a time (2024-04-01T13:37Z, today), or a duration (90m, 7d) before now, of files before their newest record',
    group: 'Which records',
  },
  { flags: '--until <time>', help: 'records before then, likewise', group: 'Which records' },
  {
    flags: '--where <condition>',
    help: "records whose field matches: FIELD=RE2, also !=, and < <= > >= for numbers, such as 'user=@corp'",
    group: 'Which records',
    repeatable: true,
  },
  {
    flags: '--workers <n>',
    help: 'threads that parse large inputs (default: by processors, at most 2)',
    group: 'Input',
    least: 0,
  },
];

export const colors: readonly OptionSpec[] = [
  {
    flags: '--color',
    help: 'colours (default: on a terminal, unless NO_COLOR is set or TERM=dumb); also --no-color',
    group: 'Output',
  },
  { flags: '--no-color', help: 'no colours', group: 'Output', hidden: true },
];

/** How much is said meanwhile. */
export const manners: readonly OptionSpec[] = [
  {
    flags: '--progress',
    help: 'progress on standard error (default: on a terminal, for files); also --no-progress',
    group: 'Other',
  },
  { flags: '--no-progress', help: 'no progress', group: 'Other', hidden: true },
  { flags: '-q, --quiet', help: 'errors only on standard error', group: 'Other' },
];

/** Of commands that answer on standard output. */
export const lookOptions: readonly OptionSpec[] = [...colors, ...manners];

/** Of commands that answer in one of several formats, which each names itself. */
export const formatOption: OptionSpec = {
  flags: '--format <format>',
  help: 'of the answer',
  group: 'Output',
  default: 'table',
};

/** Of commands that write a file of their own. */
export const forceOption: OptionSpec = {
  flags: '--force',
  help: 'write to a file that exists and is not of mirrormon',
  group: 'Other',
};
