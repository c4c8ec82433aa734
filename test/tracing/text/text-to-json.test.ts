import t from 'tap';
import { textToJson } from '../../../lib/tracing/text/text-to-json.ts';

const time = '2024-04-01T13:37:00.123456Z';

function read(body: string, level = ' INFO'): Record<string, unknown> {
  const { timestamp, level: found, ...rest } = JSON.parse(textToJson(`${time} ${level} ${body}`)!);
  t.same([timestamp, found], [time, level.trim()]);
  return rest;
}

t.test('a record of the full layout', async (t) => {
  t.same(read('op::session: Session Start target="deployment/web" session_id=42 ok=true ratio=-1.5e-7'), {
    fields: { message: 'Session Start', target: 'deployment/web', session_id: 42, ok: true, ratio: -1.5e-7 },
    target: 'op::session',
  });
  t.same(read('session{id=1 user="x y"}:port: op::api: done', 'ERROR'), {
    fields: { message: 'done' },
    target: 'op::api',
    span: { name: 'port' },
    spans: [{ id: 1, user: 'x y', name: 'session' }, { name: 'port' }],
  });
});

t.test('values are typed as the JSON layout types them, digits and all', async (t) => {
  const text = textToJson(
    `${time}  INFO m: x a=18446744073709551615 b=18446744073709551616 c=-9223372036854775808 d=3.0 e=007 f=NaN g=-inf h=-0 i="5" j=1e21`,
  )!;
  t.match(
    text,
    '"a":18446744073709551615,"b":"18446744073709551616","c":-9223372036854775808,"d":3.0,"e":"007"',
  );
  t.match(text, '"f":null,"g":null,"h":"-0","i":"5","j":1e21');
});

t.test(
  'a value that is not quoted ends where a field begins, outside of its brackets and quotes',
  async (t) => {
    const { fields } = read(
      'm: x f=Filter { a: "b c=1", d: (1, \'"\') } g=Some("h i=2") j=can\'t be k=1 l=[m n=3',
    );
    t.same(fields, {
      message: 'x',
      f: 'Filter { a: "b c=1", d: (1, \'"\') }',
      g: 'Some("h i=2")',
      j: "can't be",
      k: 1,
      l: '[m',
      n: 3,
    });
  },
);

t.test('messages', async (t) => {
  t.same(read('m: ').fields, { message: '' });
  t.same(read('m: port=80').fields, { port: 80 }, 'none');
  t.same(read('m: a="b" said k=1').fields, { message: 'said', a: 'b', k: 1 }, 'behind a quoted value');
  t.same(read('m: two\nlines k=1').fields, { message: 'two\nlines', k: 1 });
  t.same(read('m: watch failed: 403 = no').fields, { message: 'watch failed: 403 = no' });
  t.same(read('m: open "quote k=1').fields, { message: 'open "quote', k: 1 });
});

t.test('targets', async (t) => {
  t.same(read(': x').target, '');
  t.same(read('just words').target, undefined);
  t.same(read('operator: kube: x').fields, { message: 'kube: x' }, 'a word before a colon is no span');
  t.same(read('a::b: src/c.rs:12: x'), {
    fields: { message: 'x' },
    target: 'a::b',
    filename: 'src/c.rs',
    line_number: 12,
  });
});

t.test('threads', async (t) => {
  const event = { fields: { message: 'x', k: 1 }, target: 'op::api' };
  t.same(read('ThreadId(02) op::api: x k=1'), { ...event, threadId: 'ThreadId(2)' });
  t.same(read('ThreadId(123) op::api: x k=1'), { ...event, threadId: 'ThreadId(123)' });
  t.same(read('         main ThreadId(01) op::api: x k=1'), {
    ...event,
    threadName: 'main',
    threadId: 'ThreadId(1)',
  });
  t.same(read('my own worker ThreadId(10) op::api: x k=1').threadName, 'my own worker');
  t.same(read('tokio-runtime-worker op::api: x k=1'), { ...event, threadName: 'tokio-runtime-worker' });
  t.same(read('informer-3 op::api: x k=1'), { ...event, threadName: 'informer-3' });
  t.same(read('tokio-runtime-worker session{id=1}:port: op::api: x k=1'), {
    ...event,
    span: { name: 'port' },
    spans: [{ id: 1, name: 'session' }, { name: 'port' }],
    threadName: 'tokio-runtime-worker',
  });
  t.same(
    JSON.parse(
      textToJson(
        `\x1b[2m${time}\x1b[0m \x1b[32m INFO\x1b[0m reader ThreadId(03) \x1b[2mop::api\x1b[0m\x1b[2m:\x1b[0m x \x1b[3mk\x1b[0m\x1b[2m=\x1b[0m1`,
      )!,
    ),
    { timestamp: time, level: 'INFO', ...event, threadName: 'reader', threadId: 'ThreadId(3)' },
  );
  t.same(
    read('my span{a=1}: op::api: x k=1').spans,
    [{ a: 1, name: 'my span' }],
    'a blank in the name of a span',
  );
  t.same(read('main: x').target, 'main');
});

