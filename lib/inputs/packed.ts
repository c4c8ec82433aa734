/** Forms of packed files that are not read here: named with the command that unpacks them, never fed to a parser. */

import { MirrormonError } from '../errors.ts';

/** Where a tar header has its checksum, and where the whole header ends. Bytes. */
const TAR_SUM = { from: 148, to: 156 };
export const TAR_HEADER = 512;

interface PackedForm {
  readonly name: string;
  /** As the bytes begin; undefined stands for any byte. */
  readonly magic: readonly (number | undefined)[];
  /** What writes the content to standard output: of a file, or of its own standard input where none is named. */
  unpack(file: string): string;
}

const bytesOf = (text: string): number[] => [...Buffer.from(text, 'latin1')];

const forms: readonly PackedForm[] = [
  { name: 'xz', magic: [0xfd, ...bytesOf('7zXZ'), 0], unpack: (file) => `xz -dc ${file}` },
  {
    name: 'bzip2',
    magic: [...bytesOf('BZh'), undefined, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
    unpack: (file) => `bzip2 -dc ${file}`,
  },
  // of nothing
  {
    name: 'bzip2',
    magic: [...bytesOf('BZh'), undefined, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
    unpack: (file) => `bzip2 -dc ${file}`,
  },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], unpack: (file) => `lz4 -dc ${file}` },
  { name: 'lz4', magic: [0x02, 0x21, 0x4c, 0x18], unpack: (file) => `lz4 -dc ${file}` },
  { name: 'zip', magic: [...bytesOf('PK'), 3, 4], unpack: (file) => `unzip -p ${file}` },
  { name: 'zip', magic: [...bytesOf('PK'), 5, 6], unpack: (file) => `unzip -p ${file}` },
  { name: 'zip', magic: [...bytesOf('PK'), 7, 8], unpack: (file) => `unzip -p ${file}` },
  { name: '7z', magic: [...bytesOf('7z'), 0xbc, 0xaf, 0x27, 0x1c], unpack: (file) => `7z x -so ${file}` },
  { name: 'rar', magic: [...bytesOf('Rar!'), 0x1a, 7], unpack: (file) => `unrar p -inul ${file}` },
  { name: 'lzip', magic: bytesOf('LZIP'), unpack: (file) => `lzip -dc ${file}` },
  { name: 'lzop', magic: [0x89, ...bytesOf('LZO'), 0], unpack: (file) => `lzop -dc ${file}` },
  {
    name: 'lzma',
    magic: [0x5d, 0, 0, undefined, undefined],
    unpack: (file) => `xz -dc --format=lzma ${file}`,
  },
  { name: 'compress', magic: [0x1f, 0x9d], unpack: (file) => `gzip -dc ${file}` },
  {
    name: 'snappy',
    magic: [0xff, 6, 0, 0, ...bytesOf('sNaPpY')],
    unpack: (file) => `snzip -dc ${file}`,
  },
];

const tar: Omit<PackedForm, 'magic'> = { name: 'tar', unpack: (file) => `tar -xOf ${file || '-'}` };

/**
 * Why an input that begins so cannot be read; undefined if nothing is known against it.
 * @param within the compression that the bytes came out of, if they did
 */
export function packedError(head: Uint8Array, place: string, within?: string): MirrormonError | undefined {
  const form = forms.find(({ magic }) => magic.every((byte, k) => byte === undefined || head[k] === byte));
  const packed = form ?? (isTar(head) ? tar : undefined);
  if (packed === undefined) return undefined;
  const what = within === undefined ? packed.name : `${packed.name} within ${within}`;
  return new MirrormonError('INPUT_UNREADABLE', `cannot be read: it is packed as ${what}`, {
    where: place,
    hint: `unpack it first: ${commandOf(packed, place, within)} | mirrormon`,
  });
}

function commandOf({ name, unpack }: Omit<PackedForm, 'magic'>, place: string, within?: string): string {
  const file = place === 'standard input' ? '' : quoted(place);
  // tar unpacks what is around it by itself
  const command =
    within === undefined || name === 'tar' ? unpack(file) : `${within} -dc ${file} | ${unpack('')}`;
  return command.replace(/ +/g, ' ').trim();
}

/** As a shell takes it for one word. */
function quoted(file: string): string {
  return /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
}

/** By the checksum of its first header: the oldest tars have no other mark. */
function isTar(head: Uint8Array): boolean {
  if (head.length < TAR_HEADER || head[0] === 0) return false;
  const text = Buffer.from(head.subarray(TAR_SUM.from, TAR_SUM.to)).toString('latin1');
  const told = /^ *([0-7]+)[\0 ]*$/.exec(text)?.[1];
  if (told === undefined) return false;
  let sum = 0;
  // the checksum counts as if it were blank itself
  for (let k = 0; k < TAR_HEADER; k++) sum += k >= TAR_SUM.from && k < TAR_SUM.to ? 0x20 : head[k]!;
  return sum === Number.parseInt(told, 8);
}
