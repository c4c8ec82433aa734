import { thousands } from './thousands.ts';

/** Numbers as people read them: three digits that matter, units that fit. The exact ones are in the json format. */

/** Whole numbers in full with their thousands apart, others to three digits. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(3);
  if (Number.isInteger(value) || size >= 1000) return thousands(Math.sign(value) * Math.round(size));
  return String(Number(value.toPrecision(3)));
}

/** Events per second. A rate that fades never quite reaches zero, and its digits then say nothing. */
export function rate(value: number): string {
  return value > 0 && value < 0.001 ? '<0.001/s' : `${number(value)}/s`;
}

/** A duration given in seconds. */
export function duration(seconds: number): string {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  if (size === 0) return '0s';
  if (size < 59.95) return sign + short(size);
  if (Math.round(size) < 3600) return sign + parts(Math.round(size), 60, 'm', 's');
  if (Math.round(size / 60) < 1440) return sign + parts(Math.round(size / 60), 60, 'h', 'm');
  return sign + parts(Math.round(size / 3600), 24, 'd', 'h');
}

function short(seconds: number): string {
  if (seconds >= 0.9995) return `${number(seconds)}s`;
  if (seconds >= 0.9995e-3) return `${number(seconds * 1e3)}ms`;
  if (seconds >= 0.9995e-6) return `${number(seconds * 1e6)}µs`;
  return `${number(seconds * 1e9)}ns`;
}

function parts(total: number, size: number, major: string, minor: string): string {
  return `${thousands(Math.floor(total / size))}${major}${String(total % size).padStart(2, '0')}${minor}`;
}
