/** Tells a TAP stream as it comes: a line for each file, and every failed assertion with its path and diagnostics. */
export class Story {
  /** From the last comment of the form `# { total: 3, pass: 2, fail: 1 }`. */
  totals = {};
  #say;
  /** The subtests that are running, outermost first: {indent, name, told}. */
  #open = [];
  /** Indentation of the diagnostics that belong to a failure that was told. */
  #diagnostics;

  constructor(say) {
    this.#say = say;
  }

  read(line) {
    const [, spaces, text] = /^( *)(.*)$/.exec(line);
    const indent = spaces.length;
    if (this.#diagnostics !== undefined) return this.#diagnose(indent, text, line);
    const subtest = /^# Subtest: (.*)$/.exec(text);
    if (subtest) this.#open.push({ indent, name: subtest[1], told: false });
    const result = /^(not ok|ok) \d+ ?-? ?(.*)$/.exec(text);
    if (result) this.#result(indent, result[1] === 'ok', result[2]);
    const totals = /^# \{ (total: .*) \}$/.exec(text);
    if (totals && indent === 0) this.totals = numbers(totals[1]);
  }

  #result(indent, ok, description) {
    // A crash leaves the inner ones without a result.
    while (this.#open.at(-1)?.indent > indent) this.#open.pop();
    const subtest = this.#open.at(-1)?.indent === indent ? this.#open.pop() : undefined;
    const expected = / # (TODO|SKIP)\b/i.test(description);
    // A subtest fails because something in it did, which was told already; or for a reason of its own.
    if (!ok && !expected && !subtest?.told) {
      this.#say(`FAILED ${[...this.#open.map(({ name }) => name), description].join(' > ')}`);
      this.#diagnostics = { indent, begun: false };
      for (const outer of this.#open) outer.told = true;
    }
    if (indent === 0) this.#say(`${ok ? 'ok    ' : 'not ok'} ${description}`);
  }

  #diagnose(indent, text, line) {
    const { indent: own, begun } = this.#diagnostics;
    const ends = begun ? indent === own + 2 && text === '...' : text !== '---';
    this.#diagnostics = ends ? undefined : { indent: own, begun: true };
    if (ends && !begun) this.read(line);
    else if (begun && !ends) this.#say(line.slice(own));
  }
}

function numbers(text) {
  return Object.fromEntries(
    [...text.matchAll(/(\w+): (\d+)/g)].map(([, key, count]) => [key, Number(count)]),
  );
}
