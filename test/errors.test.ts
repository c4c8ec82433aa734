import t from 'tap';
import { systemReason } from '../lib/errors.ts';

t.test('what the system says is said in words, by its code alone', async (t) => {
  const told: Readonly<Record<string, string>> = {
    ENOSPC: 'no space left on the disk',
    EDQUOT: 'the quota of the disk is used up',
    EFBIG: 'a file may not become that large here',
    EIO: 'the device failed to read or write it',
    EROFS: 'the file system is read-only',
    ELOOP: 'its symbolic links lead in a circle',
    ENAMETOOLONG: 'its name is too long',
    ENOMEM: 'too little memory',
  };
  for (const [code, words] of Object.entries(told)) {
    t.equal(systemReason(Object.assign(new Error(`${code}: x, write`), { code })), words);
  }
  const other = new Error("EPROTO: protocol error, open '/a, b'");
  t.equal(systemReason(Object.assign(other, { code: 'EPROTO' })), 'protocol error');
  const tls = (reason: string) =>
    `write EPROTO 80AC52FA57F0:error:0A00010B:SSL routines:ssl3_get_record:${reason}:../deps/openssl/a.c:350:\n`;
  t.match(
    systemReason(Object.assign(new Error(tls('wrong version number')), { code: 'EPROTO' })),
    /^it does not speak TLS: write http:/,
  );
  t.equal(
    systemReason(Object.assign(new Error(tls('sslv3 alert handshake failure')), { code: 'EPROTO' })),
    'TLS failed: sslv3 alert handshake failure',
  );
  t.equal(systemReason(new Error('EVERY: word, counts here')), 'EVERY: word, counts here');
});
