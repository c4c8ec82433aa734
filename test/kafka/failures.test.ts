import t from 'tap';
import { explainFailure } from '../../lib/kafka/failures.ts';
import { loadKafka } from '../../lib/kafka/library.ts';

const { ProtocolError } = await loadKafka('a test');
const { MultipleErrors, NetworkError, AuthenticationError, UserError, TimeoutError } = await import(
  '@platformatic/kafka'
);

/** As the library gives what its connection to the only broker failed of. */
const failed = (cause: Error): Error =>
  new MultipleErrors('Cannot connect to any broker.', [
    new NetworkError('Connection to b:1 failed.', { cause }),
  ]);

const systemError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

t.test('the reason is told that lies at the bottom, and what to do', async (t) => {
  const cases: [Error, RegExp, RegExp, boolean][] = [
    [failed(systemError('ECONNREFUSED')), /^connection refused$/, /running/, true],
    [failed(systemError('ENOTFOUND')), /^unknown host$/, /kafka\.brokers/, true],
    [failed(systemError('SELF_SIGNED_CERT_IN_CHAIN')), /certificate is not trusted/, /kafka\.tls\.ca/, false],
    [failed(systemError('ERR_TLS_CERT_ALTNAME_INVALID')), /another name/, /kafka\.brokers/, false],
    [failed(systemError('CERT_HAS_EXPIRED')), /expired/, /renew/, false],
    [
      failed(new AuthenticationError('SASL authentication failed.')),
      /does not accept these credentials/,
      /passwordFile/,
      false,
    ],
    [
      failed(
        new AuthenticationError('Cannot find a suitable SASL mechanism.', {
          cause: new ProtocolError('UNSUPPORTED_SASL_MECHANISM'),
        }),
      ),
      /does not take this SASL mechanism/,
      /mechanism/,
      false,
    ],
    [
      failed(new UserError('TLS handshake failed. Please verify the broker supports TLS.')),
      /speaks no TLS/,
      /kafka\.tls/,
      false,
    ],
    [new UserError('Broker requires TLS.'), /speaks TLS at this port/, /kafka\.tls/, false],
    [new NetworkError('Connection closed'), /closed the connection/, /kafka\.sasl/, true],
    [
      // what a token that has expired comes to
      Object.assign(new Error('Received response with error while executing API ApiVersions(v3)'), {
        errors: [new ProtocolError('ILLEGAL_SASL_STATE')],
      }),
      /does not accept these credentials/,
      /tokenFile/,
      false,
    ],
    [new ProtocolError('ILLEGAL_SASL_STATE'), /expects no SASL/, /kafka\.sasl/, false],
    [
      failed(systemError('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE')),
      /a certificate of ours/,
      /kafka\.tls\.cert/,
      false,
    ],
    [new TimeoutError('Request timed out'), /no answer in time/, /Kafka broker/, true],
    [new ProtocolError('TOPIC_AUTHORIZATION_FAILED'), /may not use the topic/, /kafka-acls/, false],
    [new ProtocolError('MESSAGE_TOO_LARGE'), /larger than the topic takes/, /max\.message\.bytes/, false],
    [
      new ProtocolError('INVALID_PRODUCER_EPOCH'),
      /has ended the transaction of this process/,
      /too busy/,
      true,
    ],
  ];
  for (const [error, message, hint, canRetry] of cases) {
    const told = explainFailure(error);
    t.match(told.message, message);
    t.match(told.hint, hint);
    t.equal(told.canRetry, canRetry, told.message);
  }
});

t.test('the topic is named that the answer says it was', async (t) => {
  const error = Object.assign(new Error('Received response with error while executing API Produce(v11)'), {
    response: {
      responses: [
        { name: 'taken', partitionResponses: [{ errorCode: 0 }] },
        { name: 'narrow', partitionResponses: [{ errorCode: 0 }, { errorCode: 10 }] },
      ],
    },
    errors: [new ProtocolError('MESSAGE_TOO_LARGE')],
  });
  const { message, hint } = explainFailure(failed(error));
  t.same(
    [message, hint],
    ['a record is larger than topic narrow takes', 'raise max.message.bytes of topic narrow'],
  );
});

t.test('what nobody has foreseen is told as it is', async (t) => {
  const { message, hint, canRetry } = explainFailure(failed(new Error('out of cheese')));
  t.same([message, hint, canRetry], ['out of cheese', undefined, false]);
  t.equal(explainFailure('text').message, 'text');
});
