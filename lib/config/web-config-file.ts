import { readFile as readFromDisk } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { MirrormonError, systemReason } from '../errors.ts';
import { clientAuthTypes, type WebConfig, type WebTls } from '../handlers/prometheus/web-config.ts';
import { at, type ConfigNode, isAbsent, type ScalarNode } from './node.ts';
import { assertValid, Problems } from './problem.ts';
import type { Reading } from './reading.ts';
import { integer, oneOf, text, truth } from './scalars.ts';
import { group, readGroup, setting, type Values } from './setting.ts';
import { textList } from './special.ts';
import { asMap, unfit, type ValueKind } from './value-kind.ts';
import { readYaml } from './yaml.ts';

/** What cannot be read here has the toolkit's default. */
const optional = { default: undefined, description: '' } as const;

/** PEM stands on many lines. It is a secret, so no message quotes it. */
const pem: ValueKind<string> = {
  label: 'PEM',
  read(node, path, reading) {
    const isPem =
      node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('-----BEGIN ');
    return isPem ? (node.value as string) : unfit(hidden(node), path, 'a text in PEM, -----BEGIN …', reading);
  },
};

function hidden(node: ConfigNode): ConfigNode {
  return node.kind === 'scalar' ? { ...node, value: '***', text: '***', written: '***' } : node;
}

const versions = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;
const versionWords = Object.keys(versions) as (keyof typeof versions)[];
const curveNames: Readonly<Record<string, string>> = {
  CurveP256: 'prime256v1',
  CurveP384: 'secp384r1',
  CurveP521: 'secp521r1',
  X25519: 'X25519',
};

/** A cipher suite by its name in Go, in OpenSSL's word; undefined if there is none. */
export function opensslCipher(name: string): string | undefined {
  if (/^TLS_(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256)$/.test(name)) return name;
  const match =
    /^TLS_(ECDHE_RSA|ECDHE_ECDSA|RSA)_WITH_(AES_(128|256)_(GCM_SHA256|GCM_SHA384|CBC_SHA256|CBC_SHA)|CHACHA20_POLY1305(?:_SHA256)?)$/.exec(
      name,
    );
  if (match === null) return undefined;
  const [, exchange, cipher, bits, mode] = match as unknown as string[];
  const front = exchange === 'RSA' ? '' : `${exchange!.replace('_', '-')}-`;
  if (cipher!.startsWith('CHACHA20')) return front === '' ? undefined : `${front}CHACHA20-POLY1305`;
  return `${front}AES${bits}-${mode!.replace('CBC_', '').replace('_', '-')}`;
}

const tlsGroup = group({
  cert_file: setting(text, optional),
  cert: setting(pem, optional),
  key_file: setting(text, optional),
  key: setting(pem, optional),
  client_auth_type: setting(oneOf(...clientAuthTypes), { default: 'NoClientCert', description: '' }),
  client_ca_file: setting(text, optional),
  client_ca: setting(pem, optional),
  client_allowed_sans: setting(textList, { default: [], description: '' }),
  min_version: setting(oneOf(...versionWords), { default: 'TLS12', description: '' }),
  max_version: setting(oneOf(...versionWords), { default: 'TLS13', description: '' }),
  cipher_suites: setting(textList, optional),
  prefer_server_cipher_suites: setting(truth, { default: true, description: '' }),
  curve_preferences: setting(textList, optional),
});

const headers: ValueKind<Readonly<Record<string, string>>> = textMap((name, value, path, reading) => {
  if (/^[\w-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value.text)) return value.text;
  return unfit(value, path, 'the value of a header, in ASCII', reading);
});

const users: ValueKind<Readonly<Record<string, string>>> = textMap((_, value, path, reading) => {
  if (/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(value.text)) return value.text;
  return unfit(hidden(value), path, 'a bcrypt hash, such as htpasswd -nBC 10 "" gives', reading);
});

function textMap(
  readOne: (name: string, value: ScalarNode, path: string, reading: Reading) => string | undefined,
): ValueKind<Readonly<Record<string, string>>> {
  return {
    label: 'map',
    read(node, path, reading) {
      const entries: [string, string][] = [];
      for (const [name, { value }] of asMap(node, path, reading)?.entries ?? []) {
        const below = `${path}.${name}`;
        const one =
          value.kind === 'scalar'
            ? readOne(name, value, below, reading)
            : unfit(value, below, 'text', reading);
        if (one !== undefined) entries.push([name, one]);
      }
      return Object.fromEntries(entries);
    },
  };
}

const webGroup = group(
  {
    http_server_config: group({
      http2: setting(truth, { default: true, description: '' }),
      headers: setting(headers, { default: {}, description: '' }),
    }),
    basic_auth_users: setting(users, { default: {}, description: '' }),
  },
  { foreign: ['tls_server_config', 'rate_limit'] },
);
const rateGroup = group({ burst: setting(integer(0), optional), interval: setting(text, optional) });

export type ReadFile = (path: string) => Promise<string>;

/**
 * Reads a web configuration file in the form of Prometheus' exporter-toolkit, with the files that it names. An unknown
 * key is an error, as there. Every problem is told.
 */
