import type { Engine } from '@outbox/local-cloud-kernel';
import { parseArn } from '@outbox/local-cloud-kernel';
import { LogStream } from '../../log-stream';
import type { ApiRecord, StageRecord } from '../model';

/** Values of `$context.…` for one request; what has none is written as `-`. */
export type AccessLogFields = Readonly<Record<string, string | number | undefined>>;

/** Access logs in the stage's format, delivered by the log delivery service. Source: http-api-logging-variables. */
export class AccessLogs {
  readonly #streams = new Map<string, LogStream>();

  constructor(private readonly engine: Engine) {}

  write(api: ApiRecord, stage: StageRecord, fields: AccessLogFields): void {
    if (!stage.accessLog) return;
    const { destinationArn, format } = stage.accessLog;
    const line = format.replace(/\$context\.([A-Za-z0-9_.]*[A-Za-z0-9_])/g, (_match, name: string) =>
      String(fields[name] ?? '-'),
    );
    this.#stream(api, stage, destinationArn).write(line);
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#streams.values()].map((stream) => stream.flush()));
  }

  #stream(api: ApiRecord, stage: StageRecord, destinationArn: string): LogStream {
    const key = `${api.apiId}/${stage.name} ${destinationArn}`;
    const known = this.#streams.get(key);
    if (known) return known;
    const { resource } = parseArn(destinationArn);
    const { accountId, region } = api;
    const source = `arn:aws:logs:${region}:${accountId}:*`;
    const stream = new LogStream(this.engine, {
      group: resource.replace(/^log-group:/, '').replace(/:\*$/, ''),
      stream: `${api.apiId}_${stage.name.replace('$', '')}_${this.engine.ids.token(16)}`,
      region,
      caller: () => this.engine.identity.servicePrincipal('delivery.logs.amazonaws.com', accountId, source),
    });
    this.#streams.set(key, stream);
    return stream;
  }
}
