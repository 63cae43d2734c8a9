import { typeOf, VALUE_TYPES, type AttributeValue, type ValueType } from '../values/attribute-value';
import { compareValues } from '../values/compare';
import { describeValue } from '../values/read-value';
import { type Condition, type ConditionFunction, type Operand } from './ast';
import { parsedConditions } from './parse-condition';
import { invalidExpression, type ExpressionKind } from './parser';
import { checkFirstPath, resolvePath } from './paths';
import type { Placeholders } from './placeholders';
import type { RawCall, RawCondition, RawOperand } from './syntax';
import { MAX_LIST } from '../limits';

const OPERAND_COUNTS: Readonly<Record<ConditionFunction, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};
export const UPDATE_FUNCTIONS: readonly string[] = ['if_not_exists', 'list_append'];
export const CONDITION_FUNCTIONS: readonly string[] = [...Object.keys(OPERAND_COUNTS), 'size'];

/** Types with an order. */
const ORDERED: ReadonlySet<ValueType> = new Set(['S', 'N', 'B']);
const WITH_PREFIX: ReadonlySet<ValueType> = new Set(['S', 'B']);
const WITHOUT_SIZE: ReadonlySet<ValueType> = new Set(['N', 'BOOL', 'NULL']);

/** A condition, filter or key condition expression. @throws AwsError ValidationException in DynamoDB's words */
export function resolveCondition(kind: ExpressionKind, text: string, placeholders: Placeholders): Condition {
  return new ConditionResolver(kind, placeholders).condition(parsedConditions.get(kind, text));
}

class ConditionResolver {
  constructor(
    private readonly kind: ExpressionKind,
    private readonly placeholders: Placeholders,
  ) {}

  condition(raw: RawCondition): Condition {
    switch (raw.kind) {
      case 'and':
      case 'or':
        return { kind: raw.kind, left: this.condition(raw.left), right: this.condition(raw.right) };
      case 'not':
        return { kind: 'not', of: this.condition(raw.of) };
      case 'compare': {
        const [left, right] = [this.#operand(raw.left), this.#operand(raw.right)];
        if (raw.operator !== '=' && raw.operator !== '<>') this.#checkTypes(raw.operator, [left, right], ORDERED);
        this.#checkFirst(raw.operator, left, [right]);
        return { kind: 'compare', operator: raw.operator, left, right };
      }
      case 'between': {
        const [operand, lower, upper] = [raw.operand, raw.lower, raw.upper].map((part) => this.#operand(part));
        if (!operand || !lower || !upper) throw new Error('BETWEEN has three operands');
        this.#checkTypes('BETWEEN', [operand, lower, upper], ORDERED);
        this.#checkFirst('BETWEEN', operand, [lower, upper]);
        this.#checkBounds(lower, upper);
        return { kind: 'between', operand, lower, upper };
      }
      case 'in': {
        if (raw.list.length > MAX_LIST) {
          throw this.#invalid(
            `The IN operator is provided with too many operands; number of operands: ${raw.list.length}`,
          );
        }
        const operand = this.#operand(raw.operand);
        const list = raw.list.map((element) => this.#operand(element));
        this.#checkFirst('IN', operand, list);
        return { kind: 'in', operand, list };
      }
      case 'call':
        return this.#function(raw);
    }
  }

  #operand(raw: RawOperand): Operand {
    switch (raw.kind) {
      case 'path':
        return { kind: 'path', path: resolvePath(this.kind, raw.steps, this.placeholders) };
      case 'value':
        return { kind: 'value', value: this.placeholders.value(this.kind, raw.name) };
      case 'call':
        return this.#size(raw);
      case 'sum':
        throw new Error('the parser of conditions knows no sums');
    }
  }

  #size(raw: RawCall): Operand {
    this.#checkName(raw.name);
    if (raw.name !== 'size') throw this.#misused(raw.name);
    this.#checkCount(raw, 1);
    const [given] = raw.operands;
    if (!given) throw new Error('a function has operands');
    const of = this.#operand(given);
    const type = typeOfOperand(of);
    if (type !== undefined && WITHOUT_SIZE.has(type)) throw this.#wrongType('size', type);
    return { kind: 'size', of };
  }

