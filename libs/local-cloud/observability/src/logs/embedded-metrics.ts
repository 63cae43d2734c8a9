import { StandardUnit } from '@aws-sdk/client-cloudwatch';
import { isObject } from '@outbox/local-cloud-kernel';
import { parseJson } from '@outbox/local-cloud-pattern';
import { bucketOf, type Bucket } from '../metrics/bucket';
import { MOST_DIMENSIONS, MOST_METRICS, MOST_VALUES, NEWEST_MS, OLDEST_MS } from './limits';

const UNITS: readonly string[] = Object.values(StandardUnit);

/** One metric a log event carries. */
export interface EmbeddedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly bucket: Bucket;
}

/** What a log event says in embedded metric format: metrics, that it is meant to say some and is wrong, or neither. */
export type Embedded =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'metrics'; readonly metrics: readonly EmbeddedMetric[] };

/**
 * Reads the metrics out of a log event: JSON with metadata under `_aws`, whose directives name members of the root.
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 */
export function embeddedMetrics(message: string, now: number): Embedded {
  const text = message.trim();
  if (!text.startsWith('{') || !text.includes('"_aws"')) return { kind: 'none' };
  const root = parseJson(text);
  const metadata = isObject(root) ? root['_aws'] : undefined;
  if (!isObject(root) || !isObject(metadata) || !('CloudWatchMetrics' in metadata)) return { kind: 'none' };
  try {
    const at = timestampOf(metadata['Timestamp'], now);
    return { kind: 'metrics', metrics: list(metadata['CloudWatchMetrics']).flatMap((one) => read(root, one, at)) };
  } catch (error) {
    if (error instanceof EmbeddedError) return { kind: 'invalid', reason: error.message };
    throw error;
  }
}

/** The event is meant to carry metrics, and breaks their specification. */
class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

type Json = Readonly<Record<string, unknown>>;

function read(root: Json, directive: unknown, at: number): EmbeddedMetric[] {
  if (!isObject(directive)) throw new EmbeddedError('a directive is no object');
  const namespace = directive['Namespace'];
  if (typeof namespace !== 'string' || namespace === '') throw new EmbeddedError('a directive has no Namespace');
  const definitions = list(directive['Metrics']);
  if (definitions.length > MOST_METRICS) throw new EmbeddedError(`a directive has more than ${MOST_METRICS} metrics`);
  const sets = list(directive['Dimensions'] ?? [[]]).map((names) => dimensionsOf(root, names));
  return definitions.flatMap((definition) => {
    if (!isObject(definition) || typeof definition['Name'] !== 'string')
      throw new EmbeddedError('a metric has no Name');
    const { Name: name, Unit: unit = 'None' } = definition;
    if (typeof unit !== 'string' || !UNITS.includes(unit)) throw new EmbeddedError(`${name} has an unknown Unit`);
    // A metric may be defined and not be there: it has no value then.
    if (root[name] === undefined) return [];
    const bucket = bucketOf(valuesOf(root[name], name).map((value) => [value, 1]));
    return sets.map((dimensions) => ({ namespace, name, dimensions, unit, at, bucket }));
  });
}

function dimensionsOf(root: Json, names: unknown): Record<string, string> {
  const wanted = list(names);
  if (wanted.length > MOST_DIMENSIONS) throw new EmbeddedError(`more than ${MOST_DIMENSIONS} dimensions`);
  return Object.fromEntries(
    wanted.map((name) => {
      const value = typeof name === 'string' ? root[name] : undefined;
      if (typeof name !== 'string' || typeof value !== 'string') {
        throw new EmbeddedError(`the dimension ${String(name)} has no text for its value`);
      }
      return [name, value];
    }),
  );
}

function valuesOf(value: unknown, name: string): number[] {
  const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const numbers = values.filter((one): one is number => typeof one === 'number' && Number.isFinite(one));
  if (numbers.length < values.length || numbers.length === 0 || numbers.length > MOST_VALUES) {
    throw new EmbeddedError(`${name} is no number, and no list of up to ${MOST_VALUES} numbers`);
  }
  return numbers;
}

function timestampOf(value: unknown, now: number): number {
  if (typeof value !== 'number') throw new EmbeddedError('there is no Timestamp');
  if (value < now - OLDEST_MS || value > now + NEWEST_MS) throw new EmbeddedError('the Timestamp is out of range');
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new EmbeddedError('a list is missing');
}
