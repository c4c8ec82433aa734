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

/** What is used of ajv. */
interface Validating {
  addKeyword(keyword: unknown): unknown;
  compile(schema: unknown): Validator;
  errorsText(errors: unknown, options: unknown): string;
}

/** The same where it is made late, too: most runs check no options at all. */
export function lateValidator(make: () => Validating): Validating {
  const keywords: unknown[] = [];
  let made: Validating | undefined;
  const there = (): Validating => {
    if (made !== undefined) return made;
    made = make();
    for (const keyword of keywords) made.addKeyword(keyword);
    return made;
  };
  return {
    addKeyword: (keyword) => keywords.push(keyword),
    compile: compilingLate((schema) => there().compile(schema)),
    errorsText: (errors, options) => there().errorsText(errors, options),
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
