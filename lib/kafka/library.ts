import { MirrormonError } from '../errors.ts';

export type KafkaLibrary = typeof import('@platformatic/kafka');

export const KAFKA_PACKAGE = '@platformatic/kafka@2.12.1';

/**
 * The client, loaded by whoever has Kafka in its configuration.
 * @throws {MirrormonError} USAGE where it is not installed
 */
export async function loadKafka(where: string): Promise<KafkaLibrary> {
  supplyWithResolvers();
  try {
    return await import('@platformatic/kafka');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new MirrormonError('USAGE', 'Kafka needs a package that is not installed', {
      where,
      hint: `npm install ${KAFKA_PACKAGE} beside mirrormon (with -g if that is installed so)`,
      cause: error,
    });
  }
}

/** The client is written for Node 22; this is all that it lacks on Node 20. */
function supplyWithResolvers(): void {
  const promises = Promise as { withResolvers?: unknown };
  promises.withResolvers ??= function withResolvers<T>(): unknown {
    let resolve!: (value: T | PromiseLike<T>) => void;
    let reject!: (reason?: unknown) => void;
    const promise = new Promise<T>((fulfil, refuse) => {
      resolve = fulfil;
      reject = refuse;
    });
    return { promise, resolve, reject };
  };
}
