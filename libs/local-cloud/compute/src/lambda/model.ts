import type { Architecture, LogFormat, Runtime } from '@aws-sdk/client-lambda';
import type { SealedKey } from '@outbox/local-cloud-keys';

/** What one version of a function is: everything an environment is built from. Plain JSON; times are epoch milliseconds. */
export interface VersionRecord {
  /** `$LATEST` or the version's number. */
  readonly version: string;
  readonly description: string;
  readonly runtime: Runtime;
  readonly handler: string;
  readonly role: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly ephemeralStorageMb: number;
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly architecture: Architecture;
  readonly tracingMode: 'Active' | 'PassThrough';
  readonly logging: LoggingRecord;
  readonly deadLetterArn: string | undefined;
  /** The customer's key its variables are encrypted with. */
  readonly key?: FunctionKey;
  readonly code: CodeRecord;
  /** Later ones go before earlier ones. */
  readonly layers?: readonly LayerUse[];
  readonly revisionId: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A layer's version as a function has it, kept when the layer's version is deleted. */
export interface LayerUse {
  readonly arn: string;
  /** Bytes of its zip. */
  readonly size: number;
  /** Where it lies unpacked, below the engine's directory. */
  readonly folder: string;
}

export interface FunctionKey {
  readonly arn: string;
  readonly variables: SealedKey;
  readonly grantToken: string;
}

export interface LoggingRecord {
  readonly format: LogFormat;
  readonly group: string;
  /** Set with the JSON format only. */
  readonly applicationLevel: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL' | undefined;
  readonly systemLevel: 'DEBUG' | 'INFO' | 'WARN' | undefined;
}

export interface CodeRecord {
  /** Base64 SHA-256 of the zip, as AWS shows it. */
  readonly sha256: string;
  /** Bytes of the zip. */
  readonly size: number;
  /** Where the unpacked zip lies, below the engine's directory. */
  readonly folder: string;
}

export interface AliasRecord {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Additional version → share of the traffic, 0..1. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

export interface PolicyRecord {
  readonly revisionId: string;
  readonly statements: readonly Readonly<Record<string, unknown>>[];
}

/** How asynchronous invocations of a function (or of one qualifier) are retried and where they end. */
export interface InvokeConfigRecord {
  /** Undefined: not set, Lambda's default counts. */
  readonly maximumRetryAttempts: number | undefined;
  readonly maximumEventAgeSeconds: number | undefined;
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  readonly modifiedAt: number;
}

/** A function with all that belongs to it; deleted as one. */
export interface FunctionRecord {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly latest: VersionRecord;
  readonly versions: readonly VersionRecord[];
  /** Number the next published version gets; never reused. */
  readonly nextVersion: number;
  readonly aliases: Readonly<Record<string, AliasRecord>>;
  /** By qualifier; `` = the unqualified function. */
  readonly policies: Readonly<Record<string, PolicyRecord>>;
  readonly invokeConfigs: Readonly<Record<string, InvokeConfigRecord>>;
  readonly reservedConcurrency: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}
