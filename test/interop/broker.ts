import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';

/** A broker of its own for a test: one node, without security at `address`, with it beside. */
export interface Broker {
  readonly folder: string;
  readonly address: string;
  /**
   * PLAIN (alice) and SCRAM (bob by SHA-256, carol by SHA-512), the password of all `secret`, and OAUTHBEARER by tokens
   * that nobody signed. Alice and who gives no name may do everything, others what no ACL forbids.
   */
  readonly saslAddress: string;
  /** localhost, by a certificate of the authority in ca.crt of the folder. */
  readonly tlsAddress: string;
  /** The same, for those who have a certificate of that authority: client.crt and client.key; stranger.crt has none. */
  readonly mutualTlsAddress: string;
  /** Ends it at once, as a failing machine does, and starts it again with what it had. */
  restart(): Promise<void>;
  /** Lets it stand still, and go on, as a machine that is paused. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** A command to its end; rejects with what it said if that is not 0. */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (piece) => said.push(piece));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${Buffer.concat(said)}`);
}

/** An authority, certificates by it for localhost and a client, and one that signs itself; made with openssl. */
async function makeCertificates(folder: string): Promise<void> {
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const openssl = (...args: string[]) => run('openssl', args, folder);
  const ofItself = (name: string) =>
    openssl(
      ...`req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name}`.split(' '),
      ...files(name, 'crt'),
    );
  const files = (name: string, what: string) => ['-keyout', `${name}.key`, '-out', `${name}.${what}`];
  await ofItself('ca');
  await ofItself('stranger');
  const signed = '-CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names'.split(' ');
  for (const name of ['server', 'client']) {
    await openssl(...`req -newkey rsa:2048 -nodes -subj /CN=${name}`.split(' '), ...files(name, 'csr'));
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.crt`);
  }
  await run('sh', ['-c', 'cat server.key server.crt ca.crt > server.pem'], folder);
}

function properties(folder: string, [plain, controller, sasl, tls, mutual]: readonly number[]): string {
  const login = 'org.apache.kafka.common.security';
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAIN://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller},SASL://127.0.0.1:${sasl},TLS://127.0.0.1:${tls},MUTUAL://127.0.0.1:${mutual}`,
    'advertised.listeners': `PLAIN://127.0.0.1:${plain},SASL://127.0.0.1:${sasl},TLS://localhost:${tls},MUTUAL://localhost:${mutual}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    'listener.security.protocol.map':
      'PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,MUTUAL:SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'listener.name.sasl.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_alice="secret";`,
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
    'listener.name.sasl.scram-sha-512.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
    'listener.name.sasl.oauthbearer.sasl.jaas.config': `${login}.oauthbearer.OAuthBearerLoginModule required;`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:alice',
    'allow.everyone.if.no.acl.found': 'true',
    'listener.name.mutual.ssl.client.auth': 'required',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(folder, 'ca.crt'),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'server.pem'),
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '2',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '2',
    'auto.create.topics.enable': 'false',
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** @param jars a folder with Kafka's jars */
export async function startBroker(jars: string): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-kafka-'));
  mkdirSync(join(folder, 'data'));
  await makeCertificates(folder);
  const ports: number[] = [];
  while (ports.length < 5) ports.push(await freePort());
  writeFileSync(join(folder, 'server.properties'), properties(folder, ports));
  const java = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', join(jars, '*')];
  const id = 'MkU3OEVBNTcwNTJENDM2Qk';
  const users = ['SCRAM-SHA-256=[name=bob,password=secret]', 'SCRAM-SHA-512=[name=carol,password=secret]'];
  const added = users.flatMap((user) => ['--add-scram', user]);
  const format = ['format', '-t', id, '-c', 'server.properties', ...added];
  await run('java', [...java, 'kafka.tools.StorageTool', ...format], folder);

  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const broker = spawn('java', [...java, 'kafka.Kafka', 'server.properties'], {
      cwd: folder,
      stdio: 'ignore',
    });
    child = broker;
    for (const until = Date.now() + 120_000; !(await accepts(ports[0]!)); await delay(200)) {
      if (broker.exitCode !== null || Date.now() > until)
        throw new Error(`the broker in ${folder} does not start`);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  await start();
  return {
    folder,
    address: `127.0.0.1:${ports[0]}`,
    saslAddress: `127.0.0.1:${ports[2]}`,
    tlsAddress: `localhost:${ports[3]}`,
    mutualTlsAddress: `localhost:${ports[4]}`,
    async restart() {
      await end('SIGKILL');
      await start();
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async stop() {
      await end('SIGKILL');
      if (existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}
