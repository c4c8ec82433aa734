import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..');
const assembly = join(root, 'lib', 'parse', 'scanner', 'assembly');
const ENTRY = 'assembled.ts';
/** Of the memory, which the module's tables and the texts of a test share. */
const PAGES = 4096;

/** A module of the scanner's assembly alone, compiled for a test of what it exports. */
export interface Assembled {
  readonly exports: Readonly<Record<string, (...values: (number | bigint)[]) => number>>;
  readonly bytes: Buffer;
}

/**
 * Compiles a source that stands in the assembly's folder and exports what is to be tested. The arena is opened behind
 * the first MB, which is the test's.
 */
export async function assemble(source: string): Promise<Assembled> {
  const whole = `import { openArena } from './arena';\nopenArena(1 << 20, ${PAGES} << 16);\n${source}`;
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...[ENTRY, '--outFile', 'out.wasm', '--optimizeLevel', '1', '--noAssert', '--runtime', 'stub'],
      ...['--importMemory', '--sharedMemory', '--maximumMemory', '65536', '--initialMemory', String(PAGES)],
      ...['--enable', 'simd', '--enable', 'threads', '--use', 'abort='],
    ],
    {
      readFile: (name, base) => {
        if (name === ENTRY) return whole;
        try {
          return readFileSync(join(base.startsWith('/') ? base : assembly, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => {
        if (name === 'out.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${stderr}`, { cause: error });
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: 65536, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  return { exports: exports as unknown as Assembled['exports'], bytes: Buffer.from(memory.buffer) };
}
