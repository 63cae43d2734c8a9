/** A defect that somebody might write, and the spec that must find it. */
export interface Mutation {
  /** What is broken, in a few words. */
  readonly breaks: string;
  readonly file: string;
  /** Texts that occur once in the file, and what they become. */
  readonly replace: readonly (readonly [from: string, to: string])[];
  readonly spec: string;
  /** What the name or the message of a failed test holds. */
  readonly says: string;
}

const OUTBOX_RULES = 'libs/outbox/rules/src';
const OUTBOX = 'libs/outbox/dynamodb/src';
const INBOX_RULES = 'libs/inbox/rules/src';
const INBOX = 'libs/inbox/dynamodb/src';
const PROTOCOL = `${INBOX_RULES}/protocol.model.spec.ts`;

/** The defects that docs/guarantees.md promises to be found. */
export const mutations: readonly Mutation[] = [
  {
    breaks: "the head's condition is dropped",
    file: `${OUTBOX}/table/outbox-head.ts`,
    replace: [["'lastSequence = :after',", "'lastSequence = :after OR attribute_exists(pk)',"]],
    spec: 'libs/outbox/testing/src/conformance.property.spec.ts',
    says: 'keeps every aggregate as the model has it',
  },
  {
    breaks: 'the token of what is pending is not compared',
    file: `${INBOX}/layout.ts`,
    replace: [['`${PENDING}.#token = :seen`', '`${PENDING}.#token = :seen OR attribute_exists(pk)`']],
    spec: `${INBOX}/calls.spec.ts`,
    says: 'is made by one of two deliveries at a time',
  },
  {
    breaks: 'a claim holds nobody off',
    file: `${INBOX_RULES}/pending.ts`,
    replace: [["pending.status === 'claimed' && leaseUntil > now", "pending.status === 'claimed' && leaseUntil < 0"]],
    spec: PROTOCOL,
    says: 'two deliveries call outside',
  },
  {
    breaks: 'the outside world is called without a claim',
    file: `${INBOX}/run.ts`,
    replace: [
      [
        "const claimed = await this.#claim(stored, longestCallMs(work, this.#wasBegun(stored)));\n      if ('kind' in claimed) return claimed;",
        "const claimed = { claim: { ...this.#about(stored), status: 'claimed' as const, attempts: 1, token: this.#token } };",
      ],
    ],
    spec: `${INBOX}/crashes.spec.ts`,
    says: '-   "UpdateItemCommand"',
  },
  {
    breaks: 'an event is completed whoever holds the claim',
    file: `${INBOX}/once-layout.ts`,
    replace: [
      [
        '...marshalKey(recordKey(message)) }, ...isAsSeen(seen) }',
        '...marshalKey(recordKey(message)) }, ...(seen.record ? isAsSeen(seen) : {}) }',
      ],
    ],
    spec: `${INBOX}/calls.spec.ts`,
    says: 'is made by one of two deliveries at a time',
  },
  {
    breaks: 'a call may take longer than its invocation',
    file: `${INBOX}/consumer.ts`,
    replace: [['if (invocationMs < neededMs) {', 'if (invocationMs < 0) {']],
    spec: `${INBOX}/consumer.spec.ts`,
    says: 'refuses an invocation that has no time for a call',
  },
  {
    breaks: 'ids of emitted events are random',
    file: `${INBOX}/commit.ts`,
    replace: [
      ["deriveId('event', name, event.id, index)", "deriveId('event', name, `${event.id} ${Math.random()}`, index)"],
    ],
    spec: `${INBOX}/calls.spec.ts`,
    says: 'done again, they are there already',
  },
  {
    breaks: 'the type is judged before the sequence',
    file: `${INBOX_RULES}/decide.ts`,
    replace: [
      [
        'const decision = decideByPolicy(policy, message, stored, delivery);',
        "if (message.recognition === 'unknown-type') return { kind: 'skip', reason: 'unknown-type' };\n  const decision = decideByPolicy(policy, message, stored, delivery);",
      ],
    ],
    spec: `${INBOX_RULES}/decide.spec.ts`,
    says: 'only advances for an unwanted type, in its turn',
  },
  {
    breaks: 'attempts are not counted',
    file: `${INBOX_RULES}/pending.ts`,
    replace: [
      ["pending.status !== 'dead-lettered' ? pending.attempts : 0", "pending.status !== 'dead-lettered' ? 0 : 0"],
    ],
    spec: `${INBOX}/calls.spec.ts`,
    says: 'is made with the same key at every attempt',
  },
  {
    breaks: 'an event is acknowledged before it is published',
    file: `${OUTBOX}/sweeper/claim-due.ts`,
    replace: [
      ['import { claim, isDue,', 'import { acknowledge, claim, isDue, sequenceOf,'],
      ['import { writeClaim,', 'import { writeAcknowledgement, writeClaim,'],
      [
        "if (decision.kind === 'publish') return",
        "const published = { pk: item.pk, sequence: sequenceOf(item), id: item.id };\n    await writeAcknowledgement(table, acknowledge(published, now, { retentionDays: 7 }));\n    if (decision.kind === 'publish') return",
      ],
    ],
    spec: `${OUTBOX}/outbox-store.spec.ts`,
    says: 'claimed before',
  },
  {
    breaks: 'the sweeper ignores the claims of others',
    file: `${OUTBOX_RULES}/claim.ts`,
    replace: [[' && item.attempts === seen.attempts && item.dueAt === seen.dueAt', '']],
    spec: PROTOCOL,
    says: 'two sweeps own event',
  },
  {
    breaks: 'the condition of a claim ignores the claims of others',
    file: `${OUTBOX}/table/outbox-updates.ts`,
    replace: [
      ['attempts = :seenAttempts AND dueAt = :seenDueAt', '(attempts >= :seenAttempts OR dueAt >= :seenDueAt)'],
    ],
    spec: `${OUTBOX}/table/conditions.spec.ts`,
    says: 'is claimed by the first',
  },
  {
    breaks: 'a claim leaves the event due',
    file: `${OUTBOX_RULES}/claim.ts`,
    replace: [['new Date(now + backOffMs)', 'new Date(now - backOffMs)']],
    spec: PROTOCOL,
    says: 'there is no end to the states',
  },
  {
    breaks: 'the events of one aggregate are split among shares',
    file: `${OUTBOX_RULES}/sweep-order.ts`,
    replace: [['lanes.get(key.pk) ?? split.reduce(', 'split.reduce(']],
    spec: `${OUTBOX_RULES}/sweep.property.spec.ts`,
    says: 'keeps every key once, an aggregate’s together',
  },
  {
    breaks: 'a share that nobody takes is skipped',
    file: `${OUTBOX}/sweeper/sweep.ts`,
    replace: [
      [
        'reports.push(share ?? (await workShare(ports, keys, now, remainingMs)))',
        'reports.push(share ?? NOTHING_DONE)',
      ],
    ],
    spec: `${OUTBOX}/sweeper/backlog.spec.ts`,
    says: 'works itself what it can’t hand out',
  },
  {
    breaks: 'an outage of the bus uses up attempts',
    file: `${OUTBOX}/sweeper/publish-claimed.ts`,
    replace: [['await putBack(one, describeFault(fault))', 'await refuse(one, describeFault(fault))']],
    spec: `${OUTBOX}/sweeper/backlog.spec.ts`,
    says: 'takes hours of a bus out of reach',
  },
  {
    breaks: 'an acknowledgement is written again',
    file: `${OUTBOX_RULES}/acknowledge.ts`,
    replace: [[' && item.unpublishedShard !== undefined', '']],
    spec: `${OUTBOX_RULES}/outbox.model.spec.ts`,
    says: 'brings every committed event to the bus',
  },
  {
    breaks: 'a redriven message calls outside under a new key',
    file: `${INBOX}/run.ts`,
    replace: [["deriveId('key', name, message.id)", "deriveId('key', name, this.intake.receipt.messageId)"]],
    spec: `${INBOX}/calls.spec.ts`,
    says: 'begins anew after a redrive',
  },
  {
    breaks: 'a redriven message is taken for the one that was set aside',
    file: `${INBOX_RULES}/pending.ts`,
    replace: [[' && pending.messageId === messageId', " && messageId !== ''"]],
    spec: PROTOCOL,
    says: 'never comes to a good end',
  },
  {
    breaks: 'the park budget is ignored',
    file: `${INBOX_RULES}/in-order.ts`,
    replace: [['firstReceivedAt: begun }, budgetSeconds)', 'firstReceivedAt: begun }, HOLD_SECONDS)']],
    spec: `${INBOX_RULES}/decide.spec.ts`,
    says: 'never parks beyond its budget',
  },
  {
    breaks: 'a gap is called without asking the outbox',
    file: `${INBOX_RULES}/in-order.ts`,
    replace: [
      ["if (awaited?.version !== missing) return { kind: 'ask', version: missing };", ''],
      ['missedSince } = awaited;', "missedSince } = awaited ?? { publication: { kind: 'absent' }, missedSince: 0 };"],
    ],
    spec: PROTOCOL,
    says: 'is set aside though event 1',
  },
  {
    breaks: 'the park budget runs out though the subject moves on',
    file: `${INBOX_RULES}/in-order.ts`,
    replace: [['Math.max(firstReceivedAt, head?.movedAt ?? 0)', 'firstReceivedAt']],
    spec: `${INBOX_RULES}/decide.spec.ts`,
    says: 'counts the budget anew from when the consumer last moved on',
  },
  {
    breaks: 'the park budget runs out though the missing one was just published',
    file: `${INBOX_RULES}/in-order.ts`,
    replace: [["publication.kind === 'published' ? publication.at : 0", '0']],
    spec: `${INBOX_RULES}/decide.spec.ts`,
    says: 'counts the budget from when the missing one was published',
  },
  {
    breaks: 'the park budget runs out while the consumer could not work',
    file: `${INBOX_RULES}/in-order.ts`,
    replace: [['Math.max(missedSince, publication', 'Math.max(0, publication']],
    spec: PROTOCOL,
    says: 'is missed only now',
  },
  {
    breaks: 'what is late is taken for a duplicate',
    file: `${INBOX_RULES}/in-order.ts`,
    replace: [
      [
        'message.version < head.firstVersion) return late(message, head.firstVersion);',
        "message.version < head.firstVersion) return { kind: 'done' };",
      ],
    ],
    spec: `${INBOX_RULES}/decide.spec.ts`,
    says: 'sets aside as late',
  },
  {
    breaks: 'an in-order consumer passes over what is missing',
    file: `${INBOX_RULES}/in-order.ts`,
    replace: [['version === next) return forward', 'version >= next) return forward']],
    spec: PROTOCOL,
    says: 'is completed after event 0',
  },
  {
    breaks: 'an older event follows a newer one that was begun',
    file: `${INBOX_RULES}/pending.ts`,
    replace: [
      [
        "policy.kind === 'latest' && pending.version > message.version",
        "policy.kind === 'latest' && pending.version > message.version + 9",
      ],
    ],
    spec: PROTOCOL,
    says: 'is taken up though event 2 was begun',
  },
  {
    breaks: 'a copy of what was completed is done again',
    file: `${INBOX_RULES}/once.ts`,
    replace: [
      [
        'record.eventId === message.id ? {',
        'record.eventId === message.id ? byRecognition(message) : record.version < 0 ? {',
      ],
    ],
    spec: PROTOCOL,
    says: 'is completed twice',
  },
];
