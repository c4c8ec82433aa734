const MOST_NAMES = 1024;
const MOST_ORDERS = 4;

/** What does not stand for itself: JSON's own, Go's, and halves of surrogate pairs, which may be alone. */
const special = /[\u0000-\u001f"\\&<>\u2028\u2029\ud800-\udfff]/;
const goEscapes = /[&<>\u2028\u2029]/g;

/** A JSON string as Go's encoder writes it, which keeps HTML and JavaScript around it harmless. */
export function quote(text: string): string {
  if (!special.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    goEscapes,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The members of small objects in the order of their keys. Events come by the thousand with the same keys, so the
 * latest orders and the names are remembered: what is written does not depend on it.
 */
class SortedMembers {
  private readonly orders: { readonly keys: readonly string[]; readonly sorted: readonly string[] }[] = [];
  private turn = 0;
  private readonly names = new Map<string, string>();

  /** An object of what `textOf` gives for each key; without those for which it gives undefined. */
  object<T>(
    values: Readonly<Record<string, T>>,
    textOf: (value: T, key: string) => string | undefined,
  ): string {
    let text = '';
    for (const key of this.sorted(Object.keys(values))) {
      const value = textOf(values[key]!, key);
      if (value !== undefined) text += this.nameOf(key) + value;
    }
    return `{${text.slice(1)}}`;
  }

  private sorted(keys: readonly string[]): readonly string[] {
    for (const known of this.orders) {
      if (known.keys.length === keys.length && keys.every((key, k) => key === known.keys[k]))
        return known.sorted;
    }
    const sorted = [...keys].sort();
    this.orders[this.turn++ % MOST_ORDERS] = { keys, sorted };
    return sorted;
  }

  /** With a comma before and a colon behind it. Names are few, but records may bring ever new ones. */
  private nameOf(key: string): string {
    let name = this.names.get(key);
    if (name === undefined) {
      if (this.names.size === MOST_NAMES) this.names.clear();
      name = `,${quote(key)}:`;
      this.names.set(key, name);
    }
    return name;
  }
}

/** One for all: it only remembers. */
export const sortedMembers = new SortedMembers();