export async function readWebConfig(
  path: string,
  readFile: ReadFile,
  problems: Problems,
): Promise<WebConfig | undefined> {
  const content = await readFile(path);
  const before = problems.all.length;
  const root = await readYaml(content, path, problems);
  const reading = bareReading(root, problems);
  const web = readGroup(webGroup, root, '', reading);
  readGroup(rateGroup, at(root, ['rate_limit']), 'rate_limit', reading);
  if (at(root, ['rate_limit']) !== undefined) {
    problems.warning(
      at(root, ['rate_limit'])!.origin,
      'rate_limit',
      'rate_limit has no effect: four scrapes run at once, and no more',
    );
  }
  const tlsNode = at(root, ['tls_server_config']);
  const tls = isAbsent(tlsNode) ? undefined : await readTls(tlsNode, dirname(path), readFile, reading);
  if (problems.all.slice(before).some(({ severity }) => severity === 'error')) return undefined;
  const { http2, headers } = web.http_server_config;
  return {
    tls,
    http2: http2 && tls !== undefined,
    headers,
    users: new Map(Object.entries(web.basic_auth_users)),
  };
}

/** Only files: no environment, no options, no homes of other files' keys. */
function bareReading(root: ConfigNode | undefined, problems: Problems): Reading {
  const nothing = () => undefined;
  return {
    root,
    problems,
    env: {},
    options: {},
    origins: new Map(),
    shownUrls: new Map(),
    variables: nothing,
    shownVariables: nothing,
    homesOf: () => [],
    closed: true,
    expression: nothing,
  };
}

type TlsValues = Values<(typeof tlsGroup)['fields']>;

async function readTls(
  node: ConfigNode,
  folder: string,
  readFile: ReadFile,
  reading: Reading,
): Promise<WebTls | undefined> {
  const { problems } = reading;
  const read = readGroup(tlsGroup, node, 'tls_server_config', reading);
  const complain = (key: string, message: string, hint?: string): undefined => {
    problems.error(
      at(node, [key])?.origin ?? node.origin,
      `tls_server_config.${key}`,
      `tls_server_config.${key} ${message}`,
      hint,
    );
    return undefined;
  };
  const fileOr = async (key: 'cert' | 'key' | 'client_ca'): Promise<string | undefined> => {
    const file = read[`${key}_file`];
    if (read[key] !== undefined && file !== undefined)
      return complain(key, `and ${key}_file exclude one another`, 'leave one out');
    if (file === undefined) return read[key];
    try {
      return await readFile(resolve(folder, file));
    } catch (error) {
      return complain(
        `${key}_file`,
        `cannot be read: ${systemReason(error)}`,
        'paths are relative to the web configuration',
      );
    }
  };
  const [cert, key, clientCa] = [await fileOr('cert'), await fileOr('key'), await fileOr('client_ca')];
  for (const name of ['cert', 'key'] as const) {
    if (read[name] === undefined && read[`${name}_file`] === undefined)
      complain(name, 'is missing', `add ${name}_file`);
  }
  const verifies =
    read.client_auth_type === 'RequireAndVerifyClientCert' ||
    read.client_auth_type === 'VerifyClientCertIfGiven';
  if (verifies && clientCa === undefined)
    complain('client_auth_type', 'verifies certificates, but by no authority', 'add client_ca_file');
  if (clientCa !== undefined && read.client_auth_type === 'NoClientCert') {
    complain(
      'client_ca_file',
      'is of no use: client_auth_type asks for no certificate',
      'add client_auth_type: RequireAndVerifyClientCert',
    );
  }
  if (versionWords.indexOf(read.min_version) > versionWords.indexOf(read.max_version))
    complain('min_version', 'is above max_version');
  const ciphers = wordsOf(read, 'cipher_suites', opensslCipher, complain);
  const curves = wordsOf(read, 'curve_preferences', (name) => curveNames[name], complain);
  if (cert === undefined || key === undefined) return undefined;
  return {
    cert,
    key,
    clientCa,
    clientAuth: read.client_auth_type,
    clientSans: read.client_allowed_sans,
    minVersion: versions[read.min_version],
    maxVersion: versions[read.max_version],
    ciphers,
    curves,
    preferServerCiphers: read.prefer_server_cipher_suites,
  };
}

/** Go's names in OpenSSL's words, as one text. */
function wordsOf(
  read: TlsValues,
  key: 'cipher_suites' | 'curve_preferences',
  word: (name: string) => string | undefined,
  complain: (key: string, message: string) => undefined,
): string | undefined {
  const names = read[key] ?? [];
  for (const name of names) if (word(name) === undefined) complain(key, `names ${name}, which is not known`);
  return names.length === 0 ? undefined : names.map((name) => word(name) ?? '').join(':');
}

/**
 * The same for whoever needs it to be right.
 * @throws {MirrormonError} CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function requireWebConfig(path: string): Promise<WebConfig> {
  const problems = new Problems([path]);
  let web: WebConfig | undefined;
  try {
    web = await readWebConfig(path, (file) => readFromDisk(file, 'utf8'), problems);
  } catch (error) {
    if (error instanceof MirrormonError) throw error;
    throw new MirrormonError(
      'CONFIG_UNREADABLE',
      `cannot read this web configuration: ${systemReason(error)}`,
      {
        where: path,
        cause: error,
      },
    );
  }
  assertValid({ errors: problems.of('error') });
  return web!;
}
