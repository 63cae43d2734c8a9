import { isDeepStrictEqual } from 'node:util';
import { unitsOfIndexedPut } from './index-units';
import { mustHold, type OutboxProbe } from './probe';

const RELAYED = { list: [1, null, 'two'] };
/** All that JSON escapes, or that a template might take for its own. */
const ANY_TEXT =
  'quote " backslash \\ line\nfeed tab\t nul-like \u0001 é 漢 😀 \u2028 <$.sk> <aws.pipes.pipe-name> ${x} {"a":[1]}';
/** About what an event of 200,000 bytes has for its data. */
const LARGEST_EVENT = 199_000;
/** Longer than the pipe's few retries take if throttles count. */
const THROTTLED_MS = 30_000;

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
      await lab.whileStopped(() => lab.put('meanwhile', '1'));
      await lab.put('after', '1');
      await lab.eventsOf('meanwhile', 1);
      await lab.eventsOf('after', 1);
      const again = (await lab.eventsOf('before', 1)).length - 1;
      return mustHold(again === 0, `what was written meanwhile came; what was done before came ${again} times again`);
    },
  },
  {
    id: 'template-any-text',
    run: async (lab) => {
      await lab.put('text', '1', { text: ANY_TEXT });
      const [event] = await lab.eventsOf('text', 1);
      const expected = { pk: 'text', sk: '1', text: ANY_TEXT, nested: RELAYED };
      const seen = isDeepStrictEqual(event?.detail, expected) ? 'as it was written' : JSON.stringify(event?.detail);
      return mustHold(seen === 'as it was written', `text with all that needs escaping came ${seen}`);
    },
  },
  {
    id: 'large-batch',
    run: async (lab) => {
      await lab.whileStopped(async () => {
        for (let sk = 0; sk < 10; sk += 1) await lab.put('large', String(sk), { text: 'x'.repeat(LARGEST_EVENT) });
      });
      const events = await lab.eventsOf('large', 10);
      return mustHold(
        events.length === 10,
        `${events.length} events for ten of ${LARGEST_EVENT / 1000} KB in one batch`,
      );
    },
  },
  {
    id: 'bisect-enrichment',
    run: async (lab) => {
      const before = await lab.givenUp();
      await lab.whileStopped(async () => {
        await lab.put('bisect', '1');
        await lab.put('bisect', '2', { poison: 'yes' });
        await lab.put('bisect', '3');
      });
      const came = await lab.eventsOnceGivenUp('bisect', before);
      return mustHold(
        came === 2,
        `${came} of 2 events came that shared a batch with a record that the relay throws at`,
      );
    },
  },
  {
    id: 'throttled-relay',
    run: async (lab) => {
      const outcome = await lab.putThrottled('throttled', THROTTLED_MS);
      const seen = {
        came: `came once the relay ran again: ${THROTTLED_MS / 1000} s of throttles did not use up the retries`,
        'given up': 'is in the dead-letter queue: throttles use up the retries',
        lost: 'neither came nor is it in the dead-letter queue',
      };
      return mustHold(outcome !== 'lost', `the event of a throttled relay ${seen[outcome]}`);
    },
  },
  {
    id: 'fresh-stream',
    run: async (lab) => {
      const { table, failure } = await lab.freshPipe();
      if (failure !== undefined) return mustHold(false, `a pipe on a table's new stream fails: ${failure}`);
      await lab.put('fresh', '1', {}, table);
      const events = await lab.eventsOf('fresh', 1);
      return mustHold(events.length === 1, 'a pipe on a new stream runs at the first attempt, and its event came');
    },
  },
  {
    id: 'index-units',
    run: async (lab) => {
      const { table, index } = await unitsOfIndexedPut(lab.bench);
      return mustHold(index === 2, `a transaction's put consumed ${table} units of its table, ${index} of its index`);
    },
  },
  {
    // The last: what was published is in an archive after some minutes only (EventBridge user guide, eb-archive).
    id: 'replay-under-deny',
    run: async (lab) => {
      const came = await lab.isReplayed('principal');
      return mustHold(came, `the replayed event ${came ? 'came' : 'did not come'} through the policy of the bus`);
    },
  },
];
