import type { Engine } from '@outbox/local-cloud-kernel';

/** A new trace's root, e.g. `1-5e6b67ad-2d4a5560cf6fb7a02780c3a0`. Source: X-Ray developer guide, xray-concepts-tracingheader. */
export function traceRoot({ clock, ids }: Pick<Engine, 'clock' | 'ids'>): string {
  const seconds = Math.floor(clock.now() / 1000).toString(16);
  return `1-${seconds}-${ids.token(24, '0123456789abcdef')}`;
}
