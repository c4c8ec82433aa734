/** A metric name that both formats take: what they do not allow becomes `_`. */
export function metricName(text: string): string {
  const name = text.replace(/[^a-zA-Z0-9_:]/g, '_');
  return name === '' || /^[0-9]/.test(name) ? `_${name}` : name;
}

/**
 * Label names that both formats take, in the given order. Names that begin with `__` are Prometheus's own, `reserved`
 * ones (`le`, `quantile`) the format's: those are prefixed. Names that become equal are told apart by a number.
 */
export function labelNames(texts: readonly string[], reserved: readonly string[] = []): string[] {
  const taken = new Set(reserved);
  return texts.map((text) => {
    const plain = text.replace(/[^a-zA-Z0-9_]/g, '_');
    const base =
      plain === '' || /^[0-9]/.test(plain)
        ? `_${plain}`
        : plain.startsWith('__') || reserved.includes(plain)
          ? `exported_${plain}`
          : plain;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return name;
  });
}

const special = /[\\"\n]/;

export function escapeLabel(value: string): string {
  if (!special.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** `a="1",b="2"`, without braces. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  let text = '';
  for (let k = 0; k < names.length; k++) {
    text += `${k === 0 ? '' : ','}${names[k]}="${escapeLabel(values[k] ?? '')}"`;
  }
  return text;
}

/** HELP texts escape quotes in OpenMetrics only. */
export function escapeHelp(text: string, quotes: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quotes ? escaped.replaceAll('"', '\\"') : escaped;
}

export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** A bucket's or quantile's bound: `1.0` in both formats, so that a series is one series whichever was scraped. */
export function boundText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : numberText(value);
}
