import { isDeepStrictEqual } from 'node:util';
import { StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import { mustHold, type OutboxProbe } from './probe';

const RELAYED = { list: [1, null, 'two'] };

/** Probes of table → pipe → bus, in the order they run. */
export const outboxProbes: readonly OutboxProbe[] = [
  {
    id: 'dynamic-detail-type',
    run: async (lab) => {
      await lab.put('type', '1', { type: 'ProbeNamedIt' });
      const [event] = await lab.eventsOf('type', 1);
      return mustHold(event?.['detail-type'] === 'ProbeNamedIt', `detail-type is ${event?.['detail-type']}`);
    },
  },
  {
    id: 'template-alone',
    run: async (lab) => {
      await lab.put('template', '1');
      const [event] = await lab.eventsOf('template', 1);
      const expected = { pk: 'template', sk: '1', nested: RELAYED };
      return mustHold(isDeepStrictEqual(event?.detail, expected), `detail is ${JSON.stringify(event?.detail)}`);
    },
  },
  {
    id: 'insert-only',
    run: async (lab) => {
      // Of one partition key, so of one shard: a change that passed the filter would come before the second item.
      await lab.put('insert', '1');
      await lab.put('insert', '1', { changed: 'yes' });
      await lab.put('insert', '2');
      const events = await lab.eventsOf('"sk":"2"', 1).then(() => lab.eventsOf('insert', 2));
      return mustHold(events.length === 2, `${events.length} events of two new items, one of them changed`);
    },
  },
  {
    id: 'pipe-role-is-principal',
    run: async (lab) => {
      await lab.put('principal', '1');
      await lab.eventsOf('principal', 1);
      const refusal = await lab.putEventAsCaller();
      return mustHold(refusal !== undefined, `the pipe's event came, the caller's was ${refusal ?? 'taken'}`);
    },
  },
  {
    id: 'pipe-checkpoint',
    run: async (lab) => {
      await lab.put('before', '1');
      await lab.eventsOf('before', 1);
      await lab.bench.pipes.send(new StopPipeCommand({ Name: lab.pipe }));
      await lab.untilPipe('STOPPED');
      await lab.put('meanwhile', '1');
      await lab.bench.pipes.send(new StartPipeCommand({ Name: lab.pipe }));
      await lab.untilPipe('RUNNING');
      await lab.put('after', '1');
      await lab.eventsOf('meanwhile', 1);
      await lab.eventsOf('after', 1);
      const again = (await lab.eventsOf('before', 1)).length - 1;
      return mustHold(again === 0, `what was written meanwhile came; what was done before came ${again} times again`);
    },
  },
];
