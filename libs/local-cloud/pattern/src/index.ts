/** EventBridge's pattern language, as rules, archives, pipes and event source mappings filter with it, and the JSON it reads. */
export { InvalidEventPattern } from './errors';
export { compilePattern, type EventPattern } from './event-pattern';
export {
  isJsonObject,
  jsonDepth,
  minifyJson,
  parseExactJson,
  parseForMatching,
  parseJson,
  type Json,
  type JsonObject,
} from './json';
