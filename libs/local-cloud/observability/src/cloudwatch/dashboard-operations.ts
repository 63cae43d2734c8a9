import { AwsError, type Engine, type Table } from '@outbox/local-cloud-kernel';
import type { CloudwatchOperations } from './alarms/put-alarm-operations';
import type { DashboardRecord } from './model';

/** Dashboards: kept and answered; there is no console to draw them. */
export function dashboardOperations(
  engine: Pick<Engine, 'clock'>,
  dashboards: Table<DashboardRecord>,
): CloudwatchOperations {
  const find = (accountId: string, name: string | undefined): DashboardRecord => {
    const dashboard = dashboards.get(`${accountId}/${name ?? ''}`);
    if (!dashboard) throw notFound(name ?? '');
    return dashboard;
  };
  return {
    PutDashboard: {
      requires: (input, { accountId }) => [
        { action: 'cloudwatch:PutDashboard', resource: dashboardArn(accountId, input.DashboardName ?? '') },
      ],
      handle: (input, { accountId }) => {
        const name = checkName(input.DashboardName ?? '');
        const body = checkBody(input.DashboardBody);
        dashboards.set(`${accountId}/${name}`, { accountId, name, body, updatedAt: engine.clock.now() });
        return { DashboardValidationMessages: [] };
      },
    },
    GetDashboard: {
      requires: (input, { accountId }) => [
        { action: 'cloudwatch:GetDashboard', resource: dashboardArn(accountId, input.DashboardName ?? '') },
      ],
      handle: (input, { accountId }) => {
        const { name, body } = find(accountId, input.DashboardName);
        return { DashboardArn: dashboardArn(accountId, name), DashboardName: name, DashboardBody: body };
      },
    },
    ListDashboards: {
      requires: () => [{ action: 'cloudwatch:ListDashboards', resource: '*' }],
      handle: (input, { accountId }) => ({
        DashboardEntries: [...dashboards.values()]
          .filter((entry) => entry.accountId === accountId && entry.name.startsWith(input.DashboardNamePrefix ?? ''))
          .map((entry) => ({
            DashboardName: entry.name,
            DashboardArn: dashboardArn(accountId, entry.name),
            LastModified: new Date(entry.updatedAt),
            Size: Buffer.byteLength(entry.body),
          })),
      }),
    },
    DeleteDashboards: {
      requires: (input, { accountId }) =>
        (input.DashboardNames ?? []).map((name) => ({
          action: 'cloudwatch:DeleteDashboards',
          resource: dashboardArn(accountId, name),
        })),
      handle: (input, { accountId }) => {
        // All or nothing. Source: API reference, DeleteDashboards.
        for (const name of input.DashboardNames ?? []) find(accountId, name);
        for (const name of input.DashboardNames ?? []) dashboards.delete(`${accountId}/${name}`);
        return {};
      },
    },
  };
}

/** Source: API reference, PutDashboard, DashboardName. */
function checkName(name: string): string {
  if (/^[A-Za-z0-9_-]{1,255}$/.test(name)) return name;
  throw new AwsError(
    'DashboardInvalidInputError',
    `The value ${name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).`,
    { queryCode: 'InvalidParameterInput' },
  );
}

function checkBody(text: string | undefined): string {
  let body: unknown;
  try {
    body = JSON.parse(text ?? '');
  } catch (cause) {
    throw invalidBody('The field DashboardBody must be a valid JSON object', cause);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidBody('The field DashboardBody must be a valid JSON object');
  }
  if (!('widgets' in body) || !Array.isArray(body.widgets)) {
    throw invalidBody(
      'The dashboard body is invalid, there are 1 validation errors: [{"dataPath":"/","message":"Should have property widgets, an array"}]',
    );
  }
  return text ?? '';
}

function invalidBody(message: string, cause?: unknown): AwsError {
  return new AwsError('DashboardInvalidInputError', message, { queryCode: 'InvalidParameterInput', cause });
}

function notFound(name: string): AwsError {
  return new AwsError('DashboardNotFoundError', `Dashboard ${name} does not exist`, {
    status: 404,
    queryCode: 'ResourceNotFound',
  });
}

function dashboardArn(accountId: string, name: string): string {
  return `arn:aws:cloudwatch::${accountId}:dashboard/${name}`;
}
