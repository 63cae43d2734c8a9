/** A time span in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A stretch in which nothing happened, which is drawn shorter than it was. */
export interface Gap extends Span {
  /** Where it is drawn, 0 to 1. */
  readonly at: number;
  readonly width: number;
}

/** Where times are drawn, from 0 to 1. */
export interface Timescale {
  readonly place: (time: number) => number;
  readonly gaps: readonly Gap[];
}

/** What a gap takes of the width, however long it was. */
const GAP_WIDTH = 0.05;
/** Shorter stretches are drawn as they were: this share of all that is busy. */
const MIN_GAP_SHARE = 0.5;

/**
 * A scale on which everything that happened is drawn to one measure, and the hours in which nothing did are cut short:
 * events of an aggregate are often seconds of work, days apart.
 */
export function timescale(spans: readonly Span[]): Timescale {
  const busy = merged(spans);
  const longest = busy.reduce((sum, { from, to }) => sum + to - from, 0);
  const pieces = joined(busy, longest * MIN_GAP_SHARE);
  const [first] = pieces;
  if (!first) return { place: () => 0, gaps: [] };
  const total = Math.max(
    1,
    pieces.reduce((sum, { from, to }) => sum + to - from, 0),
  );
  const left = Math.max(0.2, 1 - GAP_WIDTH * (pieces.length - 1));
  const gapWidth = pieces.length > 1 ? (1 - left) / (pieces.length - 1) : 0;
  const gaps: Gap[] = [];
  const starts: number[] = [];
  let at = 0;
  pieces.forEach(({ from, to }, index) => {
    starts.push(at);
    at += ((to - from) / total) * left;
    const next = pieces[index + 1];
    if (next) {
      gaps.push({ from: to, to: next.from, at, width: gapWidth });
      at += gapWidth;
    }
  });
  const place = (time: number): number => {
    const index = Math.max(
      0,
      pieces.findLastIndex(({ from }) => from <= time),
    );
    const { from, to } = pieces[index] ?? first;
    const inside = Math.min(Math.max(time, from), to);
    return (starts[index] ?? 0) + ((inside - from) / total) * left;
  };
  return { place, gaps };
}

function merged(spans: readonly Span[]): Span[] {
  return joined(
    [...spans].sort((a, b) => a.from - b.from),
    0,
  );
}

/** Sorted spans, those that are at most `apart` from each other made one. */
function joined(spans: readonly Span[], apart: number): Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last && span.from - last.to <= apart) all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else all.push(span);
  }
  return all;
}
