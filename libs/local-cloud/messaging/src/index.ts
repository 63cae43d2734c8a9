/** The messaging part of the local cloud: SQS, EventBridge and Pipes. */
export { createMessaging } from './messaging';
