import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'scanner.wasm';

/** Beside this file where that was compiled, else where `npm run build` put it. */
function wasmPath(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = join(here, '..', '..', 'dist', 'lib', 'scanner', NAME);
  return [join(here, NAME), built].find((path) => existsSync(path));
}

let compiled: WebAssembly.Module | undefined;
let tried = false;

/** The scanner's code, compiled once; undefined where it was not built or the runtime has no SIMD. */
export function scannerModule(): WebAssembly.Module | undefined {
  if (tried) return compiled;
  tried = true;
  const path = wasmPath();
  if (path === undefined) return undefined;
  try {
    compiled = new WebAssembly.Module(readFileSync(path));
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
  }
  return compiled;
}
