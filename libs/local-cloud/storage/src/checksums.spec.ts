import { digest } from './checksums';

/** Sources: the catalogue of parametrised CRC algorithms, whose check value is that of `123456789`; RFC 3720, B.4. */
it.each([
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
] as const)('%s of 123456789 is %s', (algorithm, expected) => {
  expect(digest(algorithm, Buffer.from('123456789')).toString('hex')).toBe(expected);
});
