/** Who may call a route. */
export type RouteAuthorization =
  | { readonly type: 'AWS_IAM' }
  /** `scopes`: the token must have one of them; empty = any token of the authorizer will do. */
  | { readonly type: 'JWT'; readonly authorizerId: string; readonly scopes: readonly string[] };

/** A JWT authorizer. */
export interface AuthorizerRecord {
  readonly authorizerId: string;
  readonly name: string;
  /** Where the token is, e.g. `$request.header.Authorization`. */
  readonly identitySource: string;
  readonly issuer: string;
  readonly audience: readonly string[];
}

/** What the API tells browsers by itself. Source: API Gateway developer guide, http-api-cors. */
export interface CorsRecord {
  readonly allowCredentials: boolean;
  readonly allowHeaders: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowOrigins: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAge: number | undefined;
}

/** A route of an HTTP API. */
export interface RouteRecord {
  readonly routeId: string;
  /** `METHOD /path`, `ANY /path` or `$default`. */
  readonly routeKey: string;
  /** Undefined: the route exists but answers 500, as on AWS. */
  readonly integrationId: string | undefined;
  readonly operationName: string | undefined;
  /** Undefined: whoever knows the address may call it. */
  readonly authorization?: RouteAuthorization | undefined;
}

/** A Lambda proxy integration. */
export interface IntegrationRecord {
  readonly integrationId: string;
  readonly uri: string;
  readonly method: string;
  readonly description: string | undefined;
  readonly credentialsArn: string | undefined;
  readonly timeoutMs: number;
}

/** Limits of a route in requests; undefined = the account's. */
export interface RouteSettingsRecord {
  readonly detailedMetrics: boolean;
  readonly burstLimit: number | undefined;
  readonly rateLimit: number | undefined;
}

export interface StageRecord {
  readonly name: string;
  readonly description: string | undefined;
  readonly autoDeploy: boolean;
  readonly deploymentId: string | undefined;
  readonly deploymentMessage: string | undefined;
  readonly accessLog: { readonly destinationArn: string; readonly format: string } | undefined;
  readonly defaultRouteSettings: RouteSettingsRecord;
  /** By route key. */
  readonly routeSettings: Readonly<Record<string, RouteSettingsRecord>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a stage serves: routes, integrations and authorizers as they were when it was deployed. */
export interface DeploymentRecord {
  readonly deploymentId: string;
  readonly description: string | undefined;
  readonly autoDeployed: boolean;
  readonly createdAt: number;
  readonly routes: readonly RouteRecord[];
  readonly integrations: Readonly<Record<string, IntegrationRecord>>;
  readonly authorizers?: Readonly<Record<string, AuthorizerRecord>>;
}

/** An HTTP API with all that belongs to it. Plain JSON; times are epoch milliseconds. */
export interface ApiRecord {
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly version: string | undefined;
  readonly disabled: boolean;
  readonly ipAddressType: 'ipv4' | 'dualstack';
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly routes: Readonly<Record<string, RouteRecord>>;
  readonly integrations: Readonly<Record<string, IntegrationRecord>>;
  readonly authorizers?: Readonly<Record<string, AuthorizerRecord>>;
  readonly cors?: CorsRecord | undefined;
  readonly stages: Readonly<Record<string, StageRecord>>;
  readonly deployments: Readonly<Record<string, DeploymentRecord>>;
}
