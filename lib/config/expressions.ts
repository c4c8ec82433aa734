import type { ScalarNode } from './node.ts';
import type { Problems } from './problem.ts';
import { warnOfComment } from './value-kind.ts';

/** Expressions found while reading, compiled together at the end so that RE2 is loaded only if there are any. */
export class Expressions {
  private readonly found: { node: ScalarNode; path: string }[] = [];

  add(node: ScalarNode, path: string): void {
    this.found.push({ node, path });
  }

  async check(problems: Problems): Promise<void> {
    if (this.found.length === 0) return;
    const { RE2JS } = await import('re2js');
    for (const { node, path } of this.found) {
      try {
        RE2JS.compile(String(node.value));
      } catch (error) {
        const reason = (error as Error).message.replace('error parsing regexp: ', '');
        problems.error(node.origin, path, `${path} is not a valid expression: ${reason}`, adviceFor(reason));
        continue;
      }
      warnOfComment(node, path, { problems });
    }
  }
}

function adviceFor(reason: string): string | undefined {
  if (/Perl syntax|\(\?[=!<]/.test(reason)) {
    return 'the syntax is RE2, as in Go: it has no lookaround; use a subscription of its own for what is left';
  }
  if (reason.startsWith('missing argument to repetition operator')) return 'write .* to match anything';
  return undefined;
}
