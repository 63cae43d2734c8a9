import { checkCount, checkText } from './constraints';
import type { LogsOperations } from './group-operations';
import { parseFilterPattern } from './pattern/filter-pattern';
import { pathOf } from './pattern/json-pattern';
import { read } from './pattern/path';
import { MOST_TEST_EVENTS } from './limits';

/** Members that a pattern for JSON events names, outside of its quoted texts. */
const SELECTOR = /"(?:[^"\\]|\\.)*"|\$(?:\.[\w\-:@]+|\[\d+\]|\.?\[(?:'[^']*'|"[^"]*")\])+/g;

/** Tries a filter pattern on messages, of no log group at all. */
export const testMetricFilter: LogsOperations = {
  TestMetricFilter: {
    requires: () => [{ action: 'logs:TestMetricFilter', resource: '*' }],
    handle: ({ filterPattern = '', logEventMessages: messages = [] }) => {
      checkText(filterPattern, 'filterPattern', { least: 0, most: 1024 });
      checkCount(messages, 'logEventMessages', 1, MOST_TEST_EVENTS);
      messages.forEach((message) => checkText(message, 'logEventMessages', {}));
      const matches = parseFilterPattern(filterPattern);
      return {
        matches: messages.flatMap((eventMessage, index) =>
          matches(eventMessage)
            ? [{ eventNumber: index + 1, eventMessage, extractedValues: valuesIn(filterPattern, eventMessage) }]
            : [],
        ),
      };
    },
  },
};

/** What the members that a pattern names hold in an event that it matches. */
function valuesIn(pattern: string, message: string): Record<string, string> {
  if (!pattern.trim().startsWith('{')) return {};
  const event: unknown = JSON.parse(message);
  const selectors = (pattern.match(SELECTOR) ?? []).filter((text) => text.startsWith('$'));
  return Object.fromEntries(
    selectors.flatMap((selector) => {
      const value = read(event, pathOf(selector));
      if (value === undefined) return [];
      return [[selector, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}
