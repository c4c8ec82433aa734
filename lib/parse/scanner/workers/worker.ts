/** A parse worker: does what the main thread tells it to. */
import { parentPort, workerData } from 'node:worker_threads';
import { ScanWorker } from './scan-worker.ts';
import type { Collect, Job, Reply, Setup } from './worker-messages.ts';

const worker = new ScanWorker(workerData as Setup);
const port = parentPort!;
const reply = (message: Reply): void => {
  const notes = typeof message === 'object' && 'notes' in message ? message.notes : undefined;
  port.postMessage(message, notes === undefined ? [] : [notes.bytes]);
};
port.on('message', (job: Job | Collect) => reply(worker.do(job)));
reply({ ready: worker.given });
