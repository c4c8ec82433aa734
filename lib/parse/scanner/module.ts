import { readFileSync } from 'node:fs';
import { builtFile } from '../../text/built-file.ts';

let compiled: WebAssembly.Module | undefined;
let tried = false;

/** The scanner's code, compiled once; undefined where it was not built or the runtime has no SIMD or shared memory. */
export function scannerModule(): WebAssembly.Module | undefined {
  if (tried) return compiled;
  tried = true;
  const path = builtFile('parse/scanner', 'scanner.wasm');
  if (path === undefined) return undefined;
  try {
    compiled = new WebAssembly.Module(readFileSync(path));
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
  }
  return compiled;
}
