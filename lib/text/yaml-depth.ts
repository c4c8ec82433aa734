import type { CST } from 'yaml';

/** Composing YAML recurses, and V8 cannot always recover from a stack that is nearly full. */
export const MOST_LEVELS = 200;

/** The offset of the first token that is nested too deeply, found without recursion. */
export function tooDeepAt(token: CST.Token): number | undefined {
  const stack: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.depth > MOST_LEVELS) return top.token.offset;
    const below: (CST.Token | null | undefined)[] = [];
    if ('value' in top.token && typeof top.token.value === 'object') below.push(top.token.value);
    if ('items' in top.token) for (const item of top.token.items) below.push(item.key, item.value);
    for (const next of below) if (next) stack.push({ token: next, depth: top.depth + 1 });
  }
  return undefined;
}
