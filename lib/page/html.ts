import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, createDeflate } from 'node:zlib';
import { denseText } from './dense-text.ts';

/** The page as one document: its script and its style are known by their hashes, and nothing is asked for elsewhere. */

interface Assets {
  readonly script: string;
  readonly style: string;
  readonly policy: string;
}

let assets: Assets | undefined;

/** The page's files as they were built: beside this module, or in `dist/lib/page/` of the package that a bundle is in. */
function built(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const ups = ['.', '..', join('..', '..'), join('..', '..', '..')];
  const places = [
    join(here, name),
    ...ups.map((up) => join(here, up, 'lib', 'page', name)),
    ...ups.map((up) => join(here, up, 'dist', 'lib', 'page', name)),
  ];
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new Error(`${name} of the page was not built: run npm run build`);
  return readFileSync(path, 'utf8');
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function load(): Assets {
  // an end tag within the script would end it, whatever stands around it
  const script = built('client.js').replaceAll('</script', '<\\/script');
  const style = built('style.css');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return { script, style, policy };
}

/** The Content-Security-Policy of the served page, which may ask its own server for data; for the answer's header. */
export function servedPolicy(): string {
  assets ??= load();
  return `${assets.policy}; connect-src 'self'; frame-ancestors 'none'`;
}

function documentOf(title: string, policy: string, data: string): string {
  assets ??= load();
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="generator" content="mirrormon">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${assets.style}</style>
<div id="root"><noscript>This page draws its figures with JavaScript.</noscript></div>
<script type="application/octet-stream" id="data">${data}</script>
<script type="module">${assets.script}</script>
</html>
`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The page that asks its server for the snapshot and follows it. */
export function servedPage(title: string): string {
  assets ??= load();
  return documentOf(title, `${assets.policy}; connect-src 'self'`, '');
}

/**
 * The report: the same page with the snapshot inside, to be kept and mailed.
 * @param pieces as snapshotPieces gives them
 */
export async function reportPage(title: string, pieces: Iterable<Uint8Array>): Promise<string> {
  assets ??= load();
  return documentOf(title, assets.policy, denseText(await packed(pieces)));
}

const LEVEL = 6;
/** What is packed at once: each round of less would have to wait until this thread has nothing else to do. Bytes. */
const ROUND = 1 << 20;
/** Share of bytes equal to the one before, from which on runs are looked for: shorter ones cost more than their bytes. */
const RUNS = 3 / 4;
/** Bytes at the beginning of a piece that tell whether it has runs. */
const TRIED = 1 << 16;

/** Each piece is packed by another thread while the next one is made. */
async function packed(pieces: Iterable<Uint8Array>): Promise<Buffer> {
  const deflate = createDeflate({ level: LEVEL, chunkSize: ROUND });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
    deflate.once('end', resolve).once('error', reject);
  });
  let before: Promise<void> | undefined;
  for (const piece of pieces) {
    await before;
    // columns have runs, or hardly repeat themselves: looking for more takes longer than it saves
    const strategy = hasRuns(piece) ? constants.Z_RLE : constants.Z_HUFFMAN_ONLY;
    if (before !== undefined) {
      await new Promise<void>((resolve) => deflate.params(LEVEL, strategy, () => resolve()));
    }
    before = new Promise<void>((resolve) => deflate.write(piece, () => resolve()));
  }
  deflate.end();
  await ended;
  return Buffer.concat(chunks);
}

function hasRuns(bytes: Uint8Array): boolean {
  const tried = Math.min(bytes.length, TRIED);
  let equal = 0;
  for (let k = 1; k < tried; k++) if (bytes[k] === bytes[k - 1]) equal++;
  return equal > RUNS * tried;
}
