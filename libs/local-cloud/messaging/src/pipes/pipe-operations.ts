import type {
  CreatePipeRequest,
  PipeLogConfigurationParameters,
  PipeSourceParameters,
  PipeTargetParameters,
  UpdatePipeRequest,
} from '@aws-sdk/client-pipes';
import {
  formatArn,
  unsupported,
  type Engine,
  type RequestContext,
  type Requirement,
  type Service,
} from '@outbox/local-cloud-kernel';
import { pageOf } from '../shared/page';
import { conflict } from './errors';
import {
  checkBatch,
  checkFilters,
  checkLog,
  checkParties,
  checkTemplates,
  isQueue,
  queueSource,
  refuseOthers,
  streamSource,
} from './pipe-checks';
import { checkChoice, checkedTags, checkName, checkSettings } from './pipe-constraints';
import type { PipeStore, StoredPipe } from './pipe-store';
import { describedPipe, listedPipe, pipeSummary } from './pipe-view';

/** States in which a pipe rests and may be changed. */
const AT_REST = /^(RUNNING|STOPPED|\w+_FAILED)$/;
/** What the caller needs so that a pipe may log to CloudWatch Logs (EventBridge guide, "Pipes logging permissions"). */
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** Creating, describing, changing, starting, stopping and deleting pipes; `settle` carries the change out. */
export function pipeOperations(
  store: PipeStore,
  settle: (pipeArn: string) => void,
  engine: Pick<Engine, 'clock'>,
): Service<'pipes'>['operations'] {
  const atRest = (name: string | undefined, context: RequestContext): StoredPipe => {
    const pipe = store.get(arnOf(name, context), name ?? '');
    if (!AT_REST.test(pipe.state))
      throw conflict(`Pipe ${pipe.name} is in state ${pipe.state} and can't be changed now.`);
    return pipe;
  };
  const begin = (pipe: StoredPipe, changes: Partial<StoredPipe>): StoredPipe => {
    const changed = { ...pipe, ...changes, modifiedAt: engine.clock.now() };
    store.pipes.set(pipe.arn, changed);
    settle(pipe.arn);
    return changed;
  };

  return {
    CreatePipe: {
      requires: (input, context) => [
        { action: 'pipes:CreatePipe', resource: arnOf(input.Name, context) },
        ...(input.Tags ? [{ action: 'pipes:TagResource', resource: arnOf(input.Name, context) }] : []),
        ...handOver(input.RoleArn, input.LogConfiguration),
      ],
      handle: (input, context) => {
        const name = input.Name ?? '';
        checkName(name);
        checkSettings(input);
        const arn = arnOf(name, context);
        if (store.pipes.has(arn)) throw conflict(`Pipe ${name} already exists.`);
        checkParties(input, 'CreatePipe');
        checkLog(input.LogConfiguration, 'CreatePipe');
        checkTemplates(input.EnrichmentParameters?.InputTemplate, input.Target, input.TargetParameters, 'CreatePipe');
        refuseHttp(input.EnrichmentParameters, 'CreatePipe');
        const now = engine.clock.now();
        const pipe: StoredPipe = {
          arn,
          name,
          accountId: context.accountId,
          region: context.region,
          roleArn: input.RoleArn ?? '',
          source: input.Source ?? '',
          ...readSource(input, 'CreatePipe'),
          filters: readFilters(input.SourceParameters),
          enrichment: input.Enrichment || undefined,
          enrichmentParameters: input.EnrichmentParameters,
          target: input.Target ?? '',
          targetParameters: input.TargetParameters,
          log: input.LogConfiguration,
          description: input.Description,
          kmsKey: input.KmsKeyIdentifier || undefined,
          tags: checkedTags(input.Tags),
          desiredState: input.DesiredState ?? 'RUNNING',
          state: 'CREATING',
          createdAt: now,
          modifiedAt: now,
        };
        return pipeSummary(begin(pipe, {}));
      },
    },
    DescribePipe: {
      requires: (input, context) => [{ action: 'pipes:DescribePipe', resource: arnOf(input.Name, context) }],
      handle: (input, context) => describedPipe(store.get(arnOf(input.Name, context), input.Name ?? '')),
    },
    UpdatePipe: {
      requires: (input, context) => [
        { action: 'pipes:UpdatePipe', resource: arnOf(input.Name, context) },
        ...handOver(input.RoleArn, input.LogConfiguration),
      ],
      handle: (input, context) => {
        checkSettings(input);
        const pipe = atRest(input.Name, context);
        return pipeSummary(begin(pipe, { ...updated(pipe, input), state: 'UPDATING', stateReason: undefined }));
      },
    },
    StartPipe: {
      requires: (input, context) => [{ action: 'pipes:StartPipe', resource: arnOf(input.Name, context) }],
      handle: (input, context) => {
        const pipe = atRest(input.Name, context);
        if (pipe.state === 'RUNNING') throw conflict(`Pipe ${pipe.name} is already running.`);
        return pipeSummary(begin(pipe, { state: 'STARTING', desiredState: 'RUNNING', stateReason: undefined }));
      },
    },
    StopPipe: {
      requires: (input, context) => [{ action: 'pipes:StopPipe', resource: arnOf(input.Name, context) }],
      handle: (input, context) => {
        const pipe = atRest(input.Name, context);
        if (pipe.state === 'STOPPED') throw conflict(`Pipe ${pipe.name} is already stopped.`);
        return pipeSummary(begin(pipe, { state: 'STOPPING', desiredState: 'STOPPED', stateReason: undefined }));
      },
    },
    DeletePipe: {
      requires: (input, context) => [{ action: 'pipes:DeletePipe', resource: arnOf(input.Name, context) }],
      handle: (input, context) => {
        const pipe = begin(atRest(input.Name, context), { state: 'DELETING' });
        return { ...pipeSummary(pipe), DesiredState: 'DELETED' as const };
      },
    },
    ListPipes: {
      requires: (_input, context) => [{ action: 'pipes:ListPipes', resource: arnOf('*', context) }],
      handle: (input, { accountId, region }) => {
        checkChoice(input);
        const pipes = [...store.pipes.values()].filter(
          (pipe) =>
            pipe.accountId === accountId &&
            pipe.region === region &&
            pipe.name.startsWith(input.NamePrefix ?? '') &&
            pipe.source.startsWith(input.SourcePrefix ?? '') &&
            pipe.target.startsWith(input.TargetPrefix ?? '') &&
            (input.DesiredState === undefined || pipe.desiredState === input.DesiredState) &&
            (input.CurrentState === undefined || pipe.state === input.CurrentState),
        );
        const page = pageOf(pipes, (pipe) => pipe.name, 'limit', input.Limit, input.NextToken);
        return { Pipes: page.items.map(listedPipe), NextToken: page.next };
      },
    },
  };
}

