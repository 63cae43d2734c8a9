import { typeOf, type AttributeValue, type ValueType } from '../values/attribute-value';
import type { SetValue, UpdateAction } from './ast';
import { parsedUpdates } from './parse-update';
import { invalidExpression } from './parser';
import { checkDistinct, checkFirstPath, resolvePath } from './paths';
import type { Placeholders } from './placeholders';
import { CONDITION_FUNCTIONS, UPDATE_FUNCTIONS } from './resolve-condition';
import type { RawCall, RawOperand, RawUpdateSection } from './syntax';

const KIND = 'UpdateExpression';

const ADDABLE: ReadonlySet<ValueType> = new Set(['N', 'SS', 'NS', 'BS']);
const DELETABLE: ReadonlySet<ValueType> = new Set(['SS', 'NS', 'BS']);

/** Types as the errors of ADD and DELETE name them. */
const LONG_NAMES: Readonly<Record<ValueType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
};

/** An update expression's actions, in order. @throws AwsError ValidationException in DynamoDB's words */
export function resolveUpdate(text: string, placeholders: Placeholders): readonly UpdateAction[] {
  const actions = parsedUpdates.get(KIND, text).flatMap((section) => resolveSection(section, placeholders));
  checkDistinct(
    KIND,
    actions.map(({ path }) => path),
  );
  // DynamoDB tells of the last one first.
  for (const action of actions.toReversed()) checkOperands(action);
  return actions;
}

function resolveSection(section: RawUpdateSection, placeholders: Placeholders): UpdateAction[] {
  switch (section.action) {
    case 'REMOVE':
      return section.paths.map((path) => ({ action: 'REMOVE', path: resolvePath(KIND, path, placeholders) }));
    case 'SET':
      return section.assignments.map(({ path, value }) => ({
        action: 'SET',
        path: resolvePath(KIND, path, placeholders),
        value: resolveValue(value, placeholders),
      }));
    case 'ADD':
    case 'DELETE':
      return section.assignments.map(({ path, value }) => ({
        action: section.action,
        path: resolvePath(KIND, path, placeholders),
        value: resolveOperand(section.action, value, placeholders),
      }));
  }
}

function resolveOperand(action: 'ADD' | 'DELETE', raw: RawOperand, placeholders: Placeholders): AttributeValue {
  if (raw.kind !== 'value') throw new Error(`${action} takes values only`);
  return placeholders.value(KIND, raw.name);
}

/** @throws AwsError ValidationException where a value has a type that the action, or a function in it, never takes */
function checkOperands(update: UpdateAction): void {
  if (update.action === 'SET') checkValue(update.value);
  if (update.action !== 'ADD' && update.action !== 'DELETE') return;
  const { action, value } = update;
  if ((action === 'ADD' ? ADDABLE : DELETABLE).has(typeOf(value))) return;
  throw invalid(
    `Incorrect operand type for operator or function; operator: ${action}, ` +
      `operand type: ${LONG_NAMES[typeOf(value)]}, typeSet: ALLOWED_FOR_${action}_OPERAND`,
  );
}

function checkValue(value: SetValue): void {
  if (value.kind === 'if_not_exists') {
    const { path, otherwise } = value;
    if (otherwise.kind === 'path') checkFirstPath(KIND, value.kind, path, [otherwise]);
    checkValue(otherwise);
  }
  if (value.kind !== 'sum' && value.kind !== 'list_append') return;
  const [name, wanted] = value.kind === 'sum' ? ([value.operator, 'N'] as const) : ([value.kind, 'L'] as const);
  for (const operand of [value.left, value.right]) {
    checkType(name, operand, wanted);
    checkValue(operand);
  }
}

function resolveValue(raw: RawOperand, placeholders: Placeholders): SetValue {
  switch (raw.kind) {
    case 'path':
      return { kind: 'path', path: resolvePath(KIND, raw.steps, placeholders) };
    case 'value':
      return { kind: 'value', value: placeholders.value(KIND, raw.name) };
    case 'sum': {
      const [left, right] = [resolveInner(raw.left, placeholders), resolveInner(raw.right, placeholders)];
      return { kind: 'sum', operator: raw.operator, left, right };
    }
    case 'call':
      return resolveCall(raw, placeholders);
  }
}

function resolveCall(raw: RawCall, placeholders: Placeholders): SetValue {
  if (CONDITION_FUNCTIONS.includes(raw.name)) {
    throw invalid(`The function is not allowed in an update expression; function: ${raw.name}`);
  }
  if (!UPDATE_FUNCTIONS.includes(raw.name)) throw invalid(`Invalid function name; function: ${raw.name}`);
  const [first, second] = raw.operands;
  if (!first || !second || raw.operands.length > 2) {
    throw invalid(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${raw.name}, number of operands: ${raw.operands.length}`,
    );
  }
  const [left, right] = [resolveInner(first, placeholders), resolveInner(second, placeholders)];
  if (raw.name === 'if_not_exists') {
    if (left.kind !== 'path') {
      throw invalid('Operator or function requires a document path; operator or function: if_not_exists');
    }
    return { kind: 'if_not_exists', path: left.path, otherwise: right };
  }
  return { kind: 'list_append', left, right };
}

/** An operand of a sum or a function: lists are appended at the outermost level only. */
function resolveInner(raw: RawOperand, placeholders: Placeholders): SetValue {
  if (raw.kind === 'call' && raw.name === 'list_append') {
    throw invalid('The function is not allowed to be used this way in an expression; function: list_append');
  }
  return resolveValue(raw, placeholders);
}

function checkType(operator: string, operand: SetValue, wanted: ValueType): void {
  if (operand.kind !== 'value' || typeOf(operand.value) === wanted) return;
  throw invalid(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(operand.value)}`,
  );
}

function invalid(problem: string): Error {
  return invalidExpression(KIND, problem);
}
