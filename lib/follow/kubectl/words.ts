/** The header of a line that kubectl's libraries log, such as `E1130 17:58:41.123456   12345 memcache.go:265] `. */
const header = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w./-]+:\d+\] /;
/** A structured one: a text, and pairs. */
const structured = /^"(?<said>(?:[^"\\]|\\.)*)"(?:.* err="(?<error>(?:[^"\\]|\\.)*)")?/;

/**
 * What kubectl says on standard error, on one line: each thing once, and what its libraries log, which tells of every
 * attempt, only where nothing else says why it failed.
 */
export function kubectlWords(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const own = lines.filter((line) => !header.test(line));
  const logged = lines.filter((line) => header.test(line)).map(saidIn);
  return [...new Set(own.length > 0 ? own : logged)].join('; ');
}

function saidIn(line: string): string {
  const text = line.replace(header, '');
  const { said, error } = structured.exec(text)?.groups ?? {};
  return (error ?? said)?.replace(/\\(.)/g, '$1') ?? text;
}
