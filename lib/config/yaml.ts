import type { Node, YAMLError } from 'yaml';
import { MOST_LEVELS, tooDeepAt } from '../text/yaml-depth.ts';
import type { ConfigNode, Origin } from './node.ts';
import type { Problems } from './problem.ts';
import { Converter } from './yaml-nodes.ts';

/** In characters. Parsing costs seconds above it, and a file of that size is hardly a configuration. */
const maxLength = 4 << 20;

/**
 * Reads one YAML document with the place of every value. Whatever is wrong goes to `problems`; undefined if there is
 * nothing to go on with.
 */
export async function readYaml(
  text: string,
  file: string,
  problems: Problems,
): Promise<ConfigNode | undefined> {
  if (text.length > maxLength) {
    problems.error(
      { file, line: 1, column: 1 },
      '',
      'larger than 4 MiB, which no configuration is',
      'is this the log?',
    );
    return undefined;
  }
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const origin = (offset: number): Origin => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };

  const tokens = [...new yaml.Parser(lines.addNewLine).parse(text)];
  const tooDeep = tokens.map(tooDeepAt).find((offset) => offset !== undefined);
  if (tooDeep !== undefined) {
    problems.error(origin(tooDeep), '', `nested more than ${MOST_LEVELS} levels deep`);
    return undefined;
  }

  // Told by the converter instead, in time that does not grow with the square of the keys.
  const composer = new yaml.Composer({ prettyErrors: false, uniqueKeys: false });
  const documents = [...composer.compose(tokens, true, text.length)].filter(
    ({ contents, errors }) =>
      errors.length > 0 || (contents !== null && !(yaml.isScalar(contents) && contents.value === null)),
  );
  const [document, second] = documents;
  if (document === undefined) return undefined;

  // One slip makes the parser stumble over what follows, so only the first error of a document is worth reading.
  const error = documents.flatMap((each) => each.errors).sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (error !== undefined) {
    const [message, hint] = wording(error);
    problems.error(origin(error.pos[0]), '', message, hint);
    return undefined;
  }
  if (second !== undefined) {
    problems.error(
      origin(second.contents?.range?.[0] ?? second.range[0]),
      '',
      'a second YAML document begins here, but a configuration is one document',
      'put them into files of their own and give each with -c',
    );
    return undefined;
  }
  return new Converter(yaml, origin, problems).root(document.contents as Node | null);
}

/** The parser's errors that users really meet, said by what to do. */
function wording(error: YAMLError): [message: string, hint?: string] {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return ['a tab cannot indent in YAML', 'use spaces'];
    case 'BAD_INDENT':
      return [`not valid YAML: ${lowerFirst(error.message)}`, 'check the indentation'];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return ['not valid YAML: a second colon on this line', 'put text that contains ": " in quotes'];
    case 'BAD_SCALAR_START':
      return [`not valid YAML: ${lowerFirst(error.message)}`, 'put the text in quotes'];
    default:
      return [`not valid YAML: ${lowerFirst(error.message)}`];
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
