import { listShards, PolledQueue, StreamReader } from '@outbox/local-cloud-streams';
import { pipeReading, type DeliveryTools } from './pipe-reading';
import type { PipeStore } from './pipe-store';
import { QueueReader } from './queue-reader';

/** Whether the source is there. @throws AwsError when it isn't */
export async function checkSource(store: PipeStore, tools: DeliveryTools): Promise<void> {
  const { engine, pipe, role } = tools;
  if (pipe.stream) await listShards(pipeReading(store, tools, pipe.stream));
  else await new PolledQueue(engine, pipe.source).attributes(role.as().caller);
}

/** Reads the source of a pipe until the pipe stops. Rejects when a stream is gone for good. */
export async function readSource(store: PipeStore, tools: DeliveryTools): Promise<void> {
  const { queue, stream } = tools.pipe;
  if (stream) await new StreamReader(pipeReading(store, tools, stream)).run();
  else if (queue) await new QueueReader(tools, queue).run();
}
