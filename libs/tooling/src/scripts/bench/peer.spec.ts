import { peerOf } from './peer.ts';

describe('VS', () => {
  it.each(['http://127.0.0.1:4566', 'https://localhost.example'])('may be %s, or not set', (VS) => {
    expect(peerOf({ environment: { VS } })).toEqual({ url: VS, name: VS });
    expect(peerOf({ environment: { VS: '' } })).toBeUndefined();
  });

  it('may have a name', () => {
    const environment = { VS: 'http://127.0.0.1:4566', VS_NAME: 'Other 1.2' };
    expect(peerOf({ environment })).toEqual({ url: environment.VS, name: 'Other 1.2' });
  });

  // A URL parser takes the host of "localhost:4566" for a scheme.
  it.each(['localhost:4566', '127.0.0.1:4566', 'http://'])('is refused before anything is measured: %s', (VS) => {
    expect(() => peerOf({ environment: { VS } })).toThrow(`not ${VS}`);
  });
});
