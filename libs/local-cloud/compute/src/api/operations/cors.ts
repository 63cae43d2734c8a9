import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { badRequest } from '../errors';
import type { CorsRecord } from '../model';
import { MAX_AGE_SECONDS } from '../limits';

/**
 * A CORS configuration as it is kept; undefined when none was sent.
 * @throws AwsError `BadRequestException` for a bad age or origin, or credentials for any origin.
 * Source: API Gateway developer guide, http-api-cors.
 */
export function corsOf(input: Cors | undefined): CorsRecord | undefined {
  if (!input) return undefined;
  const { MaxAge: maxAge, AllowOrigins: allowOrigins = [], AllowCredentials: allowCredentials = false } = input;
  if (maxAge !== undefined && (!Number.isInteger(maxAge) || maxAge < -1 || maxAge > MAX_AGE_SECONDS)) {
    throw badRequest(`Invalid MaxAge: ${maxAge}. It must be between -1 and ${MAX_AGE_SECONDS}`);
  }
  const wrong = allowOrigins.find((origin) => !isOrigin(origin));
  if (wrong !== undefined) throw badRequest(`Invalid format for origin ${wrong}`);
  if (allowCredentials && allowOrigins.includes('*')) {
    throw badRequest('AllowCredentials cannot be true when AllowOrigins contains *');
  }
  return {
    allowCredentials,
    allowHeaders: (input.AllowHeaders ?? []).map((name) => name.toLowerCase()),
    allowMethods: input.AllowMethods ?? [],
    allowOrigins,
    exposeHeaders: (input.ExposeHeaders ?? []).map((name) => name.toLowerCase()),
    maxAge,
  };
}

function isOrigin(text: string): boolean {
  return text === '*' || /^[a-z][a-z0-9+.-]*:\/\/[^\s/]+$/i.test(text);
}
