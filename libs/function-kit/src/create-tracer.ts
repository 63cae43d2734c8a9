import { randomBytes } from 'node:crypto';
import { systemClock } from './clock';
import { readEnv } from './env';
import type { Logger } from './logger';
import { createOtlpExporter, type OtlpExporterOptions } from './otlp-exporter';
import { createOtlpTracer } from './otlp-tracer';
import { signedHeaders } from './sigv4';
import { passingTracer, type Tracer } from './tracer';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The tracer that a function's environment asks for: spans go to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, and of the traces
 * that start here TRACE_SAMPLE_PERCENT (100 if it isn't set) are recorded. Without an endpoint nothing is.
 * @throws EnvironmentError naming the variable
 */
export function createTracer(variables: Variables, logger: Pick<Logger, 'warn'>): Tracer {
  if (variables[ENDPOINT] === undefined) return passingTracer;
  const env = readEnv(variables);
  const endpoint = env.url(ENDPOINT);
  const clock = systemClock;
  return createOtlpTracer({
    service: variables['POWERTOOLS_SERVICE_NAME'] ?? 'outbox',
    exportSpans: createOtlpExporter({ endpoint, headersFor: signerFor(endpoint, variables), clock, logger }),
    samplePercent: variables[SAMPLE] === undefined ? 100 : env.int(SAMPLE, { max: 100 }),
    clock,
    random: (bytes) => randomBytes(bytes),
  });
}

const ENDPOINT = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const SAMPLE = 'TRACE_SAMPLE_PERCENT';

/** X-Ray takes signed requests only, for itself in a region (CloudWatch user guide, OTLP endpoints). */
const XRAY = /^https:\/\/xray\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\//;

function signerFor(endpoint: string, variables: Variables): OtlpExporterOptions['headersFor'] {
  const region = XRAY.exec(endpoint)?.[1];
  if (region === undefined) return undefined;
  const signer = {
    accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: variables['AWS_SESSION_TOKEN'],
    region,
    service: 'xray',
  };
  return (url, headers, body) => signedHeaders(signer, url, headers, body, systemClock.now());
}
