import type { DescribePipeResponse, Pipe, PipeSourceParameters } from '@aws-sdk/client-pipes';
import type { StoredPipe } from './pipe-store';

/** What CreatePipe, UpdatePipe, StartPipe and StopPipe answer. */
export function pipeSummary(pipe: StoredPipe) {
  return {
    Arn: pipe.arn,
    Name: pipe.name,
    DesiredState: pipe.desiredState,
    CurrentState: pipe.state,
    CreationTime: new Date(pipe.createdAt),
    LastModifiedTime: new Date(pipe.modifiedAt),
  };
}

/** What ListPipes shows. */
export function listedPipe(pipe: StoredPipe): Pipe {
  return {
    ...pipeSummary(pipe),
    StateReason: pipe.stateReason,
    Source: pipe.source,
    Target: pipe.target,
    Enrichment: pipe.enrichment,
  };
}

/** Everything that was set comes back, with defaults: a field left out here is a change in every Terraform plan. */
export function describedPipe(pipe: StoredPipe): DescribePipeResponse {
  return {
    ...listedPipe(pipe),
    DesiredState: pipe.state === 'DELETING' ? 'DELETED' : pipe.desiredState,
    Description: pipe.description,
    RoleArn: pipe.roleArn,
    SourceParameters: sourceParameters(pipe),
    EnrichmentParameters: pipe.enrichmentParameters,
    TargetParameters: pipe.targetParameters,
    LogConfiguration: pipe.log,
    KmsKeyIdentifier: pipe.kmsKey,
    Tags: { ...pipe.tags },
  };
}

function sourceParameters({ stream, queue, filters }: StoredPipe): PipeSourceParameters {
  return {
    FilterCriteria: filters.length > 0 ? { Filters: filters.map((Pattern) => ({ Pattern })) } : undefined,
    SqsQueueParameters: queue && {
      BatchSize: queue.batchSize,
      MaximumBatchingWindowInSeconds: queue.windowSeconds,
    },
    DynamoDBStreamParameters: stream && {
      StartingPosition: stream.startingPosition,
      BatchSize: stream.batchSize,
      MaximumBatchingWindowInSeconds: stream.windowSeconds,
      MaximumRecordAgeInSeconds: stream.maximumRecordAgeSeconds,
      MaximumRetryAttempts: stream.maximumRetryAttempts,
      ParallelizationFactor: stream.parallelizationFactor,
      OnPartialBatchItemFailure: stream.bisect ? 'AUTOMATIC_BISECT' : undefined,
      DeadLetterConfig: stream.deadLetterArn ? { Arn: stream.deadLetterArn } : undefined,
    },
  };
}
