import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import bcrypt from 'bcryptjs';
import t, { type Test } from 'tap';
import { requireWebConfig } from '../../../lib/config/web-config-file.ts';
import type { RunCondition } from '../../../lib/handlers/handler.ts';
import { createEndpoint } from '../../../lib/handlers/prometheus/endpoint.ts';
import { expose } from '../../../lib/handlers/prometheus/exposed-family.ts';
import { openPrometheus } from '../../../lib/handlers/prometheus/index.ts';
import { listen, stop } from '../../../lib/handlers/prometheus/listen.ts';
import { fixture } from '../../helpers/root.ts';
import { handlerConfig, handlerContext } from '../../helpers/sinks.ts';

const certificate = readFileSync(fixture('otlp', 'tls', 'certificate.pem'), 'utf8');
const key = readFileSync(fixture('otlp', 'tls', 'key.pem'), 'utf8');
/** The cheapest there is: it is not the hash that is tested. */
const hash = bcrypt.hashSync('secret', 4);

async function serve(t: Test, yaml: string | undefined, condition?: () => RunCondition) {
  const folder = t.testdir({ 'web.yml': yaml ?? '', 'c.pem': certificate, 'k.pem': key });
  const file = join(folder, 'web.yml');
  const context = { ...handlerContext(), notes: [] as string[], condition, readWebConfig: requireWebConfig };
  const config = { address: '127.0.0.1:0', webConfig: yaml === undefined ? undefined : file };
  let now = context.now();
  const handler = openPrometheus(handlerConfig('prometheus', 'metrics', config), {
    ...context,
    now: () => now,
    note: (message) => context.notes.push(message),
  });
  await handler.open();
  t.teardown(() => handler.close());
  const pass = (ms: number) => {
    now += ms;
  };
  return { url: handler.url!, context, file, folder, pass };
}

interface Client {
  readonly cert?: string;
  readonly key?: string;
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.1';
  readonly headers?: Record<string, string>;
}

/** The status and headers of a request over TLS, or the code of what kept it from being answered. */
function ask(
  url: string,
  { headers, ...client }: Client = {},
): Promise<{ status: number | string; headers: object }> {
  return new Promise((resolve) => {
    const agent = new Agent({ rejectUnauthorized: false, ...client });
    httpsRequest(url, { agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode!, headers: response.headers }));
    })
      .once('error', (error: NodeJS.ErrnoException) =>
        resolve({ status: error.code ?? 'failed', headers: {} }),
      )
      .end();
  });
}

const family = { type: 'gauge', help: 'h', labels: [], series: [{ labels: [], value: 1 }] } as const;

const authorization = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

t.test('users', async (t) => {
  const { url } = await serve(t, `basic_auth_users: { alice: "${hash}" }`);
  const status = async (headers?: Record<string, string>) =>
    (await fetch(`${url}/healthz`, { headers: headers ?? {} })).status;
  t.equal(await status(), 401);
  t.equal(await status(authorization('alice', 'wrong')), 401);
  t.equal(await status(authorization('bob', 'secret')), 401);
  t.equal(await status({ authorization: 'Bearer secret' }), 401);
  t.equal(await status({ authorization: 'Basic !' }), 401);
  t.equal(await status(authorization('alice', 'secret')), 200);
  t.equal(await status(authorization('alice', 'secret')), 200, 'remembered');
  const refused = await fetch(url);
  t.equal(refused.headers.get('www-authenticate'), 'Basic');
  const flood = await Promise.all(
    Array.from({ length: 40 }, (_, k) => status(authorization('alice', `guess ${k}`))),
  );
  t.ok(flood.includes(503), 'guessing is bounded');
  t.ok(flood.every((each) => each === 401 || each === 503));
});

const tls = 'cert_file: c.pem, key_file: k.pem';

t.test('TLS with a least version', async (t) => {
  const { url, context } = await serve(t, `tls_server_config: { ${tls}, min_version: TLS13 }`);
  t.match(url, /^https:/);
  t.match(context.notes, [/serves metrics at https:\/\/127.0.0.1:\d+\/metrics/]);
  t.equal((await ask(`${url}/metrics`)).status, 200);
  t.not((await ask(`${url}/metrics`, { maxVersion: 'TLSv1.2' })).status, 200);
  await t.rejects(fetch(url.replace('https', 'http')), 'plain HTTP is not spoken');
});

t.test('HTTP/2, and headers', async (t) => {
  const { url } = await serve(
    t,
    `tls_server_config: { ${tls} }\nhttp_server_config: { headers: { X-Frame-Options: deny } }`,
  );
  t.match((await ask(url)).headers, { 'x-frame-options': 'deny' }, 'HTTP/1.1 as well');
  const client = connectHttp2(url, { rejectUnauthorized: false });
  t.teardown(() => client.close());
  const body = await new Promise<string>((resolve, reject) => {
    let text = '';
    const stream = client.request({ ':path': '/metrics' }).setEncoding('utf8');
    stream
      .on('data', (part) => (text += part))
      .on('end', () => resolve(text))
      .on('error', reject);
  });
  t.match(body, /mirrormon_process_uptime_seconds/);
});

