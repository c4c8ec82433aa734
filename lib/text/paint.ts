/** Colours that a terminal has by name, so that they suit its background, dark or light; each means something. */
export interface Paint {
  /** Headings. */
  bold(text: string): string;
  /** What is less important. */
  dim(text: string): string;
  /** What failed. */
  error(text: string): string;
  /** What may have to be looked at. */
  warning(text: string): string;
  /** How large something is beside others. */
  bar(text: string): string;
}

const none = (text: string): string => text;
const plain: Paint = { bold: none, dim: none, error: none, warning: none, bar: none };

const by =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`;
const colors: Paint = {
  bold: by(1, 22),
  dim: by(2, 22),
  error: by(31, 39),
  warning: by(33, 39),
  bar: by(36, 39),
};

export function paintOf(color: boolean): Paint {
  return color ? colors : plain;
}
