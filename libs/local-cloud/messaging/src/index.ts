/** The messaging part of the local cloud: SQS, SNS, EventBridge, Pipes and Scheduler. */
export { createMessaging } from './messaging';
