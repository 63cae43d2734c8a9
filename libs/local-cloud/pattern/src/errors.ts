import { AwsError } from '@outbox/local-cloud-kernel';

/** What EventBridge answers for a pattern it refuses: PutRule, TestEventPattern, CreateArchive. */
export class InvalidEventPattern extends AwsError {
  constructor(readonly reason: string) {
    super('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
  }
}

/** Where AWS's JSON parser (Jackson) says it stopped. */
export function sourceLocation(text: string, column: number): string {
  return `\n at [Source: (String)"${text}"; line: 1, column: ${column}]`;
}

/** The reason AWS gives for text that is no JSON; its wording is Jackson's. */
export function notJsonReason(text: string): string {
  const tokens = /\s+|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b|[{}[\]:,]/y;
  let previous = '';
  while (tokens.lastIndex < text.length) {
    const at = tokens.lastIndex;
    const token = tokens.exec(text)?.[0];
    if (token === undefined) return unexpected(text, at, previous);
    if (token.trim() !== '') previous = token;
  }
  return `Unexpected end-of-input${sourceLocation(text, text.length + 1)}`;
}

function unexpected(text: string, at: number, previous: string): string {
  const character = text.charAt(at);
  const word = /^[A-Za-z_$][\w$]*/.exec(text.slice(at))?.[0];
  if (word && previous !== '{') {
    return (
      `Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')` +
      sourceLocation(text, at + word.length + 1)
    );
  }
  const wanted = previous === '{' ? 'was expecting double-quote to start field name' : 'expected a valid value';
  return `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${wanted}${sourceLocation(text, at + 1)}`;
}
