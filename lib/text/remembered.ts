/**
 * A function that remembers what it made for a key, for so many keys: beyond them it begins anew, since what comes again
 * comes soon.
 * @param keyOf tells for which arguments the same is made
 */
export function remembered<Of, Value>(
  most: number,
  keyOf: (of: Of) => unknown,
  make: (of: Of) => Value,
): (of: Of) => Value {
  const known = new Map<unknown, Value>();
  return (of) => {
    const key = keyOf(of);
    let value = known.get(key);
    if (value === undefined) {
      value = make(of);
      if (known.size === most) known.clear();
      known.set(key, value);
    }
    return value;
  };
}
