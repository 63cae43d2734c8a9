import type { Engine, RequestContext, Requirement, Service, Table } from '@outbox/local-cloud-kernel';
import { notFound } from './errors';
import type { ApiRecord, DeploymentRecord, StageRecord } from './model';

export type ApiOperations = Service<'apigatewayv2'>['operations'];

/**
 * What API Gateway's own operations require: an HTTP verb on a path of the account.
 * Source: API Gateway developer guide, "Actions and resources for API Gateway management" (no account in the ARN).
 */
export function onPath<Input extends object>(
  verb: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: (input: Input) => string,
) {
  return (input: Input, context: RequestContext): readonly Requirement[] => [
    { action: `apigateway:${verb}`, resource: `arn:aws:apigateway:${context.region}::${path(input)}` },
  ];
}

/** Every HTTP API of every account and region. */
export class Apis {
  readonly #table: Table<ApiRecord>;

  constructor(private readonly engine: Pick<Engine, 'store' | 'ids' | 'clock'>) {
    this.#table = engine.store.table('apigateway.apis');
  }

  find(apiId: string): ApiRecord | undefined {
    return this.#table.get(apiId);
  }

  /** @throws AwsError `NotFoundException`; another account's API is not found either. */
  get(apiId: string | undefined, home: { accountId: string; region: string }): ApiRecord {
    const api = this.#table.get(apiId ?? '');
    if (!api || api.accountId !== home.accountId || api.region !== home.region) {
      throw notFound('API', `${home.accountId}:${apiId ?? ''}`);
    }
    return api;
  }

  list(home: { accountId: string; region: string }): ApiRecord[] {
    return [...this.#table.values()]
      .filter((api) => api.accountId === home.accountId && api.region === home.region)
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  save(api: ApiRecord): ApiRecord {
    this.#table.set(api.apiId, api);
    return api;
  }

  /** Saves a change of routes, integrations or stages, and deploys it to the stages that deploy by themselves. */
  saveAndDeploy(api: ApiRecord): ApiRecord {
    let deployed = api;
    for (const stage of Object.values(api.stages)) {
      if (stage.autoDeploy)
        deployed = this.deploy(
          deployed,
          stage,
          true,
          'Automatic deployment triggered by changes to the Api configuration',
        ).api;
    }
    return this.save(deployed);
  }

  /** Freezes the API's present routes as a deployment, for `stage` when given. Nothing is saved yet. */
  deploy(
    api: ApiRecord,
    stage: StageRecord | undefined,
    autoDeployed: boolean,
    description: string | undefined,
  ): { readonly api: ApiRecord; readonly deployment: DeploymentRecord } {
    const deployment: DeploymentRecord = {
      deploymentId: this.engine.ids.token(6),
      description,
      autoDeployed,
      createdAt: this.engine.clock.now(),
      routes: Object.values(api.routes),
      integrations: api.integrations,
      ...(api.authorizers ? { authorizers: api.authorizers } : {}),
    };
    const stages = stage
      ? {
          ...api.stages,
          [stage.name]: {
            ...stage,
            deploymentId: deployment.deploymentId,
            deploymentMessage: `Successfully deployed stage with deployment ID '${deployment.deploymentId}'`,
            updatedAt: deployment.createdAt,
          },
        }
      : api.stages;
    const used = new Set(Object.values(stages).map((one) => one.deploymentId));
    const kept = Object.values(api.deployments).filter((one) => !one.autoDeployed || used.has(one.deploymentId));
    const deployments = Object.fromEntries([...kept, deployment].map((one) => [one.deploymentId, one]));
    return { api: { ...api, stages, deployments }, deployment };
  }

  delete(apiId: string): void {
    this.#table.delete(apiId);
  }
}
