import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { MirrormonError, systemReason } from '../errors.ts';
import { textOfUtf16, utf16Of } from '../text/utf16.ts';
import { expandConfig } from './expansion.ts';
import { type ConfigNode, merge, type ScalarNode } from './node.ts';
import type { Problems } from './problem.ts';
import { readYaml } from './yaml.ts';

export interface ConfigFiles {
  /** Merged left to right. */
  readonly files: readonly string[];
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Texts are what they are: `${NAME}` in them is no variable. */
  readonly literal?: boolean | undefined;
}

/** Reads one of them: a function of the caller's, or from the disk. */
export function readerOf({ readFile }: ConfigFiles): (path: string) => Promise<string> {
  return readFile ?? readBounded;
}

/** Nobody writes so long a configuration; a device that never ends is named by mistake. MiB. */
const MOST_MIB = 16;

async function readBounded(path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of createReadStream(path)) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_MIB << 20) throw new Error(`it is longer than ${MOST_MIB} MiB, so it is none`);
  }
  const bytes = Buffer.concat(pieces);
  const order = utf16Of(bytes);
  if (order !== undefined) return textOfUtf16(bytes, order);
  const text = bytes.toString();
  if (isUtf8(bytes)) return text;
  const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
  throw new Error(`line ${line} is not UTF-8; convert it, such as by iconv -f WINDOWS-1252 -t UTF-8`);
}

/**
 * What stands in all files, merged. Rejects with CONFIG_UNREADABLE if one cannot be read.
 * @param texts takes what stood in each file
 */
export async function readFiles(
  from: ConfigFiles,
  problems: Problems,
  texts: Map<string, string>,
): Promise<ConfigNode | undefined> {
  const readFile = readerOf(from);
  let root: ConfigNode | undefined;
  for (const file of from.files) {
    let text: string;
    try {
      text = await readFile(file);
    } catch (error) {
      throw new MirrormonError(
        'CONFIG_UNREADABLE',
        `cannot read this configuration: ${systemReason(error)}`,
        {
          where: file,
          cause: error,
        },
      );
    }
    texts.set(file, text);
    const node = await readYaml(text, file, problems);
    if (node === undefined) continue;
    if (node.kind !== 'map') {
      problems.error(
        node.origin,
        '',
        'a configuration is a map of sections',
        'begin with metrics:, operator: or events:',
      );
      continue;
    }
    const expanded = from.literal
      ? node
      : expandConfig(node, from.env, (name, at) => warnOfMissing(name, at, problems));
    root = root === undefined ? expanded : merge(root, expanded);
  }
  return root;
}

function warnOfMissing(name: string, node: ScalarNode, problems: Problems): void {
  const message = `the variable ${name} is not set and stands for nothing here, as for OpenZiti's controller`;
  problems.warning(
    node.origin,
    name,
    message,
    `set ${name}, or write the text out; a $ before no name stands for itself`,
  );
}
