import type { Caller } from '@outbox/local-cloud-kernel';
import { specParts } from './testing/services';

const GROUP = '/aws/vendedlogs/api';
const PLACE = { accountId: '000000000000', region: 'us-east-1' };
const ADMIN: Caller = { kind: 'root', accountId: PLACE.accountId, arn: 'arn:aws:iam::000000000000:root', userId: '0' };

describe('logs of other services', () => {
  const { dispatcher, identity } = specParts();
  const createStream = (logStreamName: string, caller: Caller) =>
    dispatcher.call(
      'logs',
      'CreateLogStream',
      { logGroupName: GROUP, logStreamName },
      { caller, region: PLACE.region },
    );

  it('are written by log delivery, and by no service that no policy names', async () => {
    await dispatcher.call('logs', 'CreateLogGroup', { logGroupName: GROUP }, { caller: ADMIN, region: PLACE.region });

    await createStream(
      'access',
      identity.servicePrincipal('delivery.logs.amazonaws.com', PLACE.accountId, 'arn:aws:apigateway:::/apis/1'),
    );
    const foreign = identity.servicePrincipal('sns.amazonaws.com', PLACE.accountId, 'arn:aws:sns:::t');
    await expect(createStream('x', foreign)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});