t.test('HTTP/2 can be switched off', async (t) => {
  const { url } = await serve(t, `tls_server_config: { ${tls} }\nhttp_server_config: { http2: false }`);
  const client = connectHttp2(url, { rejectUnauthorized: false });
  const failed = await new Promise<Error>((resolve) => client.once('error', resolve));
  t.ok(failed);
});

for (const [type, without, own] of [
  ['RequestClientCert', 200, 200],
  ['RequireAnyClientCert', 'refused', 200],
  ['VerifyClientCertIfGiven', 200, 200],
  ['RequireAndVerifyClientCert', 'refused', 200],
] as const) {
  t.test(type, async (t) => {
    const ca = type.includes('Verify') ? ', client_ca_file: c.pem' : '';
    const { url } = await serve(t, `tls_server_config: { ${tls}, client_auth_type: ${type}${ca} }`);
    const status = async (client?: Client) => {
      const answered = (await ask(url, client)).status;
      return typeof answered === 'string' ? 'refused' : answered;
    };
    t.equal(await status(), without, 'without a certificate');
    t.equal(await status({ cert: certificate, key }), own, 'with one');
  });
}

t.test('a certificate must have one of the names', async (t) => {
  const config = (name: string) =>
    `tls_server_config: { ${tls}, client_auth_type: RequireAnyClientCert, client_allowed_sans: [${name}] }`;
  t.type(
    (await ask((await serve(t, config('other.example'))).url, { cert: certificate, key })).status,
    'string',
  );
  t.equal((await ask((await serve(t, config('127.0.0.1'))).url, { cert: certificate, key })).status, 200);
});

t.test('what changes in the file counts for who comes later; what is wrong with it does not', async (t) => {
  const { url, file, pass, context } = await serve(t, `basic_auth_users: { alice: "${hash}" }`);
  const status = async () =>
    (await fetch(url, { headers: { ...authorization('bob', 'secret'), connection: 'close' } })).status;
  t.equal(await status(), 401);
  writeFileSync(file, `basic_auth_users: { bob: "${hash}" }`);
  t.equal(await status(), 401, 'not yet looked at');
  pass(1500);
  await status();
  const until = async (wanted: number) => {
    for (let k = 0; k < 200 && (await status()) !== wanted; k++);
    return status();
  };
  t.equal(await until(200), 200);
  writeFileSync(file, 'basic_auth_users: { bob: plain }');
  pass(1500);
  for (let k = 0; k < 200 && context.warnings.length === 0; k++) t.equal(await status(), 200);
  t.match(context.warnings.join(), /web.yml:1:26: basic_auth_users.bob must be a bcrypt hash.*counts on/);
});

t.test('health and readiness', async (t) => {
  const state = {
    faults: [] as string[],
    unready: ['handlers are being opened'],
    waiting: ['handler x fails'],
  };
  const { url } = await serve(t, undefined, () => state);
  const get = async (path: string) => {
    const response = await fetch(url + path);
    return [response.status, await response.text()];
  };
  t.same(await get('/healthz'), [200, 'healthy\nhandler x fails\n']);
  t.same(await get('/readyz'), [503, 'handlers are being opened\n']);
  state.unready = [];
  t.same(await get('/readyz'), [200, 'ready\nhandler x fails\n']);
  state.faults.push('handler y has failed for good');
  t.same(await get('/healthz'), [503, 'handler y has failed for good\n']);
  t.same(await get('/readyz'), [503, 'handler y has failed for good\n']);
});

t.test('who does not take an answer in time is cut off, and others are served', async (t) => {
  const warnings: string[] = [];
  const families = function* () {
    for (let k = 0; k < 20_000; k++) yield expose({ ...family, name: `metric_${k}_${'x'.repeat(500)}` });
  };
  const server = await createEndpoint({
    families,
    now: () => 0,
    warn: (message) => warnings.push(message),
    webConfig: undefined,
    readWebConfig: requireWebConfig,
    condition: () => ({ faults: [], unready: [], waiting: [] }),
    answerTime: 200,
  });
  const url = await listen(server, ['127.0.0.1:0'], () => {});
  t.teardown(() => stop(server));
  const idle = connect(Number(new URL(url).port), '127.0.0.1').pause();
  idle.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
  const gone = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
  await gone;
  idle.destroy();
  t.match(warnings, [/127.0.0.1 has not taken its scrape within 0.2 s and is cut off/]);
  t.equal((await fetch(`${url}/healthz`)).status, 200);
});

t.test('headers and connections are bounded', async (t) => {
  const { url } = await serve(t, undefined);
  t.equal((await fetch(url, { headers: { 'x-long': 'x'.repeat(10_000) } })).status, 431);
  const { port } = new URL(url);
  const sockets: Socket[] = [];
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  let dropped = 0;
  for (let k = 0; k < 80; k++) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('close', () => dropped++).on('error', () => {});
    sockets.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
  }
  for (let k = 0; k < 100 && dropped < 10; k++) await new Promise((resolve) => setImmediate(resolve));
  t.ok(dropped >= 10, `${dropped} of 80 were dropped`);
});
