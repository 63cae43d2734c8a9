import { refused } from '../errors';

/** The bytes of a range, both ends within; undefined where all are meant. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Source: RFC 9110, 14.1.2; S3 knows single ranges only, and takes what is no range for none.
 * @throws AwsError InvalidRange for one outside the object
 */
export function readRange(header: string | undefined, size: number): Range | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < from) return undefined;
  if (from > to) throw refused('InvalidRange', 416, 'The requested range is not satisfiable');
  return { from, to };
}
