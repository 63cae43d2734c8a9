import { peerUrl } from './peer-url.ts';

describe('VS', () => {
  it.each(['http://127.0.0.1:4566', 'https://localhost.example'])('may be %s, or not set', (VS) => {
    expect(peerUrl({ environment: { VS } })).toBe(VS);
    expect(peerUrl({ environment: { VS: '' } })).toBeUndefined();
  });

  // A URL parser takes the host of "localhost:4566" for a scheme.
  it.each(['localhost:4566', '127.0.0.1:4566', 'http://'])('is refused before anything is measured: %s', (VS) => {
    expect(() => peerUrl({ environment: { VS } })).toThrow(`not ${VS}`);
  });
});
