import type { Alias, Node, Pair, Scalar } from 'yaml';
import type { ConfigNode, MapEntry, Origin } from './node.ts';
import type { Problems } from './problem.ts';

type Yaml = typeof import('yaml');

/** What aliases may expand to in all; a controller's file has some hundred values. */
const maxNodes = 100_000;

/** Thrown to leave a conversion that can only go wrong further. */
class Stop extends Error {}

/** Turns the parser's nodes into ours, aliases and merge keys resolved. */
export class Converter {
  private readonly yaml: Yaml;
  private readonly origin: (offset: number) => Origin;
  private readonly problems: Problems;
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private nodes = 0;

  constructor(yaml: Yaml, origin: (offset: number) => Origin, problems: Problems) {
    this.yaml = yaml;
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
      if (isMergeKey(this.yaml, key)) {
        this.mergeInto(merged, converted);
        continue;
      }
      const name = this.keyText(key);
      if (entries.has(name)) {
        this.problems.error(
          origin,
          name,
          `the key ${name} stands here for the second time`,
          'give each key once',
        );
      }
      entries.set(name, { origin, value: converted });
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
    return this.origin(node.range?.[0] ?? 0);
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
