import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MirrormonError } from '../errors.ts';
import { supplyWithResolvers, withLateValidators } from './mending.ts';

/** What is used of the client. */
export type KafkaLibrary = typeof import('./client.ts');

export const KAFKA_PACKAGE = '@platformatic/kafka@2.12.1';

/** The client as one file, which the command line has beside its own. */
const within = fileURLToPath(new URL('./kafka-client.js', import.meta.url));

/**
 * The client, loaded by whoever has Kafka in its configuration.
 * @throws {MirrormonError} USAGE where it is not installed
 */
export async function loadKafka(where: string): Promise<KafkaLibrary> {
  const path = findKafka(where);
  supplyWithResolvers();
  const load = () => import('./client.ts');
  return path === within ? await load() : await withLateValidators(path, load);
}

/**
 * Where the client is.
 * @throws {MirrormonError} USAGE where it is not installed
 */
export function findKafka(where: string): string {
  if (existsSync(within)) return within;
  try {
    return createRequire(import.meta.url).resolve('@platformatic/kafka');
  } catch (error) {
    throw new MirrormonError('USAGE', 'Kafka needs a package that is not installed', {
      where,
      hint: `npm install ${KAFKA_PACKAGE} beside mirrormon (with -g if that is installed so)`,
      cause: error,
    });
  }
}
