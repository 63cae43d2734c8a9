import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An endpoint that says whose account it is and nothing else; close it when done. */
export interface AccountEndpoint {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Answers `sts:GetCallerIdentity`, all that the AWS provider asks to plan a stack of which nothing exists. Whatever else
 * is called gets an error naming it, so that a plan that begins to look things up fails loudly.
 * Answers as https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
 */
export async function serveAccount(account: string): Promise<AccountEndpoint> {
  const identity = `<Arn>arn:aws:iam::${account}:user/plan</Arn><UserId>AIDAPLAN</UserId><Account>${account}</Account>`;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      response.setHeader('Content-Type', 'text/xml');
      if (new URLSearchParams(body).get('Action') === 'GetCallerIdentity') {
        response.end(
          `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${identity}</GetCallerIdentityResult><ResponseMetadata><RequestId>plan</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
        );
        return;
      }
      const call = `${request.method} ${request.url} ${String(request.headers['x-amz-target'] ?? '')}`.trim();
      response.statusCode = 400;
      response.end(
        `<ErrorResponse><Error><Code>UnsupportedOperation</Code><Message>A plan from nothing asks for the account only, not for ${call}</Message></Error></ErrorResponse>`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
