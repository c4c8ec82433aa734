import { createRequire } from 'node:module';
import { MirrormonError } from '../errors.ts';

export type KafkaLibrary = typeof import('@platformatic/kafka');

export const KAFKA_PACKAGE = '@platformatic/kafka@2.12.1';

/**
 * The client, loaded by whoever has Kafka in its configuration.
 * @throws {MirrormonError} USAGE where it is not installed
 */
export async function loadKafka(where: string): Promise<KafkaLibrary> {
  const path = findKafka(where);
  supplyWithResolvers();
  return await withLateValidators(path, () => import('@platformatic/kafka'));
}

/**
 * Where the client is.
 * @throws {MirrormonError} USAGE where it is not installed
 */
export function findKafka(where: string): string {
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

interface Validator {
  (value: unknown): boolean;
  errors?: unknown;
}
type Compile = (this: unknown, schema: unknown) => Validator;

/**
 * As it is loaded, the client compiles the schemas of all the options that any of its calls takes, which is two fifths of
 * the time. A run makes a handful of these calls: what checks their options is compiled with the first of them.
 * @param path of the client
 */
async function withLateValidators<T>(path: string, load: () => Promise<T>): Promise<T> {
  const { Ajv2020 } = createRequire(path)('ajv/dist/2020.js') as {
    readonly Ajv2020: { readonly prototype: { compile?: Compile } };
  };
  const { prototype } = Ajv2020;
  // its own is inherited
  const compile = prototype.compile!;
  prototype.compile = function compileLate(this: unknown, schema) {
    let made: Validator | undefined;
    const late: Validator = (value) => {
      made ??= compile.call(this, schema);
      const isValid = made(value);
      late.errors = made.errors;
      return isValid;
    };
    return late;
  };
  try {
    return await load();
  } finally {
    delete prototype.compile;
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
