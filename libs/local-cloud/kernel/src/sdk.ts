/** The AWS SDK packages whose Smithy schemas are the wire and whose types are the contract of every handler. */
export interface SdkModules {
  apigatewayv2: typeof import('@aws-sdk/client-apigatewayv2');
  cloudwatch: typeof import('@aws-sdk/client-cloudwatch');
  dynamodb: typeof import('@aws-sdk/client-dynamodb');
  dynamodbstreams: typeof import('@aws-sdk/client-dynamodb-streams');
  events: typeof import('@aws-sdk/client-eventbridge');
  iam: typeof import('@aws-sdk/client-iam');
  kms: typeof import('@aws-sdk/client-kms');
  lambda: typeof import('@aws-sdk/client-lambda');
  logs: typeof import('@aws-sdk/client-cloudwatch-logs');
  pipes: typeof import('@aws-sdk/client-pipes');
  s3: typeof import('@aws-sdk/client-s3');
  scheduler: typeof import('@aws-sdk/client-scheduler');
  secretsmanager: typeof import('@aws-sdk/client-secrets-manager');
  sns: typeof import('@aws-sdk/client-sns');
  sqs: typeof import('@aws-sdk/client-sqs');
  ssm: typeof import('@aws-sdk/client-ssm');
  sts: typeof import('@aws-sdk/client-sts');
}

export type ServiceName = keyof SdkModules;

/** Names of a service's operations, read off the SDK's `<Operation>Command` classes. */
export type OperationName<S extends ServiceName> = {
  [K in keyof SdkModules[S] & string]: K extends `${infer Op}Command` ? Op : never;
}[keyof SdkModules[S] & string];

type CommandClass<S extends ServiceName, Op extends string> = SdkModules[S][`${Op}Command` & keyof SdkModules[S]];

/** Commands without a required member may be built from no input at all: `[] | [Input]`. */
type OnlyArgument<A> = A extends readonly [infer I] ? NonNullable<I> : never;

export type InputOf<S extends ServiceName, Op extends OperationName<S>> =
  CommandClass<S, Op> extends new (...args: infer A) => unknown ? OnlyArgument<A> : never;

export type OutputOf<S extends ServiceName, Op extends OperationName<S>> =
  CommandClass<S, Op> extends new (input: never) => {
    resolveMiddleware(...args: never[]): (args: never) => Promise<{ output: infer O }>;
  }
    ? Omit<O, '$metadata'>
    : never;
