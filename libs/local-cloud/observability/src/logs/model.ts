import { formatArn, type RequestContext } from '@outbox/local-cloud-kernel';

/** The account and region a log group lives in. */
export type Place = Pick<RequestContext, 'accountId' | 'region'>;

export interface LogGroupRecord extends Place {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Undefined keeps events for ever. */
  readonly retentionDays: number | undefined;
  readonly logClass: 'STANDARD' | 'INFREQUENT_ACCESS';
  /** The customer's key its events are encrypted with. */
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogStreamRecord extends Place {
  readonly group: string;
  readonly name: string;
  /** Names the file of its events; a stream made anew under an old name has another. */
  readonly id: string;
  readonly createdAt: number;
  readonly firstEventAt: number | undefined;
  readonly lastEventAt: number | undefined;
  readonly lastIngestionAt: number | undefined;
  readonly storedBytes: number;
}

export function groupArn(place: Place, name: string): string {
  return formatArn('logs', place.region, place.accountId, `log-group:${name}`);
}

/** What permissions on a stream are asked for; a group's own actions name the empty stream. */
export function streamArn(place: Place, group: string, stream = ''): string {
  return `${groupArn(place, group)}:log-stream:${stream}`;
}
