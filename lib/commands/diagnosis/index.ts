/** What a run says of inputs that it understood little or nothing of. */

import type { InputConfig } from '../../config.ts';
import { printable } from '../../text/printable.ts';
import { thousands } from '../../text/thousands.ts';
import type { RunOptions } from '../invocation.ts';
import type { Messages } from '../standard-error.ts';
import { binaryKind } from './binary.ts';
import { type Example, type InputAccount, InputAccounts, understood } from './input-accounts.ts';

/** Inputs that framings are tried on. */
const MOST_TRIED = 3;

export interface Finding {
  /** error: nothing of the input could be read. */
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

/** How the inputs were said to be framed. */
type Asked = Pick<RunOptions, 'inputFormat' | 'records'>;

export interface DiagnosisOptions extends Asked {
  readonly limits: InputConfig;
}

/** Tells of inputs while they are read, and of all at the end. */
export class Diagnosis {
  readonly accounts: InputAccounts;
  private readonly options: DiagnosisOptions;
  private readonly tell: (finding: Finding) => void;
  private tried = 0;
  private telling = Promise.resolve();

  constructor({ inputFormat, records }: Asked, limits: InputConfig, messages: Messages) {
    this.options = { inputFormat, records, limits };
    this.tell = ({ severity, text }) => (severity === 'error' ? messages.error(text) : messages.warn(text));
    this.accounts = new InputAccounts((account) => {
      this.telling = this.telling.then(() => this.paragraph(account));
    });
  }

  /**
   * A paragraph for each input that is at fault and was not told of yet.
   * @param failed something did, which was told: an input without a record may not have been read
   * @returns whether there is an input of which nothing could be read
   */
  async conclude(failed: boolean): Promise<boolean> {
    const { faulty } = this.accounts;
    await this.telling;
    for (const account of faulty)
      if (!account.told && !(failed && account.records === 0)) await this.paragraph(account);
    return faulty.some(({ records, rejected }) => records > 0 && rejected === records);
  }

  private async paragraph(account: InputAccount): Promise<void> {
    const { options } = this;
    const what = whatOf(account, options.records);
    if (what === undefined) return;
    const binary = what.severity === 'error' ? binaryKind(account.head) : undefined;
    if (binary !== undefined) {
      const text = `${nameOf(account)}: ${what.text}: it is ${binary}, no text; name the log itself, or unpack it first`;
      this.tell({ severity: what.severity, text });
      return;
    }
    const parts = [
      `${nameOf(account)}: ${what.text}`,
      takenFor(account, options),
      ...exampleOf(what.example),
    ];
    if (this.tried++ < MOST_TRIED) parts.push(await adviceOf(account, options));
    this.tell({ severity: what.severity, text: parts.join('; ') });
  }
}

function whatOf(
  account: InputAccount,
  path: string | undefined,
): (Finding & { readonly example: Example | undefined }) | undefined {
  const { bytes, records, rejected, others, firstRejected, firstOther } = account;
  const all = thousands(records);
  if (records === 0) {
    return bytes === 0 ? undefined : { severity: 'warning', text: noneIn(account, path), example: undefined };
  }
  if (rejected === records) {
    const what = records === 1 ? 'its one record' : `any of its ${all} records`;
    return { severity: 'error', text: `could not read ${what}`, example: firstRejected };
  }
  if (2 * rejected > records) {
    const text = `more than half of it was not understood, ${thousands(rejected)} of ${all} records`;
    return { severity: 'warning', text, example: firstRejected };
  }
  if (understood(account) > 0) return undefined;
  const which =
    others === 1 ? 'the one that is valid is no' : `of ${thousands(others)} that are valid none is a`;
  const text = `nothing came of its ${all} ${records === 1 ? 'record' : 'records'}: ${which} log record of the mirrord Operator, and no metric or event of OpenZiti`;
  return { severity: 'warning', text, example: firstOther };
}

function noneIn({ head }: InputAccount, path: string | undefined): string {
  if (/^\s*$/.test(head.toString('latin1'))) return 'there is nothing but blank lines in it';
  return path === undefined ? 'there is no record in it' : `--records '${path}' leads to no record in it`;
}

function nameOf({ input }: InputAccount): string {
  return input.name === '-' ? 'standard input' : printable(input.name);
}

/** Which framing was chosen, and why. */
function takenFor(
  { input, head }: InputAccount,
  { inputFormat = 'auto', records }: DiagnosisOptions,
): string {
  const framing = input.framing === '' ? 'ndjson' : input.framing;
  if (inputFormat !== 'auto') return `it was read as ${framing}, as -i says`;
  if (records !== undefined) return `it was read as ${framing}, as --records says`;
  const isObject = /^\s*\{/.test(head.toString('latin1', 0, 100));
  if (framing === 'ndjson' && !isObject)
    return 'it was read as ndjson, one JSON record a line, as its beginning has no known form';
  return `it was read as ${framing}, as its beginning looks like that`;
}

function exampleOf(example: Example | undefined): string[] {
  if (example === undefined) return [];
  const { offset, place, reason, text } = example;
  if (reason === undefined) return [`the first is: ${text}`];
  const where =
    place === undefined
      ? `at byte ${thousands(offset ?? 0)}`
      : `in ${place.name} at offset ${thousands(place.offset)}`;
  return [
    `the first that does not fit, ${where} (${reason}), is: ${text === '' ? 'nothing that could be printed' : text}`,
  ];
}

/** What the user could do. */
async function adviceOf(account: InputAccount, { limits, records }: DiagnosisOptions): Promise<string> {
  const { attempts } = await import('./trials.ts');
  const { head, input, firstRejected } = account;
  if (firstRejected?.reason === 'invalid-utf8') {
    return 'its text is not UTF-8: convert it first, such as by iconv -f WINDOWS-1252 -t UTF-8';
  }
  const found = await attempts(head, input.framing, limits);
  // a path that leads nowhere is best followed by one that leads somewhere
  const best =
    (records !== undefined && found.find(({ option }) => option.startsWith('--records'))) || found[0];
  if (best !== undefined) {
    return `try ${best.option}, which understands ${thousands(best.understood)} of the first ${thousands(best.records)} records`;
  }
  return 'no -i and no --records reads its beginning any better; --dead-letters FILE writes what was rejected, and mirrormon help inputs tells what is read';
}
