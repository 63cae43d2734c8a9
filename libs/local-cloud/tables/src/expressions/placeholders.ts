import { AwsError, own } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { isObject, type Json } from '../json';
import type { AttributeValue } from '../values/attribute-value';
import { readValue } from '../values/read-value';
import { invalidExpression, type ExpressionKind } from './parser';
import { MAX_PLACEHOLDER } from '../limits';

const NAME = /^#[A-Za-z0-9_]+$/;
const VALUE = /^:[A-Za-z0-9_]+$/;

/** `ExpressionAttributeNames` and `ExpressionAttributeValues` of a request, and which of them its expressions used. */
export class Placeholders {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Record<string, AttributeValue>>;
  readonly #used = new Set<string>();

  /**
   * @param expressions the request's expressions by parameter; undefined where there is none
   * @throws AwsError ValidationException in AWS's words
   */
  constructor(body: Json, expressions: Readonly<Partial<Record<ExpressionKind, string | undefined>>>) {
    const given = Object.values(expressions).some((text) => text !== undefined);
    this.#names = readNames(body['ExpressionAttributeNames'], given);
    this.#values = readValues(body['ExpressionAttributeValues'], expressions);
  }

  /** @throws AwsError ValidationException for one that isn't defined */
  name(kind: ExpressionKind, placeholder: string): string {
    const name = own(this.#names, placeholder);
    if (name === undefined) {
      throw invalidExpression(
        kind,
        `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return name;
  }

  /** @throws AwsError ValidationException for one that isn't defined */
  value(kind: ExpressionKind, placeholder: string): AttributeValue {
    const value = own(this.#values, placeholder);
    if (value === undefined) {
      throw invalidExpression(
        kind,
        `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return value;
  }

  /** To be called when all expressions were read. @throws AwsError ValidationException for those that none uses */
  checkAllUsed(): void {
    this.#check('ExpressionAttributeNames', this.#names);
    this.#check('ExpressionAttributeValues', this.#values);
  }

  #check(parameter: string, given: object): void {
    const unused = Object.keys(given).filter((placeholder) => !this.#used.has(placeholder));
    if (unused.length > 0) {
      throw validation(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
    }
  }
}

function readNames(names: unknown, hasExpressions: boolean): Readonly<Record<string, string>> {
  if (!isObject(names)) return {};
  if (!hasExpressions) throw validation('ExpressionAttributeNames can only be specified when using expressions');
  const entries = Object.entries(names);
  if (entries.length === 0) throw validation('ExpressionAttributeNames must not be empty');
  return Object.fromEntries(
    entries.map(([placeholder, name]): [string, string] => {
      if (!NAME.test(placeholder)) {
        throw validation(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${placeholder}"`);
      }
      checkLength('ExpressionAttributeNames', placeholder);
      if (name === '') {
        throw validation(
          `ExpressionAttributeNames contains invalid value: Empty attribute name for key ${placeholder}`,
        );
      }
      if (typeof name !== 'string') {
        throw validation(`ExpressionAttributeNames contains invalid value: null for key ${placeholder}`);
      }
      return [placeholder, name];
    }),
  );
}

/** Expressions that may hold values, in the order in which AWS names them. */
const WITH_VALUES: readonly ExpressionKind[] = [
  'UpdateExpression',
  'FilterExpression',
  'ConditionExpression',
  'KeyConditionExpression',
];

function readValues(
  values: unknown,
  expressions: Readonly<Partial<Record<ExpressionKind, string | undefined>>>,
): Readonly<Record<string, AttributeValue>> {
  if (!isObject(values)) return {};
  const possible = WITH_VALUES.filter((kind) => kind in expressions);
  if (possible.every((kind) => expressions[kind] === undefined)) {
    const missing = `${possible.join(' and ')} ${possible.length > 1 ? 'are' : 'is'} null`;
    throw validation(
      `ExpressionAttributeValues can only be specified when using expressions${possible.length > 0 ? `: ${missing}` : ''}`,
    );
  }
  const entries = Object.entries(values);
  if (entries.length === 0) throw validation('ExpressionAttributeValues must not be empty');
  return Object.fromEntries(
    entries.map(([placeholder, value]): [string, AttributeValue] => {
      if (!VALUE.test(placeholder)) {
        throw validation(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${placeholder}"`);
      }
      checkLength('ExpressionAttributeValues', placeholder);
      return [placeholder, readGivenValue(placeholder, value)];
    }),
  );
}

function checkLength(parameter: string, placeholder: string): void {
  if (placeholder.length <= MAX_PLACEHOLDER) return;
  throw validation(`${parameter} contains invalid key: The expression attribute map contains a key that is too long`);
}

function readGivenValue(placeholder: string, value: unknown): AttributeValue {
  try {
    if (value === null) throw validation('The supplied Item contains a null AttributeValue');
    return readValue(value);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
    throw validation(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${placeholder}`);
  }
}
