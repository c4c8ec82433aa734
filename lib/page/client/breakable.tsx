/** A name that breaks where its parts meet if it has no room in a line: inside of a word only if that has none, either. */
export function Breakable({ text }: { text: string }) {
  return <>{text.split(/(?<=[@/_.])/).map((part) => [part, <wbr />])}</>;
}
