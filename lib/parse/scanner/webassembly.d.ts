/** The part of WebAssembly that the scanner's host uses; TypeScript declares it for browsers only. */
declare namespace WebAssembly {
  class CompileError extends Error {}

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Memory {
    readonly buffer: ArrayBufferLike;
    constructor(descriptor: { initial: number; maximum: number; shared?: boolean });
    /** By so many pages of 64 KB. */
    grow(pages: number): number;
  }

  class Global {
    readonly value: number;
  }

  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  }
}
