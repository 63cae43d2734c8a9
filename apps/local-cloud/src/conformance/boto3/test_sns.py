import json
import os
import urllib.parse
import urllib.request

from support import Case


class Sns(Case):
    def setUp(self):
        super().setUp()
        self.sns = self.client("sns")
        self.arn = self.sns.create_topic(Name="t", Tags=[{"Key": "a", "Value": "1"}])["TopicArn"]

    def mails(self, to):
        url = f"{os.environ['CONFORMANCE_ENDPOINT']}/_local/mail?" + urllib.parse.urlencode({"to": to})
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)["mails"]

    def test_topics(self):
        self.assertEqual(self.arn, f"arn:aws:sns:us-east-1:{self.account}:t")
        self.fails("InvalidParameter", self.sns.create_topic, Name="a b")
        self.sns.set_topic_attributes(TopicArn=self.arn, AttributeName="DisplayName", AttributeValue="T")
        got = self.sns.get_topic_attributes(TopicArn=self.arn)["Attributes"]
        self.assertEqual((got["DisplayName"], got["Owner"], got["SubscriptionsPending"]), ("T", self.account, "0"))
        self.sns.tag_resource(ResourceArn=self.arn, Tags=[{"Key": "b", "Value": "2"}])
        self.sns.untag_resource(ResourceArn=self.arn, TagKeys=["a"])
        self.assertEqual(self.sns.list_tags_for_resource(ResourceArn=self.arn)["Tags"], [{"Key": "b", "Value": "2"}])
        self.sns.delete_topic(TopicArn=self.arn)
        self.fails("NotFound", self.sns.get_topic_attributes, TopicArn=self.arn)
        self.assertEqual(self.sns.list_topics()["Topics"], [])

    def test_mail(self):
        to = f"{self.account}@example.com"
        self.assertEqual(self.sns.subscribe(TopicArn=self.arn, Protocol="email", Endpoint=to)["SubscriptionArn"], "pending confirmation")
        link = urllib.parse.urlparse(self.mails(to)[0]["confirmUrl"])
        token = urllib.parse.parse_qs(link.query)["Token"][0]
        self.fails("InvalidParameter", self.sns.confirm_subscription, TopicArn=self.arn, Token="guess")
        made = self.sns.confirm_subscription(TopicArn=self.arn, Token=token)["SubscriptionArn"]
        got = self.sns.get_subscription_attributes(SubscriptionArn=made)["Attributes"]
        self.assertEqual((got["PendingConfirmation"], got["Endpoint"]), ("false", to))
        self.sns.publish(TopicArn=self.arn, Subject="news", Message="body")
        last = self.mails(to)[-1]
        self.assertEqual((last["subject"], last["text"].splitlines()[0]), ("news", "body"))
        self.sns.unsubscribe(SubscriptionArn=made)
        self.assertEqual(self.sns.list_subscriptions()["Subscriptions"], [])

    def test_queues(self):
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:{self.account}:q"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": self.arn}},
        }
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})
        self.sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=arn)
        attributes = {"kind": {"DataType": "String", "StringValue": "v"}}
        sent = self.sns.publish(TopicArn=self.arn, Message="body", MessageAttributes=attributes)["MessageId"]
        got = json.loads(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]["Body"])
        self.assertEqual((got["MessageId"], got["Message"], got["TopicArn"]), (sent, "body", self.arn))
        self.assertEqual(got["MessageAttributes"], {"kind": {"Type": "String", "Value": "v"}})

    def test_filter_policies(self):
        sns, sqs = self.client("sns"), self.client("sqs")
        topic = sns.create_topic(Name="filtered")["TopicArn"]
        url = sqs.create_queue(QueueName="filtered")["QueueUrl"]
        queue = f"arn:aws:sqs:us-east-1:{self.account}:filtered"
        allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": queue}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})})
        attributes = {"FilterPolicy": json.dumps({"type": ["Created"]}), "RawMessageDelivery": "true"}
        arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes, ReturnSubscriptionArn=True)["SubscriptionArn"]
        self.assertEqual(sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["FilterPolicyScope"], "MessageAttributes")
        for kind in ("Deleted", "Created"):
            sns.publish(TopicArn=topic, Message=kind, MessageAttributes={"type": {"DataType": "String", "StringValue": kind}})
        got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MaxNumberOfMessages=10)["Messages"]
        self.assertEqual([one["Body"] for one in got], ["Created"])
        change = lambda value: sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=value)
        self.fails("InvalidParameter", change, value='{"a": "b"}')
        change("{}")
