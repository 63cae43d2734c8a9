import { parsePolicy, type PolicyDocument, type PolicyKind } from '../policy/document';
import { PolicySyntaxError } from '../policy/policy-syntax-error';
import { checkNumber, checkText, limitExceeded, malformedPolicy, validationError } from './errors';
import { checkIdentityRules, checkTrustRules } from './policy-rules';
import type { KnownRoles } from './principals';

/** Roles and policies: 64 and 128 characters. Source: IAM API reference, CreateRole and CreatePolicy. */
export function checkName(member: string, value = '', most: number): string {
  checkText(value, member, { most });
  if (!/^[\w+=,.@-]+$/.test(value)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  return value;
}

/** What is between a path's slashes. Source: IAM API reference, Path of CreateRole and of CreatePolicy. */
const PATHS = { role: /^\/([!-~]+\/)?$/, policy: /^(\/[\w.,+@=-]+)*\/$/ };

export function checkPath(of: keyof typeof PATHS, value = '/'): string {
  checkText(value, 'path', { most: 512 });
  if (!PATHS[of].test(value)) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  }
  return value;
}

/** Source: IAM API reference, CreateRole and CreatePolicy. */
export function checkDescription(value: string | undefined): string | undefined {
  checkText(value, 'description', {
    least: 0,
    most: 1000,
    pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
  });
  return value;
}

/** Seconds. Source: IAM API reference, CreateRole: 3600 to 43200. */
export function checkDuration(value = 3600): number {
  checkNumber(value, 'maxSessionDuration', 3600, 43_200);
  return value;
}

/** The ARN of a managed policy, an account's or AWS's. */
export function checkPolicyArn(value = ''): string {
  checkText(value, 'policyArn', { least: 20, most: 2048 });
  if (!/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/.test(value)) throw validationError(`ARN ${value} is not valid.`);
  return value;
}

/**
 * An identity policy's text as IAM takes it; its size is for the caller to check. @throws AwsError
 * MalformedPolicyDocument
 */
export function checkPolicy(text: string | undefined): string {
  return checked(text, 'identity', checkIdentityRules);
}

/** A managed policy's text. Source: IAM quotas, "Managed policy size": 6,144 characters. */
export function checkManagedPolicy(text: string | undefined): string {
  const policy = checked(text, 'identity', (document) => {
    if (document.version !== '2012-10-17') {
      throw new PolicySyntaxError('Policy document must be version 2012-10-17 or greater.');
    }
    checkIdentityRules(document);
  });
  return checkSize(policy, 'PolicySize', 6144);
}

/** A trust policy's text. Source: IAM quotas, "Role trust policy length": 2,048 characters, the adjustable default. */
export function checkTrust(text: string | undefined, roles: KnownRoles): string {
  const policy = checked(text, 'trust', (document) => checkTrustRules(document, roles));
  return checkSize(policy, 'ACLSizePerRole', 2048);
}

function checked(text: string | undefined, kind: PolicyKind, rules: (document: PolicyDocument) => void): string {
  if (!text) throw malformedPolicy('Syntax errors in policy.');
  try {
    rules(parsePolicy(text, kind));
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformedPolicy(error.message, error);
    throw error;
  }
  return text;
}

function checkSize(text: string, quota: string, most: number): string {
  if (policySize(text) > most) throw limitExceeded(`Cannot exceed quota for ${quota}: ${most}`);
  return text;
}

/** IAM doesn't count white space. */
export function policySize(text: string): number {
  return text.replace(/\s/g, '').length;
}