  #function(raw: RawCall): Condition {
    this.#checkName(raw.name);
    if (!isConditionFunction(raw.name)) throw this.#misused(raw.name);
    this.#checkCount(raw, OPERAND_COUNTS[raw.name]);
    const operands = raw.operands.map((operand) => this.#operand(operand));
    const [first, second] = operands;
    if (!first) throw new Error('a function has operands');
    if (OPERAND_COUNTS[raw.name] === 1 && first.kind !== 'path') {
      throw this.#invalid(`Operator or function requires a document path; operator or function: ${raw.name}`);
    }
    if (raw.name === 'attribute_type') this.#checkTypeName(second);
    if (raw.name === 'begins_with') this.#checkTypes(raw.name, operands, WITH_PREFIX);
    if (second) this.#checkFirst(raw.name, first, [second]);
    return { kind: 'function', name: raw.name, operands };
  }

  /** The second operand of `attribute_type` names a type, in a value. */
  #checkTypeName(operand: Operand | undefined): void {
    if (operand?.kind !== 'value') {
      throw this.#wrongType('attribute_type', operand?.kind === 'size' ? 'N' : `{${VALUE_TYPES.join(',')}}`);
    }
    if (!('S' in operand.value)) throw this.#wrongType('attribute_type', typeOf(operand.value));
    const name = operand.value.S;
    if (!VALUE_TYPES.some((type) => type === name)) {
      throw this.#invalid(`Invalid attribute type name found; type: ${name}, valid types: {${VALUE_TYPES.join(',')}}`);
    }
  }

  #checkName(name: string): void {
    if (UPDATE_FUNCTIONS.includes(name)) {
      throw this.#invalid(`The function is not allowed in a condition expression; function: ${name}`);
    }
    if (!CONDITION_FUNCTIONS.includes(name)) throw this.#invalid(`Invalid function name; function: ${name}`);
  }

  #checkCount(raw: RawCall, count: number): void {
    if (raw.operands.length === count) return;
    throw this.#invalid(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${raw.name}, number of operands: ${raw.operands.length}`,
    );
  }

  #checkFirst(operator: string, first: Operand, others: readonly Operand[]): void {
    if (first.kind !== 'path') return;
    checkFirstPath(this.kind, operator, first.path, others);
  }

  #checkTypes(operator: string, operands: readonly Operand[], allowed: ReadonlySet<ValueType>): void {
    for (const operand of operands) {
      const type = typeOfOperand(operand);
      if (type !== undefined && !allowed.has(type)) throw this.#wrongType(operator, type);
    }
  }

  #checkBounds(lower: Operand, upper: Operand): void {
    if (lower.kind !== 'value' || upper.kind !== 'value') return;
    const bounds = (low: AttributeValue, high: AttributeValue): string =>
      `lower bound operand: AttributeValue: ${describeValue(low)}, upper bound operand: AttributeValue: ${describeValue(high)}`;
    const order = compareValues(lower.value, upper.value);
    if (order === undefined) {
      throw this.#invalid(
        `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds(lower.value, upper.value)}`,
      );
    }
    if (order > 0) {
      throw this.#invalid(
        'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
          bounds(lower.value, upper.value),
      );
    }
  }

  #wrongType(operator: string, type: string): Error {
    return this.#invalid(
      `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
    );
  }

  #misused(name: string): Error {
    return this.#invalid(`The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  #invalid(problem: string): Error {
    return invalidExpression(this.kind, problem);
  }
}

function isConditionFunction(name: string): name is ConditionFunction {
  return Object.hasOwn(OPERAND_COUNTS, name);
}

/** The type an operand has whatever the item; undefined for what the item decides. */
function typeOfOperand(operand: Operand): ValueType | undefined {
  if (operand.kind === 'size') return 'N';
  return operand.kind === 'value' ? typeOf(operand.value) : undefined;
}
