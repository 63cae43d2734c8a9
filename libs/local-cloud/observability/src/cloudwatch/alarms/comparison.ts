/** How values are compared with the threshold, and how a state's reason says it. */
interface Comparison {
  readonly breaches: (value: number, threshold: number) => boolean;
  readonly words: string;
}

/** The operators of alarms on a fixed threshold; those of anomaly detection are not among them. */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  GreaterThanOrEqualToThreshold: {
    breaches: (value, threshold) => value >= threshold,
    words: 'greater than or equal to',
  },
  GreaterThanThreshold: { breaches: (value, threshold) => value > threshold, words: 'greater than' },
  LessThanThreshold: { breaches: (value, threshold) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: { breaches: (value, threshold) => value <= threshold, words: 'less than or equal to' },
};
