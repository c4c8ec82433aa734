import t from 'tap';
import { mirrormon } from '../helpers/program.ts';

t.test('what is wrong with topics is told before anything is read', async (t) => {
  const told = async (...args: string[]) => {
    const { status, stderr } = await mirrormon(args);
    return `${status} ${stderr}`;
  };
  const dir = t.testdir({
    'topics.yml': 'kafka: { topics: [logs] }',
    'secret.yml': 'kafka: { sasl: { mechanism: PLAIN, username: me, passwordFile: nowhere } }',
    'wrong.yml': 'kafka: { brokers: "b:1", start: soon, partitions: [-1], sasl: { mechanism: MD5 } }',
  });
  t.match(await told('kafka://b:1/'), /^2 mirrormon: kafka:\/\/b:1\/: names no topic/);
  t.match(await told('-c', `${dir}/topics.yml`), /^2 .*of no broker; set kafka\.brokers/);
  t.match(
    await told('-c', `${dir}/secret.yml`, 'kafka://b:1/x'),
    /^2 .*kafka\.sasl\.passwordFile: cannot read nowhere/,
  );
  const wrong = await told('-c', `${dir}/wrong.yml`);
  for (const part of [
    /^2 /,
    /kafka\.start must be earliest, latest, or a time/,
    /kafka\.partitions/,
    /SCRAM-SHA-256/,
  ]) {
    t.match(wrong, part);
  }
});

t.test('a broker that is not there is an input that cannot be read; files beside it are', async (t) => {
  const { status, stderr, stdout } = await mirrormon(['kafka://127.0.0.1:1/logs', '-', '-o', 'logs'], {
    stdin: '{"level":"INFO","fields":{"message":"a"}}\n',
  });
  t.equal(status, 1);
  t.match(
    stderr,
    /kafka:\/\/127\.0\.0\.1:1\/logs: cannot be read: connection refused; is the broker running/,
  );
  t.match(stdout, /"message":"a"/);
});
