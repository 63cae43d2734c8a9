import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { topicFromArn, topicOfSubscription, type TopicAddress } from './addresses';
import { subscriptionDoesNotExist, topicDoesNotExist } from './errors';
import { TOKEN_MS } from './limits';

/** A topic as kept in the state store. */
export interface StoredTopic extends TopicAddress {
  /** What was set: `Policy`, `DisplayName`, `KmsMasterKeyId` and the like, as texts. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The ways to an endpoint that are run. */
export const PROTOCOLS = ['email', 'email-json', 'sqs', 'lambda'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** A subscription as kept in the state store; times are epoch milliseconds. */
export interface StoredSubscription {
  readonly arn: string;
  readonly topicArn: string;
  /** The account that subscribed. */
  readonly owner: string;
  readonly principal: string;
  readonly region: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Whoever knows one of these may confirm; an endpoint asked more than once has several. */
  readonly tokens: readonly { readonly token: string; readonly sentAt: number }[];
  readonly confirmation:
    | { readonly kind: 'pending'; readonly since: number }
    | { readonly kind: 'confirmed'; readonly authenticated: boolean; readonly signedUnsubscribe: boolean };
}

/** All topics and subscriptions of all accounts and regions. */
export class TopicStore {
  readonly #topics: Table<StoredTopic>;
  readonly #subscriptions: Table<StoredSubscription>;

  constructor(private readonly engine: Pick<Engine, 'store' | 'clock'>) {
    this.#topics = engine.store.table('sns.topics');
    this.#subscriptions = engine.store.table('sns.subscriptions');
  }

  find(arn: string): StoredTopic | undefined {
    return this.#topics.get(arn);
  }

  /** @throws AwsError InvalidParameter, NotFound */
  get(arn: string | undefined, parameter = 'TopicArn'): StoredTopic {
    const topic = this.#topics.get(topicFromArn(arn, parameter).arn);
    if (!topic) throw topicDoesNotExist();
    return topic;
  }

  save(topic: StoredTopic): void {
    this.#topics.set(topic.arn, topic);
  }

  /** The topic goes, and every subscription to it. */
  delete(arn: string): void {
    for (const subscription of this.subscriptionsTo(arn)) this.#subscriptions.delete(subscription.arn);
    this.#topics.delete(arn);
  }

  /** The topics of an account in a region. */
  topicsOf(accountId: string, region: string): StoredTopic[] {
    return [...this.#topics.values()].filter((topic) => topic.accountId === accountId && topic.region === region);
  }

  /** @throws AwsError InvalidParameter, NotFound */
  subscription(arn: string | undefined): StoredSubscription {
    topicOfSubscription(arn);
    const subscription = this.findSubscription(arn ?? '');
    if (!subscription) throw subscriptionDoesNotExist();
    return subscription;
  }

  findSubscription(arn: string): StoredSubscription | undefined {
    const subscription = this.#subscriptions.get(arn);
    return subscription && this.#isThere(subscription) ? subscription : undefined;
  }

  saveSubscription(subscription: StoredSubscription): void {
    this.#subscriptions.set(subscription.arn, subscription);
  }

  deleteSubscription(arn: string): void {
    this.#subscriptions.delete(arn);
  }

  subscriptionsTo(topicArn: string): StoredSubscription[] {
    return this.#all().filter((subscription) => subscription.topicArn === topicArn);
  }

  /** Those an account made in a region. */
  subscriptionsOf(owner: string, region: string): StoredSubscription[] {
    return this.#all().filter((subscription) => subscription.owner === owner && subscription.region === region);
  }

  #all(): StoredSubscription[] {
    return [...this.#subscriptions.values()].filter((subscription) => this.#isThere(subscription));
  }

  /** AWS drops what nobody confirms in time. */
  #isThere({ arn, confirmation }: StoredSubscription): boolean {
    if (confirmation.kind === 'confirmed' || this.engine.clock.now() - confirmation.since < TOKEN_MS) return true;
    this.#subscriptions.delete(arn);
    return false;
  }
}
