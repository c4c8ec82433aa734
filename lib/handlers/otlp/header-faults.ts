import { validateHeaderName, validateHeaderValue } from 'node:http';
import { MirrormonError } from '../../errors.ts';

/*
 * What OpenTelemetry's package leaves out of the headers that its variables give, without a word: a token with a % in it
 * is no header at all, and one with a ; ends before it. Parts are told by their place, since they are secrets.
 */

/** A % behind which no byte stands. */
const percent = /%(?![0-9a-f]{2})/i;

/** Why a part of such a variable does not count as it stands; undefined where it does. */
function faultOf(part: string): string | undefined {
  const [pair = ''] = part.split(';', 1);
  const split = pair.indexOf('=');
  const [name, value] = [pair.slice(0, split).trim(), pair.slice(split + 1).trim()];
  if (split < 0 || name === '') return 'is left out: it is no NAME=VALUE';
  if (value === '') return 'is left out: it has no value';
  if (!isDecodable(name) || !isDecodable(value)) return 'is left out: it has a % that is none; write %25';
  if (pair !== part) return 'counts up to its ; alone; write %3B';
  return undefined;
}

function isDecodable(text: string): boolean {
  if (percent.test(text)) return false;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with the headers that the environment gives. @param signal as the variables call it */
export function headerFaults(env: NodeJS.ProcessEnv, signal: string): string[] {
  return variablesOf(signal).flatMap((variable) =>
    (env[variable] ?? '').split(',').flatMap((part, k) => {
      const fault = part.trim() === '' ? undefined : faultOf(part);
      return fault === undefined ? [] : [`${variable}: its part ${k + 1} ${fault}`];
    }),
  );
}

const variablesOf = (signal: string) => [
  'OTEL_EXPORTER_OTLP_HEADERS',
  `OTEL_EXPORTER_OTLP_${signal}_HEADERS`,
];

/**
 * Refuses headers that HTTP cannot carry: no request would ever be sent.
 * @throws {MirrormonError} HANDLER_OPEN
 */
export function checkHeaders(headers: Readonly<Record<string, string>>, signal: string, where: string): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (cause) {
      throw new MirrormonError('HANDLER_OPEN', 'its requests have a header that HTTP cannot carry', {
        where,
        hint: `see ${variablesOf(signal).join(' and ')}: NAME=VALUE,…, with what is no letter or figure in percent-encoding`,
        cause,
      });
    }
  }
}
