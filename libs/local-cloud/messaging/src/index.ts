/** The messaging part of the local cloud: SQS, EventBridge, Pipes and Scheduler. */
export { createMessaging } from './messaging';
