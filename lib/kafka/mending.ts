/** What the client is mended by before it is loaded. */
import { createRequire } from 'node:module';

interface Validator {
  (value: unknown): boolean;
  errors?: unknown;
}
type Compile = (this: unknown, schema: unknown) => Validator;

/**
 * As it is loaded, the client compiles the schemas of all the options that any of its calls takes, which is two fifths of
 * the time. A run makes a handful of these calls: what checks their options is compiled with the first of them.
 */
export function compilingLate(compile: Compile): Compile {
  return function compileLate(this: unknown, schema) {
    let made: Validator | undefined;
    const late: Validator = (value) => {
      made ??= compile.call(this, schema);
      const isValid = made(value);
      late.errors = made.errors;
      return isValid;
    };
    return late;
  };
}

/**
 * Loads the client that is installed.
 * @param path of it
 */
export async function withLateValidators<T>(path: string, load: () => Promise<T>): Promise<T> {
  const { Ajv2020 } = createRequire(path)('ajv/dist/2020.js') as {
    readonly Ajv2020: { readonly prototype: { compile?: Compile } };
  };
  const { prototype } = Ajv2020;
  // its own is inherited
  prototype.compile = compilingLate(prototype.compile!);
  try {
    return await load();
  } finally {
    delete prototype.compile;
  }
}

/** The client is written for Node 22; this is all that it lacks on Node 20. */
export function supplyWithResolvers(): void {
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
