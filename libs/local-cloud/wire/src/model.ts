import { NormalizedSchema } from '@smithy/core/schema';
import { isObject, type ServiceName } from '@outbox/local-cloud-kernel';
import { InputEnums, type EnumMembers } from './enums/input-enums';
import { HttpBinding } from './http-binding';

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** What the schemas do not say about a service: how its requests are addressed and its errors are named. */
export interface ServiceFacts {
  /** The service part of the SigV4 credential scope. */
  readonly signingName: string;
  /** Prefix of `X-Amz-Target`; also the service's name in RPC v2 paths. */
  readonly targetPrefix?: string;
  /** The namespace of a REST service's XML; S3 alone has one, and requests, paths and signatures of its own kind. */
  readonly xmlNamespace?: string;
  /** Set for services that also (or only) speak the Query protocol. */
  readonly query?: {
    readonly version: string;
    readonly namespace: string;
    /** The member a request's path stands for where its form leaves it out: SQS takes requests at a queue's own URL. */
    readonly pathMember?: string;
  };
  /** JSON services that grew out of a Query service name the old error code in a header. */
  readonly queryCompatible?: boolean;
  /** Whether AWS serves it over Smithy RPC v2 CBOR too. */
  readonly rpcV2?: boolean;
  /** What AWS puts before `#` in `__type`; empty where it puts nothing. */
  readonly errorNamespace?: string;
  /** Whether its answers carry the CRC-32 of their bytes, which SDKs check where it is there. */
  readonly checksums?: boolean;
  /** The code for missing members where it is not `ValidationException`. */
  readonly validationCode?: string;
  /** Enums, or members as `Structure.Member`, that the service checks in words of its own. */
  readonly ownEnums?: readonly string[];
  /** Bytes a request may have; a larger one gets 413. */
  readonly maxBytes: number;
}

/** An operation as its Smithy schema describes it. */
export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, path and status; rest-json services only. */
  readonly http: HttpBinding | undefined;
}

/** A modelled error: its shape, and what the traits say about how it is answered. */
export interface ErrorModel {
  readonly name: string;
  readonly schema: NormalizedSchema;
  readonly status: number | undefined;
  /** The code Query clients get where it is not the shape's name. */
  readonly queryCode: string | undefined;
}

const OPERATION = 9;
const ERROR = -3;

/** A service's operations and errors, read off the schemas its AWS SDK package exports as `<Name>$`. */
export class ServiceModel {
  readonly operations: ReadonlyMap<string, OperationModel>;
  readonly enums: InputEnums;
  readonly #errors = new Map<string, ErrorModel>();

  constructor(
    readonly name: ServiceName,
    readonly facts: ServiceFacts,
    sdk: Readonly<Record<string, unknown>>,
    enumMembers: EnumMembers = {},
  ) {
    this.enums = new InputEnums(enumMembers, sdk, facts.ownEnums);
    const operations = new Map<string, OperationModel>();
    for (const [key, schema] of Object.entries(sdk)) {
      if (!key.endsWith('$') || !Array.isArray(schema)) continue;
      if (schema[0] === OPERATION) {
        const operation = operationModel(schema);
        operations.set(operation.name, operation);
      } else if (schema[0] === ERROR) {
        this.#addError(errorModel(schema));
      }
    }
    this.operations = operations;
  }

  /** The error of that code, be it the shape's name or the Query protocol's code. */
  error(code: string): ErrorModel | undefined {
    return this.#errors.get(code);
  }

  /** The operation a method and a raw path mean (rest-json), with the path's labels decoded. */
  matchPath(
    method: string,
    path: string,
    query: URLSearchParams,
  ): { operation: OperationModel; labels: Labels } | undefined {
    let best: { operation: OperationModel; labels: Labels; literals: number } | undefined;
    for (const operation of this.operations.values()) {
      const labels = operation.http?.match(method, path, query);
      if (!labels) continue;
      const literals = operation.http?.literals ?? 0;
      if (!best || literals > best.literals) best = { operation, labels, literals };
    }
    return best;
  }

  #addError(error: ErrorModel): void {
    this.#errors.set(error.name, error);
    if (error.queryCode && !this.#errors.has(error.queryCode)) this.#errors.set(error.queryCode, error);
  }
}

type Labels = Readonly<Record<string, string>>;

/** `[9, namespace, name, traits, input, output]` */
function operationModel(schema: readonly unknown[]): OperationModel {
  const traits = schema[3];
  const http = isObject(traits) && Array.isArray(traits['http']) ? traits['http'] : undefined;
  return {
    name: String(schema[2]),
    input: NormalizedSchema.of(schema[4] as SchemaRef),
    output: NormalizedSchema.of(schema[5] as SchemaRef),
    http: http && new HttpBinding(String(http[0]), String(http[1]), Number(http[2])),
  };
}

/** `[-3, namespace, name, traits, members, schemas]` */
function errorModel(schema: readonly unknown[]): ErrorModel {
  const traits = isObject(schema[3]) ? schema[3] : {};
  const query = traits['awsQueryError'];
  const status = traits['httpError'];
  return {
    name: String(schema[2]),
    schema: NormalizedSchema.of(schema as unknown as SchemaRef),
    status: typeof status === 'number' ? status : undefined,
    queryCode: Array.isArray(query) ? String(query[0]) : undefined,
  };
}
