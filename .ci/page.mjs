// The page's script and style, as two files beside its module: one document is made of them when it is asked for.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

export async function bundlePage(folder) {
  const tsc = 'node_modules/typescript/bin/tsc';
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'lib/page/client/tsconfig.json'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  await build({
    entryPoints: { client: 'lib/page/client/main.tsx', style: 'lib/page/client/style.css' },
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  });
}
