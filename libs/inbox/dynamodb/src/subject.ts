/** What events are about, and what versions count by: one aggregate of one source. */
export interface Subject {
  /** CloudEvents `source` of its events. */
  readonly source: string;
  /** `aggregatetype` of its events. */
  readonly aggregateType: string;
  readonly id: string;
}

/** The partition key of all that a consumer's table holds of a subject. */
export function subjectKey({ source, aggregateType, id }: Subject): string {
  return [source, aggregateType, id].join(SEPARATOR);
}

/** The subject of a partition key; undefined when it isn't one. */
export function readSubjectKey(key: string): Subject | undefined {
  const [, source, aggregateType, id] = /^([^#]+)#([^#]+)#(.+)$/s.exec(key) ?? [];
  return source === undefined || aggregateType === undefined || id === undefined
    ? undefined
    : { source, aggregateType, id };
}

/** DynamoDB's limit for a partition key, in bytes. */
const MAX_KEY_BYTES = 2_048;

/** The id stands last and may hold the separator; an aggregate type can't (CloudEvents extension `aggregatetype`). */
const SEPARATOR = '#';

/** Why a subject can't be a key; undefined when it can. */
export function subjectProblem(subject: Subject): string | undefined {
  if (subject.source.includes(SEPARATOR)) return `source ${JSON.stringify(subject.source)} holds a ${SEPARATOR}`;
  const bytes = Buffer.byteLength(subjectKey(subject));
  return bytes <= MAX_KEY_BYTES ? undefined : `a subject of ${bytes} bytes, with its source and type, can't be a key`;
}
