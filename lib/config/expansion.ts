import { at, type ConfigNode, type MapEntry, type MapNode, type ScalarNode } from './node.ts';

/** Gives a variable's value, or undefined if there is none. */
export type Lookup = (name: string) => string | undefined;

/** Braces around a name, a name, or one of the shell's special variables: what Go's os.Expand takes for a variable. */
const goVariable = /\$(?:\{([*#$@!?\-0-9])\}|\{([^}]*)\}|(\{)|([*#$@!?\-0-9])|(\w+))/g;

/**
 * Expands `${NAME}` and `$NAME` as OpenZiti's controller and router do, that is Go's os.ExpandEnv: a variable that is not
 * set is empty, `${}` and `${` without an end vanish, and any other `$` stands for itself.
 */
export function expandGo(text: string, lookup: Lookup): string {
  return text.replace(goVariable, (_, special, braced, open, bare, name) => {
    const variable = special ?? braced ?? bare ?? name;
    return open !== undefined || variable === '' ? '' : (lookup(variable) ?? '');
  });
}

/** A reference as Kubernetes has it, and `$$(NAME)`, which stands for `$(NAME)`. */
const kubernetesVariable = /\$(\$)?\(([\w.-]+)\)/g;

/** Expands `$(NAME)` as Kubernetes does: what is not known stays as it is. */
export function expandKubernetes(text: string, lookup: Lookup): string {
  return text.replace(kubernetesVariable, (whole, escaped, name: string) =>
    escaped ? whole.slice(1) : (lookup(name) ?? whole),
  );
}

/**
 * Sections whose texts have variables of Go's kind: what a controller's or router's file has. The Operator's chart has
 * Kubernetes' kind, where `$$` means something else.
 */
const expanded: readonly string[] = ['events', 'metrics', 'network', 'input'];

/**
 * A configuration with its variables expanded. Only values are, not keys, and a value that was text stays text, as there.
 * @param onMissing is told of each variable that is not set, and where it is named
 */
export function expandConfig(
  root: MapNode,
  env: Readonly<Record<string, string | undefined>>,
  onMissing: (name: string, node: ScalarNode) => void,
): MapNode {
  // both set it themselves where it is not set
  const lookup: Lookup = (name) => env[name] ?? (name === 'TMPDIR' ? '/tmp' : undefined);
  const expand = (node: ConfigNode): ConfigNode => {
    if (node.kind === 'list') return { ...node, items: node.items.map(expand) };
    if (node.kind === 'map') return { ...node, entries: mapValues(node.entries, expand) };
    if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
    const missing = new Set<string>();
    const value = expandGo(node.value, (name) => {
      const known = lookup(name);
      if (known === undefined) missing.add(name);
      return known;
    });
    for (const name of missing) onMissing(name, node);
    return value === node.value ? node : { ...node, value, text: value, written: node.text };
  };
  return {
    ...root,
    entries: new Map(
      [...root.entries].map(([key, entry]) => [
        key,
        expanded.includes(key) ? { ...entry, value: expand(entry.value) } : entry,
      ]),
    ),
  };
}

function mapValues(
  entries: ReadonlyMap<string, MapEntry>,
  change: (node: ConfigNode) => ConfigNode,
): Map<string, MapEntry> {
  return new Map([...entries].map(([key, entry]) => [key, { ...entry, value: change(entry.value) }]));
}

/**
 * `outer` variables, and then those that a Helm values file defines for the Operator's container, `operator.extraEnv`.
 * These may refer to one another and to outer ones; what the cluster provides (`valueFrom`) is not among them.
 */
export function withExtraEnv(root: ConfigNode | undefined, outer: Lookup): Lookup {
  const defined = at(root, ['operator', 'extraEnv']);
  const open = new Set<string>();
  const lookup: Lookup = (name) => {
    const node = defined?.kind === 'map' ? defined.entries.get(name)?.value : undefined;
    if (node?.kind !== 'scalar' || node.value === null || open.has(name)) return undefined;
    open.add(name);
    let complete = true;
    const value = expandKubernetes(node.text, (other) => {
      const known = outer(other) ?? lookup(other);
      complete &&= known !== undefined;
      return known;
    });
    open.delete(name);
    return complete ? value : undefined;
  };
  return (name) => outer(name) ?? lookup(name);
}
