import { availableParallelism, cpus, release, type } from 'node:os';

/** What figures were measured on. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${availableParallelism()} cores, ${type()} ${release()}, Node ${process.version}`;
}
