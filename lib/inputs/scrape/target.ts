import { MirrormonError } from '../../errors.ts';
import { percentDecoded } from '../../text/percent.ts';
import { isSecretName, shownUrl } from '../../text/secrets.ts';

/** An endpoint to scrape. */
export interface Target {
  readonly url: string;
  /** The URL as messages may show it. */
  readonly name: string;
  /** source_id of its events: host and port, with the path where two targets share those. */
  readonly sourceId: string;
  /** Value of the Authorization header. */
  readonly authorization: string | undefined;
}

const wellKnownPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || wellKnownPorts[url.protocol] === undefined) {
    throw new MirrormonError('USAGE', `--scrape takes an http or https URL, not '${shownUrl(text)}'`, {
      hint: 'such as --scrape http://localhost:9000/metrics',
    });
  }
  // as Prometheus has it: where nothing else is said, metrics are at /metrics
  if (url.pathname === '/' && url.search === '') url.pathname = '/metrics';
  url.hash = '';
  return url;
}

/** A query that tells targets apart, but for values that are secrets by their name. */
function shownQuery(search: string): string {
  return search.replace(/([?&])([^=&]+)=([^&]*)/g, (whole, before, name) =>
    isSecretName(name) ? `${before}${name}=***` : whole,
  );
}

/**
 * The endpoints that URLs name.
 * @throws {MirrormonError} USAGE for what is no URL, and for two that are the same
 */
export function targetsOf(texts: readonly string[]): Target[] {
  const urls = texts.map(parse);
  const instances = urls.map(
    ({ hostname, port, protocol }) => `${hostname}:${port || wellKnownPorts[protocol]}`,
  );
  return urls.map((url, k) => {
    const { username, password, pathname, search } = url;
    url.username = '';
    url.password = '';
    const same = instances.filter((instance) => instance === instances[k]).length;
    if (urls.slice(0, k).some(({ href }) => href === url.href)) {
      throw new MirrormonError('USAGE', `--scrape names ${shownUrl(url.href)} twice`);
    }
    const credentials = `${percentDecoded(username)}:${percentDecoded(password)}`;
    return {
      url: url.href,
      name: shownUrl(url.href),
      sourceId: same > 1 ? `${instances[k]}${pathname}${shownQuery(search)}` : instances[k]!,
      authorization: credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
    };
  });
}
