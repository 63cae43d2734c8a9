import type { ApiResponse } from '../invocation/to-response';

/** What an authorizer made of a request. */
export type AuthorizationOutcome =
  | {
      readonly kind: 'allowed';
      /** `requestContext.authorizer` of the event. */
      readonly authorizer: Readonly<Record<string, unknown>>;
      readonly logFields: LogFields;
    }
  | { readonly kind: 'refused'; readonly response: ApiResponse; readonly logFields: LogFields };

/** `$context` variables of access logs that the authorizer knows. Source: http-api-logging-variables. */
export type LogFields = Readonly<Record<string, string | undefined>>;
