import { validation } from '../errors';
import { numberAt, type Json } from '../json';
import type { Selection } from '../storage/item-reader';
import { partitionStart } from '../values/key-bytes';
import { MAX_SEGMENTS } from '../limits';

/** The partitions a scan reads. @throws AwsError ValidationException for a segment there isn't */
export function readSegment(body: Json): Pick<Selection, 'from' | 'to'> {
  const [segment, total] = [numberAt(body, 'Segment'), numberAt(body, 'TotalSegments')];
  if (segment === undefined && total === undefined) return {};
  if (total === undefined) {
    throw validation(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (segment === undefined) {
    throw validation(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  const rule = (value: number, member: string, text: string): Error =>
    validation(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${text}`);
  if (total < 1) throw rule(total, 'totalSegments', 'Member must have value greater than or equal to 1');
  if (total > MAX_SEGMENTS) {
    throw rule(total, 'totalSegments', `Member must have value less than or equal to ${MAX_SEGMENTS}`);
  }
  if (segment < 0) throw rule(segment, 'segment', 'Member must have value greater than or equal to 0');
  if (segment >= total) {
    throw validation(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
  const [from, to] = [partitionStart(segment, total), partitionStart(segment + 1, total)];
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

/** Whether a place lies in a segment. */
export function liesIn(after: NonNullable<Selection['after']>, { from, to }: Pick<Selection, 'from' | 'to'>): boolean {
  const { hash } = after.inIndex ?? after.inTable;
  return (!from || Buffer.compare(hash, from) >= 0) && (!to || Buffer.compare(hash, to) < 0);
}
