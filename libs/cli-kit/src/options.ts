import { InvalidArgumentError } from 'commander';

/** An option's number above 0. @throws InvalidArgumentError */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It takes a number above 0.');
  }
  return value;
}

/** An option's whole number from 1. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It takes a whole number from 1.');
  return value;
}
