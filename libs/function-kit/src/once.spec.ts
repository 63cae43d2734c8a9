import { once } from './once';

it('makes a thing when it is first asked for, and never again', () => {
  let count = 0;
  const made = once(() => void (count += 1));
  expect(count).toBe(0);
  made();
  made();
  expect(count).toBe(1);
});
