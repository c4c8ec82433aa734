import type { Alias, CST, LineCounter, Node, Pair, Scalar, YAMLError } from 'yaml';
import type { ConfigNode, MapEntry, Origin } from './node.ts';
import type { Problems } from './problem.ts';

type Yaml = typeof import('yaml');

/** Composing recurses, and V8 cannot always recover from a stack that is nearly full. */
const maxDepth = 200;
/** What aliases may expand to in all; a controller's file has some hundred values. */
const maxNodes = 100_000;

/**
 * Reads one YAML document with the place of every value. Whatever is wrong goes to `problems`; undefined if there is
 * nothing to go on with.
 */
export async function readYaml(
  text: string,
  file: string,
  problems: Problems,
): Promise<ConfigNode | undefined> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const origin = (offset: number): Origin => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };

  const tokens = [...new yaml.Parser(lines.addNewLine).parse(text)];
  const tooDeep = tokens.map(findTooDeep).find((offset) => offset !== undefined);
  if (tooDeep !== undefined) {
    problems.error(origin(tooDeep), '', `nested more than ${maxDepth} levels deep`);
    return undefined;
  }

  const composer = new yaml.Composer({ prettyErrors: false, lineCounter: lines });
  const documents = [...composer.compose(tokens, true, text.length)].filter(
    (document, k) => k === 0 || document.contents !== null || document.errors.length > 0,
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
  return new Converter(yaml, lines, origin, problems).root(document.contents as Node | null);
}

/** The offset of the first token that is nested too deeply, found without recursion. */
function findTooDeep(token: CST.Token): number | undefined {
  const stack: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.depth > maxDepth) return top.token.offset;
    const below: (CST.Token | null | undefined)[] = [];
    if ('value' in top.token && typeof top.token.value === 'object') below.push(top.token.value);
    if ('items' in top.token) for (const item of top.token.items) below.push(item.key, item.value);
    for (const next of below) if (next) stack.push({ token: next, depth: top.depth + 1 });
  }
  return undefined;
}

/** The parser's errors that users really meet, said by what to do. */
function wording(error: YAMLError): [message: string, hint?: string] {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return ['this key stands here for the second time', 'give each key once'];
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

/** Thrown to leave a conversion that can only go wrong further. */
class Stop extends Error {}

/** Turns the parser's nodes into ours, aliases and merge keys resolved. */
class Converter {
  private readonly yaml: Yaml;
  private readonly lines: LineCounter;
  private readonly origin: (offset: number) => Origin;
  private readonly problems: Problems;
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private nodes = 0;

  constructor(yaml: Yaml, lines: LineCounter, origin: (offset: number) => Origin, problems: Problems) {
    this.yaml = yaml;
    this.lines = lines;
    this.origin = origin;
    this.problems = problems;
  }

  root(contents: Node | null): ConfigNode | undefined {
    if (contents === null) return undefined;
    try {
      return this.convert(contents);
    } catch (error) {
      if (error instanceof Stop) return undefined;
      throw error;
    }
  }

  private convert(node: Node): ConfigNode {
    const origin = this.place(node);
    this.nodes += 1;
    if (this.nodes > maxNodes)
      this.stop(origin, `more than ${maxNodes} values once its aliases are expanded`);
    if (this.yaml.isAlias(node)) return this.alias(node, origin);
    if ('anchor' in node && node.anchor) this.anchors.set(node.anchor, node);
    if (this.yaml.isScalar(node)) return scalar(node, origin);
    if (this.open.has(node)) this.stop(origin, 'an alias here contains itself');
    this.open.add(node);
    try {
      if (this.yaml.isSeq(node)) {
        const items = node.items.map((item) => this.item(item, origin));
        return { kind: 'list', origin, items };
      }
      if (this.yaml.isMap(node)) return { kind: 'map', origin, entries: this.entries(node.items, origin) };
    } finally {
      this.open.delete(node);
    }
    return this.stop(origin, 'not a value');
  }

  private item(item: unknown, around: Origin): ConfigNode {
    if (this.yaml.isNode(item)) return this.convert(item);
    // A pair inside a list, [a: 1], is a map of its own.
    if (this.yaml.isPair(item)) return { kind: 'map', origin: around, entries: this.entries([item], around) };
    return nothing(around);
  }

  private entries(pairs: readonly Pair<unknown, unknown>[], around: Origin): Map<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    const merged = new Map<string, MapEntry>();
    for (const { key, value } of pairs) {
      const origin = this.yaml.isNode(key) ? this.place(key) : around;
      const converted = this.yaml.isNode(value) ? this.convert(value) : nothing(origin);
      if (isMergeKey(this.yaml, key)) this.mergeInto(merged, converted);
      else entries.set(this.keyText(key), { origin, value: converted });
    }
    return new Map([...merged, ...entries]);
  }

  /** `<<: *base` and `<<: [*a, *b]`, where the earlier of a list wins. */
  private mergeInto(target: Map<string, MapEntry>, value: ConfigNode): void {
    const maps = value.kind === 'list' ? value.items : [value];
    for (const map of maps) {
      if (map.kind !== 'map') {
        this.problems.error(map.origin, '<<', '<< can only merge maps');
        continue;
      }
      for (const [key, entry] of map.entries) if (!target.has(key)) target.set(key, entry);
    }
  }

  private keyText(key: unknown): string {
    if (this.yaml.isScalar(key)) return key.source ?? String(key.value);
    const target = this.yaml.isAlias(key) ? this.anchors.get(key.source) : undefined;
    return this.yaml.isScalar(target) ? this.keyText(target) : String(key);
  }

  private alias(node: Alias, origin: Origin): ConfigNode {
    const target = this.anchors.get(node.source);
    if (target === undefined) return this.stop(origin, `no anchor &${node.source} stands before this alias`);
    return this.convert(target);
  }

  private place(node: Node): Origin {
    return this.origin(node.range?.[0] ?? this.lines.lineStarts[0] ?? 0);
  }

  private stop(origin: Origin, message: string): never {
    this.problems.error(origin, '', message);
    throw new Stop(message);
  }
}

function isMergeKey(yaml: Yaml, key: unknown): boolean {
  return yaml.isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function scalar(node: Scalar, origin: Origin): ConfigNode {
  const value = node.value;
  const known = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  const text = node.source ?? (value === null ? '' : String(value));
  return {
    kind: 'scalar',
    origin,
    value: known ? (value as string | number | boolean | null) : text,
    text,
    plain: node.type === 'PLAIN',
    untyped: false,
  };
}

function nothing(origin: Origin): ConfigNode {
  return { kind: 'scalar', origin, value: null, text: '', plain: true, untyped: false };
}
