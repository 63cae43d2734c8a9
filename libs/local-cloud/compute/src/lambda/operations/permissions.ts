import type { AddPermissionCommandInput } from '@aws-sdk/client-lambda';
import { own, unsupported } from '@outbox/local-cloud-kernel';
import { checkText } from '../constraints';
import { conflict, invalidParameter, notFound, revisionMismatch } from '../errors';
import type { FunctionRecord, PolicyRecord } from '../model';
import { functionArn, parseFunctionName, type FunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';

/** The policy text of a function or of one of its qualifiers, as IAM evaluates it; undefined when there is none. */
export function policyText(record: FunctionRecord, qualifier: string | undefined): string | undefined {
  const policy = own(record.policies, qualifier ?? '');
  if (!policy) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements });
}

/** The function's resource policy, statement by statement. */
export function permissionOperations({ engine, functions }: LambdaParts): LambdaOperations {
  function current(
    at: FunctionName,
    revisionId: string | undefined,
  ): { record: FunctionRecord; policy: PolicyRecord | undefined } {
    const known = functions.find(at);
    const aliased = /^(?!\d+$)[\w-]+$/.test(at.qualifier ?? '0');
    if (known && aliased && !own(known.aliases, at.qualifier)) {
      throw notFound(`Cannot find alias arn: ${functionArn(at, at.qualifier)}`);
    }
    const { record } = functions.resolve(at);
    const policy = own(record.policies, at.qualifier ?? '');
    if (revisionId !== undefined && revisionId !== policy?.revisionId) throw revisionMismatch();
    return { record, policy };
  }

  return {
    AddPermission: {
      requires: onFunction('AddPermission'),
      handle: (input, context) => {
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        // Source: API reference, AddPermission.
        if (at.qualifier === '$LATEST')
          throw invalidParameter('We currently do not support adding policies for $LATEST.');
        const { record, policy } = current(at, input.RevisionId);
        const statements = policy?.statements ?? [];
        if (statements.some((statement) => statement['Sid'] === input.StatementId)) {
          throw conflict(
            `The statement id (${input.StatementId ?? ''}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          );
        }
        const statement = toStatement(input, functionArn(record, at.qualifier));
        const next = { revisionId: engine.ids.uuid(), statements: [...statements, statement] };
        functions.save({ ...record, policies: { ...record.policies, [at.qualifier ?? '']: next } });
        return { Statement: JSON.stringify(statement) };
      },
    },
    GetPolicy: {
      requires: onFunction('GetPolicy'),
      handle: (input, context) => {
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        if (!functions.find(at)) throw notFound('The resource you requested does not exist.');
        const { record, policy } = current(at, undefined);
        if (!policy) throw notFound('The resource you requested does not exist.');
        return { Policy: policyText(record, at.qualifier), RevisionId: policy.revisionId };
      },
    },
    RemovePermission: {
      requires: onFunction('RemovePermission'),
      handle: (input, context) => {
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        if (!functions.find(at)) throw notFound(`No policy found for: ${functionArn(at)}`);
        const { record, policy } = current(at, input.RevisionId);
        if (!policy) throw notFound('No policy is associated with the given resource.');
        const kept = policy.statements.filter((statement) => statement['Sid'] !== input.StatementId);
        if (kept.length === policy.statements.length) {
          throw notFound(`Statement ${input.StatementId ?? ''} is not found in resource policy.`);
        }
        const { [at.qualifier ?? '']: _old, ...others } = record.policies;
        const left =
          kept.length > 0 ? { [at.qualifier ?? '']: { revisionId: engine.ids.uuid(), statements: kept } } : {};
        functions.save({ ...record, policies: { ...others, ...left } });
        return {};
      },
    },
  };
}

function toStatement(input: AddPermissionCommandInput, resource: string): Readonly<Record<string, unknown>> {
  if (input.EventSourceToken ?? input.FunctionUrlAuthType ?? input.InvokedViaFunctionUrl) {
    throw unsupported('lambda', 'AddPermission', 'Alexa tokens and function URLs');
  }
  checkText(input.StatementId ?? '', 'statementId', { most: 100, pattern: '([a-zA-Z0-9-_]+)' });
  checkText(input.Action ?? '', 'action', { pattern: '(lambda:[*]|lambda:[a-zA-Z]+|[*])' });
  checkText(input.SourceAccount, 'sourceAccount', { pattern: '\\d{12}' });
  checkText(input.SourceArn, 'sourceArn', {
    pattern: 'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
  });
  const equals = {
    ...(input.SourceAccount ? { 'AWS:SourceAccount': input.SourceAccount } : {}),
    ...(input.PrincipalOrgID ? { 'aws:PrincipalOrgID': input.PrincipalOrgID } : {}),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(input.SourceArn ? { ArnLike: { 'AWS:SourceArn': input.SourceArn } } : {}),
  };
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: toPrincipal(input.Principal ?? ''),
    Action: input.Action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

function toPrincipal(principal: string): unknown {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith('arn:')) return { AWS: principal };
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(principal)) return { Service: principal };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}
