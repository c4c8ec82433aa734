import { readFileSync } from 'node:fs';
import t from 'tap';
import { formatProblem, Problems } from '../../lib/config/problem.ts';
import { opensslCipher, readWebConfig, requireWebConfig } from '../../lib/config/web-config-file.ts';
import { fixture } from '../helpers/root.ts';

const pem = readFileSync(fixture('otlp', 'tls', 'certificate.pem'), 'utf8');

async function read(yaml: string) {
  const problems = new Problems(['web.yml']);
  const files: Readonly<Record<string, string>> = {
    '/etc/web.yml': yaml,
    '/etc/c.pem': pem,
    '/etc/k.pem': pem,
  };
  const readFile = async (path: string) => {
    if (files[path] === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    return files[path];
  };
  const web = await readWebConfig('/etc/web.yml', readFile, problems);
  return { web, said: problems.all.map((problem) => `${problem.severity} ${formatProblem(problem)}`) };
}

t.test('an empty file serves everyone in plain HTTP', async (t) => {
  const { web, said } = await read('');
  t.same(said, []);
  t.match(web, { tls: undefined, http2: false, headers: {} });
});

t.test('everything that the toolkit knows', async (t) => {
  const { web, said } = await read(`
tls_server_config:
  cert_file: c.pem
  key_file: /etc/k.pem
  client_auth_type: VerifyClientCertIfGiven
  client_ca_file: c.pem
  client_allowed_sans: [a.example]
  min_version: TLS11
  max_version: TLS12
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305]
  prefer_server_cipher_suites: false
  curve_preferences: [CurveP256, X25519]
http_server_config: { http2: false, headers: { Strict-Transport-Security: max-age=1 } }
basic_auth_users: { a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi }
`);
  t.same(said, []);
  t.match(web, {
    tls: {
      cert: pem,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305',
      curves: 'prime256v1:X25519',
      preferServerCiphers: false,
      clientAuth: 'VerifyClientCertIfGiven',
      clientSans: ['a.example'],
    },
    http2: false,
    headers: { 'Strict-Transport-Security': 'max-age=1' },
  });
});

for (const [name, yaml, ...patterns] of [
  [
    'an unknown key',
    'tls_server_confg: {}',
    /^error .*tls_server_confg is not a setting; did you mean tls_server_config\?/,
  ],
  [
    'no certificate',
    'tls_server_config: { key_file: k.pem }',
    /tls_server_config.cert is missing; add cert_file/,
  ],
  [
    'a missing file',
    'tls_server_config: { cert_file: x.pem, key_file: k.pem }',
    /:1:33: .*cert_file cannot be read: no such file/,
  ],
  [
    'an unknown version',
    'tls_server_config: { cert_file: c.pem, key_file: k.pem, min_version: TLS14 }',
    /min_version must be TLS10, TLS11, TLS12 or TLS13/,
  ],
  [
    'an unknown cipher',
    'tls_server_config: { cert_file: c.pem, key_file: k.pem, cipher_suites: [RC4] }',
    /cipher_suites names RC4/,
  ],
  [
    'verified by nobody',
    'tls_server_config: { cert_file: c.pem, key_file: k.pem, client_auth_type: RequireAndVerifyClientCert }',
    /client_auth_type verifies certificates, but by no authority/,
  ],
  [
    'an authority of no use',
    'tls_server_config: { cert_file: c.pem, key_file: k.pem, client_ca_file: c.pem }',
    /client_ca_file is of no use/,
  ],
  [
    'a least version above the greatest',
    'tls_server_config: { cert_file: c.pem, key_file: k.pem, min_version: TLS13, max_version: TLS12 }',
    /min_version is above max_version/,
  ],
  [
    'a plain password',
    'basic_auth_users: { a: S3CRET }',
    /basic_auth_users.a must be a bcrypt hash.*not "\*\*\*"/,
  ],
  [
    'a header that would break the answer',
    'http_server_config: { headers: { "a b": c } }',
    /must be the value of a header/,
  ],
  ['no YAML', 'a: [', /not valid YAML/],
] as const) {
  t.test(name, async (t) => {
    const { web, said } = await read(yaml);
    t.equal(web, undefined);
    t.match(said, patterns);
    t.notMatch(said.join(), /S3CRET/);
  });
}

t.test('whoever needs it is told the first', async (t) => {
  await t.rejects(requireWebConfig('/nowhere/web.yml'), {
    code: 'CONFIG_UNREADABLE',
    where: '/nowhere/web.yml',
  });
});

t.test('ciphers by their names in Go', async (t) => {
  t.equal(opensslCipher('TLS_RSA_WITH_AES_256_GCM_SHA384'), 'AES256-GCM-SHA384');
  t.equal(opensslCipher('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'), 'ECDHE-ECDSA-AES128-SHA');
  t.equal(opensslCipher('TLS_AES_128_GCM_SHA256'), 'TLS_AES_128_GCM_SHA256');
  t.equal(opensslCipher('TLS_RSA_WITH_RC4_128_SHA'), undefined);
});
