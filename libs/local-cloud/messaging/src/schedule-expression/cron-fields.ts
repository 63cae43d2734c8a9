/** A field of a cron expression: its range, and the names its values may have instead. */
export interface CronField {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  /** Whether it begins anew after its highest value, as hours do and years don't. */
  readonly circular: boolean;
}

/**
 * The values a field lists: `*`, values, ranges and steps, separated by commas. A range may pass the end of its field:
 * hours `20-2` are 20 to 23 and 0 to 2 (EventBridge guide, "Cron expressions", the last of its examples).
 * @returns undefined when the text is none of that, or a value lies outside the field's range
 */
export function parseField(text: string, field: CronField): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const listed = parseItem(item, field);
    if (!listed) return undefined;
    for (const value of listed) values.add(value);
  }
  return values;
}

/** One value of a field, as a number or a name in any case. */
export function parseValue(text: string, { low, high, names = [] }: CronField): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + low : /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= low && value <= high ? value : undefined;
}

function parseItem(item: string, field: CronField): number[] | undefined {
  const [range = '', stepText, ...rest] = item.split('/');
  if (rest.length > 0) return undefined;
  const step = stepText === undefined ? 1 : /^\d+$/.test(stepText) ? Number(stepText) : 0;
  if (step < 1) return undefined;
  const ends = parseRange(range, field, stepText !== undefined);
  if (!ends) return undefined;
  const [from, to] = ends;
  const size = field.high - field.low + 1;
  const last = to < from ? to + size : to;
  const values: number[] = [];
  for (let value = from; value <= last; value += step) values.push(value > field.high ? value - size : value);
  return values;
}

/** `5/15` starts at 5 and goes on to the end of the field. */
function parseRange(text: string, field: CronField, stepped: boolean): readonly [number, number] | undefined {
  if (text === '*') return [field.low, field.high];
  const [first = '', last, ...rest] = text.split('-');
  if (rest.length > 0) return undefined;
  const from = parseValue(first, field);
  const to = last === undefined ? (stepped ? field.high : from) : parseValue(last, field);
  if (from === undefined || to === undefined) return undefined;
  return to < from && !field.circular ? undefined : [from, to];
}
