import { basename, dirname, join } from 'node:path';

/** A rolling file's path, split where the time of a backup goes: before the last dot of the name. */
interface Parts {
  readonly folder: string;
  readonly stem: string;
  readonly extension: string;
}

function partsOf(path: string): Parts {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  const cut = dot < 0 ? name.length : dot;
  return { folder: dirname(path), stem: name.slice(0, cut), extension: name.slice(cut) };
}

/** The backup of a moment (milliseconds since the epoch), in UTC: name-2022-06-07T18-50-44.568.log */
export function backupPath(path: string, time: number): string {
  const { folder, stem, extension } = partsOf(path);
  const stamp = new Date(time).toISOString().slice(0, -1).replaceAll(':', '-');
  return join(folder, `${stem}-${stamp}${extension}`);
}

const stampPattern = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)[.,](\d{3})$/;

/** When a file of that name was made a backup of `path`; undefined if its name is not such a backup's. */
export function backupTime(path: string, name: string): number | undefined {
  const { stem, extension } = partsOf(path);
  const plain = name.endsWith(`${extension}.gz`) ? name.slice(0, -3) : name;
  if (!plain.startsWith(`${stem}-`) || !plain.endsWith(extension)) return undefined;
  const match = stampPattern.exec(plain.slice(stem.length + 1, plain.length - extension.length));
  if (match === null) return undefined;
  const [, day, hour, minute, second, millisecond] = match;
  const iso = `${day}T${hour}:${minute}:${second}.${millisecond}Z`;
  const date = new Date(iso);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString() === iso;
  return exists ? date.getTime() : undefined;
}

/** The backups of `path` among these names that are too many, by the time in their names; `keep` 0 keeps all. */
export function surplus(path: string, names: readonly string[], keep: number): string[] {
  if (keep === 0) return [];
  const backups = names.flatMap((name) => {
    const time = backupTime(path, name);
    return time === undefined ? [] : [{ name, time }];
  });
  backups.sort((a, b) => b.time - a.time);
  return backups.slice(keep).map(({ name }) => join(dirname(path), name));
}
