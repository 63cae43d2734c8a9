import { isIPv4, isIPv6 } from 'node:net';
import { InvalidEventPattern } from './errors';

/** Addresses of one family from `low` to `high`, both included. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly low: bigint;
  readonly high: bigint;
}

/** @throws InvalidEventPattern in Ruler's wording when the text is no CIDR block. */
export function parseCidr(text: string): IpRange {
  const [address, mask, ...rest] = text.split('/');
  if (address === undefined || mask === undefined || rest.length > 0) {
    throw new InvalidEventPattern("Malformed CIDR, one '/' required");
  }
  if (!/^-?\d+$/.test(mask)) throw new InvalidEventPattern('Malformed CIDR, mask bits must be an integer');
  const bits = Number(mask);
  if (bits < 0) throw new InvalidEventPattern('Malformed CIDR, mask bits must not be negative');
  const ip = parseIp(address);
  if (!ip) throw new InvalidEventPattern(`Nonstandard IP address: ${address}`);
  const width = ip.family === 4 ? 32 : 128;
  // One address is no range: it is matched as a plain text.
  if (bits >= width) throw new InvalidEventPattern(`IPv${ip.family} mask bits must be < ${width}`);
  const size = 1n << BigInt(width - bits);
  const low = (ip.value / size) * size;
  return { family: ip.family, low, high: low + size - 1n };
}

/** The range of one address, when the text is one: however it is written, the same address matches. */
export function singleAddress(text: string): IpRange | undefined {
  const ip = parseIp(text);
  return ip && { family: ip.family, low: ip.value, high: ip.value };
}

/** Whether the text is an address of the range. */
export function ipInRange(text: string, range: IpRange): boolean {
  const ip = parseIp(text);
  return ip !== undefined && ip.family === range.family && ip.value >= range.low && ip.value <= range.high;
}

function parseIp(text: string): { family: 4 | 6; value: bigint } | undefined {
  if (isIPv4(text)) return { family: 4, value: ipv4Value(text) };
  if (isIPv6(text) && !text.includes('%')) return { family: 6, value: ipv6Value(text) };
  return undefined;
}

function ipv4Value(text: string): bigint {
  return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6Value(text: string): bigint {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const plain = embedded ? `${embedded[1] ?? ''}${hexPair(embedded[2] ?? '')}` : text;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros: string[] = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

function hexPair(ipv4: string): string {
  const value = ipv4Value(ipv4);
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