t.test("in the compact layout, names that come again are the spans'", async (t) => {
  t.same(read('session: op::api: x port=1 id=2 port=3 more=4'), {
    fields: { message: 'x', port: 1, id: 2 },
    target: 'op::api',
    span: { port: 3, more: 4, name: 'session' },
    spans: [{ port: 3, more: 4, name: 'session' }],
  });
});

t.test('the pretty layout', async (t) => {
  const text = `  ${time}  WARN op::api: it failed, error: "no, it: 1", code: 5, raw: a, b\n    at src/a.rs:7 on ThreadId(1)\n    in op::s::inner with k: v, n: 1\n    in outer\n\n`;
  t.same(JSON.parse(textToJson(text)!), {
    timestamp: time,
    level: 'WARN',
    fields: { message: 'it failed', error: 'no, it: 1', code: 5, raw: 'a, b' },
    target: 'op::api',
    filename: 'src/a.rs',
    line_number: 7,
    span: { k: 'v', n: 1, name: 'inner' },
    spans: [{ name: 'outer' }, { k: 'v', n: 1, name: 'inner' }],
  });
  t.same(JSON.parse(textToJson(`  ${time}  INFO m: error: it broke`)!).fields, {
    message: 'error: it broke',
  });
  t.same(JSON.parse(textToJson(`  ${time}  INFO m: port: 80, x: y`)!).fields, { port: 80, x: 'y' });
});

t.test('with ANSI, colours tell a message from fields', async (t) => {
  const name = (text: string) => `\x1b[3m${text}\x1b[0m\x1b[2m=\x1b[0m`;
  const head = `\x1b[2m${time}\x1b[0m \x1b[32m INFO\x1b[0m `;
  const target = '\x1b[2mop::api\x1b[0m\x1b[2m:\x1b[0m ';
  const full = `${head}\x1b[1ms\x1b[0m\x1b[1m{\x1b[0m${name('k')}1\x1b[1m}\x1b[0m\x1b[2m:\x1b[0m ${target}said a=1 ${name('b c')}2`;
  t.same(JSON.parse(textToJson(full)!), {
    timestamp: time,
    level: 'INFO',
    fields: { message: 'said a=1', 'b c': 2 },
    target: 'op::api',
    span: { k: 1, name: 's' },
    spans: [{ k: 1, name: 's' }],
  });
  const compact = `${head}\x1b[1ms\x1b[0m: ${target}said ${name('b')}2 \x1b[2m${name('k')}1\x1b[0m`;
  t.match(JSON.parse(textToJson(compact)!), { fields: { message: 'said', b: 2 }, span: { k: 1, name: 's' } });
});

t.test('what is no record', async (t) => {
  for (const text of ['', 'x', `${time} INFO m: x`, `${time}  NOTE m: x`, ` ${time}  INFO m: x`]) {
    t.equal(textToJson(text), undefined, JSON.stringify(text));
  }
});

t.test('a record of any kind takes a time that its length explains', async (t) => {
  const length = 1 << 18;
  for (const piece of [
    'a=( ',
    'a="\\" ',
    '\\"',
    'a{',
    ': a::b',
    '\x1b[1m{\x1b[0m',
    ', a: (',
    '\n    in a with ',
  ]) {
    for (const head of [
      `${time}  INFO m: "`,
      `  ${time}  INFO m: `,
      `\x1b[2m${time}\x1b[0m \x1b[32m INFO\x1b[0m `,
    ]) {
      t.ok(textToJson(head + piece.repeat(length / piece.length)) !== undefined);
    }
  }
});
