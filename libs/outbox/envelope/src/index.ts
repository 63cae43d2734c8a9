/** What every event carries around its `data`, whatever domain it is of. */
export {
  describeIssues,
  envelopeSchema,
  parseEnvelope,
  time,
  type EventEnvelope,
  type ParsedEnvelope,
} from './envelope';
