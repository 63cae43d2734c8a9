import { freePort } from '@outbox/testing';
import { fetchKeys } from './issuer-keys';

describe('the keys of an issuer', () => {
  it('say why there are none: the address, and what became of the connection', async () => {
    const origin = `127.0.0.1:${await freePort()}`;

    await expect(fetchKeys(`http://${origin}`)).rejects.toThrow(
      `http://${origin}/.well-known/openid-configuration: connect ECONNREFUSED ${origin}`,
    );
  });
});
