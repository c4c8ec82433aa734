import { readFile } from 'node:fs/promises';
import type { SecureVersion, ConnectionOptions as TlsOptions } from 'node:tls';
import type { BaseOptions, SASLMechanismValue, SASLOptions } from '@platformatic/kafka';
import type { KafkaConfig } from '../config.ts';
import { MirrormonError, systemReason } from '../errors.ts';

/** Milliseconds. */
const CONNECT_TIMEOUT = 5000;
const RETRY_DELAY = 250;
const RETRIES = 1;

/**
 * What a client of the library is made with: brokers, TLS and SASL, passwords and tokens read from their files.
 * @throws {MirrormonError} CONFIG_INVALID for a file that cannot be read
 */
export async function clientOptions(config: KafkaConfig): Promise<BaseOptions> {
  const [tls, sasl] = [await tlsOf(config.tls), saslOf(config.sasl)];
  if (config.sasl.passwordFile !== undefined)
    await secretIn(config.sasl.passwordFile, 'kafka.sasl.passwordFile');
  if (config.sasl.tokenFile !== undefined) await secretIn(config.sasl.tokenFile, 'kafka.sasl.tokenFile');
  return {
    clientId: 'mirrormon',
    bootstrapBrokers: [...config.brokers],
    connectTimeout: CONNECT_TIMEOUT,
    retries: RETRIES,
    retryDelay: RETRY_DELAY,
    strict: false,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  };
}

async function tlsOf({
  enabled,
  ca,
  cert,
  key,
  minVersion,
}: KafkaConfig['tls']): Promise<TlsOptions | undefined> {
  if (enabled === false || (enabled === undefined && ca === undefined && cert === undefined))
    return undefined;
  const file = async (path: string | undefined, setting: string) =>
    path === undefined ? undefined : await contentOf(path, `kafka.tls.${setting}`);
  const [authority, certificate, secret] = [
    await file(ca, 'ca'),
    await file(cert, 'cert'),
    await file(key, 'key'),
  ];
  return {
    minVersion: minVersion as SecureVersion,
    ...(authority && { ca: authority }),
    ...(certificate && { cert: certificate }),
    ...(secret && { key: secret }),
  };
}

/** Passwords are read anew for every connection, so that one that is renewed needs no restart. */
function saslOf({
  mechanism,
  username,
  passwordFile,
  tokenFile,
}: KafkaConfig['sasl']): SASLOptions | undefined {
  if (mechanism === undefined) return undefined;
  return {
    mechanism: mechanism as SASLMechanismValue,
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && { password: () => secretIn(passwordFile, 'kafka.sasl.passwordFile') }),
    ...(tokenFile !== undefined && { token: () => secretIn(tokenFile, 'kafka.sasl.tokenFile') }),
  };
}

/** Without the line end that editors put behind it. */
async function secretIn(path: string, setting: string): Promise<string> {
  return (await contentOf(path, setting)).toString().replace(/\r?\n$/, '');
}

async function contentOf(path: string, setting: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new MirrormonError('CONFIG_INVALID', `cannot read ${path}: ${systemReason(error)}`, {
      where: setting,
      hint: 'correct its path, which is relative to the working directory',
      cause: error,
    });
  }
}
