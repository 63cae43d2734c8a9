/** What the console's page and its server say to each other, and the command that an action is. */
export type { Action, ActionName, Job, OfferedRequest, Sent } from './actions';
export { argumentsOf, commandLine } from './command-line';
export type { DenialView } from './denials';
export type { AlarmView, Condition, Pipeline, StageKind, StageLag, StageView } from './pipeline';
export type { DeadEventView, DeadLetterView, DeadLetters, FailedView, StuckView } from './stuck';
export type { ConsumerInfo, Session } from './session';
export type { Leaf, LiveEvent, Published, RuleVerdict, Tail } from './tail';
export type { AggregateTrace, BegunView, ConsumerHopView, EventView, PassedPart, SpanView } from './trace';