function arnOf(name: string | undefined, { region, accountId }: Pick<RequestContext, 'region' | 'accountId'>): string {
  return formatArn('pipes', region, accountId, `pipe/${name ?? ''}`);
}

/** Handing a role to a pipe, and letting it log, are permissions of their own. */
function handOver(roleArn: string | undefined, log: PipeLogConfigurationParameters | undefined): Requirement[] {
  return [
    {
      action: 'iam:PassRole',
      resource: roleArn ?? '',
      conditions: { 'iam:PassedToService': 'pipes.amazonaws.com' },
    },
    ...(log?.CloudwatchLogsLogDestination ? LOG_DELIVERY.map((action) => ({ action, resource: '*' })) : []),
  ];
}

function readSource(
  { Source, SourceParameters: parameters, Target }: Pick<CreatePipeRequest, 'Source' | 'SourceParameters' | 'Target'>,
  operation: string,
): Pick<StoredPipe, 'queue' | 'stream'> {
  if (isQueue(Source)) {
    refuseOthers(parameters, ['FilterCriteria', 'SqsQueueParameters'], operation);
    return { queue: queueSource(parameters?.SqsQueueParameters, Source, Target, operation) };
  }
  refuseOthers(parameters, ['FilterCriteria', 'DynamoDBStreamParameters'], operation);
  return { stream: streamSource(parameters?.DynamoDBStreamParameters, Target, operation) };
}

