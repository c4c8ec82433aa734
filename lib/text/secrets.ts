/*
 * What may be shown of addresses and texts that can hold passwords, tokens or keys. Whatever is shown to anyone (messages,
 * `check --print`, the ledger, events, reports) goes through here.
 */

const MASK = '***';

/** Names whose values are nobody's business: query parameters, settings, headers. */
const secretNames =
  /pass(word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|signature|\bsig\b|\bauth\b/i;

/** Whether a value of that name is a secret by its name. */
export function isSecretName(name: string): boolean {
  return secretNames.test(name);
}

/**
 * A URL, or what was meant as one, as it may be shown: with a mask for user name and password, without the values of its query,
 * without its fragment. Of a text that is no URL, everything before the last @ may be credentials.
 */
export function shownUrl(text: string): string {
  const [, scheme = '', rest = ''] = /^\s*([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(text)!;
  const cut = URL.canParse(text) && scheme !== '' ? rest.search(/[?#]/) : -1;
  const before = cut < 0 ? rest : rest.slice(0, cut);
  const at = before.lastIndexOf('@');
  const address = at < 0 ? before : before.slice(at + 1);
  const query = cut < 0 ? '' : rest.slice(cut);
  return `${scheme}${at < 0 ? '' : `${MASK}@`}${withoutQuery(address + query)}`;
}

/** The address with its query's values masked, and no fragment: clients never send one, so what it is for is unknown. */
function withoutQuery(address: string): string {
  const [beforeFragment = ''] = address.split('#', 1);
  const at = beforeFragment.indexOf('?');
  if (at < 0) return beforeFragment;
  const query = beforeFragment
    .slice(at + 1)
    .split('&')
    .map((pair) =>
      pair === '' ? '' : pair.includes('=') ? `${pair.slice(0, pair.indexOf('='))}=${MASK}` : MASK,
    )
    .join('&');
  return `${beforeFragment.slice(0, at)}?${query}`;
}

/** Header values in the form of OTEL_EXPORTER_OTLP_HEADERS, `name=value,name=value`: the names alone. */
export function shownHeaders(text: string): string {
  return text
    .split(',')
    .map((pair) => (pair.includes('=') ? `${pair.slice(0, pair.indexOf('=')).trim()}=${MASK}` : MASK))
    .join(',');
}

/* Every repetition is bounded, so that a long text costs time that grows with its length alone. */
const urlInText = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s'"`,;<>{}|\\^]{1,4096}/gi;
/** `user:password@host` without a scheme. */
const credentialsInText = /[^\s'"`,;:/<>{}()[\]@=]{1,128}:(?!\/\/)[^\s'"`,;<>@]{1,128}@(?=[A-Za-z0-9[])/g;
const schemeInText = /\b(basic|bearer)(\s+|%20)[A-Za-z0-9+/_=.~-]{8,4096}/gi;
/** `password: value`, `token=value`, as configurations and answers have them. */
const namedInText =
  /(["']?[\w.-]{0,40}(?:pass(?:word|wd|phrase)|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization)[\w.-]{0,40}["']?\s{0,8}[:=]\s{0,8})("[^"]{0,4096}"|'[^']{0,4096}'|[^\s,;}\]]{1,4096})/gi;

/** A message with its URLs, and what else stands before an @, as they may be shown. */
export function withoutCredentials(text: string): string {
  return text
    .replace(urlInText, (url) => {
      const [, address = '', behind = ''] = /^(.*?)([).:\]]{0,8})$/s.exec(url)!;
      return shownUrl(address) + behind;
    })
    .replace(credentialsInText, `${MASK}@`);
}

/** A text of others (a line of a file, an answer) without credentials, and without what a name in front calls a secret. */
export function withoutSecrets(text: string): string {
  return withoutCredentials(text)
    .replace(schemeInText, (_, scheme: string, space: string) => `${scheme}${space}${MASK}`)
    .replace(namedInText, (_, name: string) => `${name}${MASK}`);
}
