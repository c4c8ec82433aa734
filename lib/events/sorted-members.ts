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

/** Keys as they came, and in order, each with a comma and what its name is in JSON before a colon. */
interface Order {
  readonly keys: readonly string[];
  readonly sorted: readonly string[];
  readonly names: readonly string[];
}

/**
 * The members of small objects in the order of their keys. Events come by the thousand with the same keys, so the latest
 * orders are remembered: what is written does not depend on it.
 */
class SortedMembers {
  private readonly orders: Order[] = [];
  private turn = 0;

  /** An object of numbers, of these keys alone if there are any. JSON has no NaN and no infinity: such keys are left out. */
  numbers(values: Readonly<Record<string, number>>, only: readonly string[] | undefined): string {
    const { sorted, names } = this.orderOf(Object.keys(values));
    let text = '';
    for (let k = 0; k < sorted.length; k++) {
      const value = values[sorted[k]!]!;
      if (Number.isFinite(value) && (only === undefined || only.includes(sorted[k]!)))
        text += names[k]! + value;
    }
    return `{${text.slice(1)}}`;
  }

  /** An object of texts. */
  texts(values: Readonly<Record<string, string>>): string {
    const { sorted, names } = this.orderOf(Object.keys(values));
    let text = '';
    for (let k = 0; k < sorted.length; k++) text += names[k]! + quote(values[sorted[k]!]!);
    return `{${text.slice(1)}}`;
  }

  private orderOf(keys: readonly string[]): Order {
    for (const known of this.orders) if (areEqual(known.keys, keys)) return known;
    const sorted = [...keys].sort();
    const order = { keys, sorted, names: sorted.map((key) => `,${quote(key)}:`) };
    this.orders[this.turn++ % MOST_ORDERS] = order;
    return order;
  }
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** One for all: it only remembers. */
export const sortedMembers = new SortedMembers();