/** What an update says of the source; its starting position never changes. */
function updatedSource(
  pipe: StoredPipe,
  parameters: UpdatePipeRequest['SourceParameters'],
  target: string,
): Pick<StoredPipe, 'queue' | 'stream'> {
  const { queue, source, stream } = pipe;
  const streamParameters = parameters?.DynamoDBStreamParameters;
  if (stream && streamParameters) {
    const StartingPosition = stream.startingPosition;
    return { stream: streamSource({ ...streamParameters, StartingPosition }, target, 'UpdatePipe') };
  }
  if (queue && parameters?.SqsQueueParameters) {
    return { queue: queueSource(parameters.SqsQueueParameters, source, target, 'UpdatePipe') };
  }
  const held = queue ?? stream;
  if (held) checkBatch(held, target, 'UpdatePipe');
  return { queue, stream };
}

function readFilters(parameters: Pick<PipeSourceParameters, 'FilterCriteria'> | undefined): string[] {
  const patterns = (parameters?.FilterCriteria?.Filters ?? []).map(({ Pattern }) => Pattern ?? '');
  checkFilters(patterns);
  return patterns;
}

function refuseHttp(parameters: UpdatePipeRequest['EnrichmentParameters'], operation: string): void {
  if (parameters?.HttpParameters) throw unsupported('pipes', operation, 'HTTP parameters');
}

/**
 * UpdatePipe leaves alone what a request does not name, but a service's own parameters are replaced as one: what is
 * left out of them goes back to its default (Pipes API reference, UpdatePipe).
 */
function updated(pipe: StoredPipe, input: UpdatePipeRequest): Partial<StoredPipe> {
  const parties = {
    Source: pipe.source,
    Enrichment: input.Enrichment ?? pipe.enrichment,
    Target: input.Target ?? pipe.target,
    RoleArn: input.RoleArn,
  };
  checkParties(parties, 'UpdatePipe');
  checkLog(input.LogConfiguration, 'UpdatePipe');
  // What belongs to a target that goes, goes with it.
  const isSameTarget = parties.Target === pipe.target;
  const { InputTemplate } = pipe.targetParameters ?? {};
  const targetParameters = mergedTarget(
    isSameTarget ? pipe.targetParameters : { InputTemplate },
    input.TargetParameters,
  );
  checkTemplates(input.EnrichmentParameters?.InputTemplate, parties.Target, targetParameters, 'UpdatePipe');
  refuseHttp(input.EnrichmentParameters, 'UpdatePipe');
  return {
    roleArn: input.RoleArn ?? pipe.roleArn,
    enrichment: parties.Enrichment || undefined,
    target: parties.Target,
    ...updatedSource(pipe, input.SourceParameters, parties.Target),
    filters: input.SourceParameters?.FilterCriteria ? readFilters(input.SourceParameters) : pipe.filters,
    enrichmentParameters: input.EnrichmentParameters ?? pipe.enrichmentParameters,
    targetParameters,
    log: input.LogConfiguration ?? pipe.log,
    description: input.Description ?? pipe.description,
    // An empty text goes back to the key AWS owns.
    kmsKey: (input.KmsKeyIdentifier ?? pipe.kmsKey) || undefined,
    desiredState: input.DesiredState ?? pipe.desiredState,
  };
}

/** An empty input template takes the template away (Pipes API reference, UpdatePipe). */
function mergedTarget(
  current: PipeTargetParameters | undefined,
  changes: PipeTargetParameters | undefined,
): PipeTargetParameters | undefined {
  const merged = { ...current, ...changes };
  return { ...merged, InputTemplate: merged.InputTemplate || undefined };
}
