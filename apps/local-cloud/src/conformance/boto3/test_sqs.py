import hashlib
import json

from support import Case


class Sqs(Case):
    def setUp(self):
        super().setUp()
        self.sqs = self.client("sqs")

    def queue(self, name="q", **attributes):
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def arn(self, url):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def test_create_queue_is_idempotent_unless_attributes_differ(self):
        url = self.queue(VisibilityTimeout="40")
        self.assertTrue(url.endswith(f"/{self.account}/q"))
        self.assertEqual(self.queue(VisibilityTimeout="40"), url)
        self.assertEqual(self.queue(), url)
        self.fails("QueueAlreadyExists", self.sqs.create_queue, QueueName="q", Attributes={"VisibilityTimeout": "41"})
        self.assertEqual(self.sqs.get_queue_url(QueueName="q")["QueueUrl"], url)

    def test_create_queue_refuses_bad_names_and_attributes(self):
        self.fails("InvalidParameterValue", self.sqs.create_queue, QueueName="a b")
        self.fails("InvalidParameterValue", self.sqs.create_queue, QueueName="a" * 81)
        self.fails("InvalidAttributeValue", self.sqs.create_queue, QueueName="q", Attributes={"VisibilityTimeout": "43201"})
        self.fails("InvalidAttributeValue", self.sqs.create_queue, QueueName="q", Attributes={"DelaySeconds": "901"})
        self.fails("InvalidAttributeValue", self.sqs.create_queue, QueueName="q", Attributes={"MessageRetentionPeriod": "59"})
        self.fails("InvalidAttributeValue", self.sqs.create_queue, QueueName="q", Attributes={"MaximumMessageSize": "1023"})
        self.fails("InvalidAttributeValue", self.sqs.create_queue, QueueName="q", Attributes={"ReceiveMessageWaitTimeSeconds": "21"})
        self.fails("InvalidAttributeName", self.sqs.create_queue, QueueName="q", Attributes={"Nothing": "1"})

    def test_queue_attributes_have_their_defaults(self):
        url = self.queue()
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        expected = {
            "QueueArn": f"arn:aws:sqs:us-east-1:{self.account}:q",
            "ApproximateNumberOfMessages": "0",
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
            "VisibilityTimeout": "30",
            "DelaySeconds": "0",
            "MessageRetentionPeriod": "345600",
            "ReceiveMessageWaitTimeSeconds": "0",
            "SqsManagedSseEnabled": "true",
        }
        self.assertEqual({name: attributes.get(name) for name in expected}, expected)
        self.assertIn("CreatedTimestamp", attributes)
        self.assertIn("LastModifiedTimestamp", attributes)
        self.assertNotIn("Policy", attributes)
        some = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds", "QueueArn"])["Attributes"]
        self.assertEqual(set(some), {"DelaySeconds", "QueueArn"})
        self.assertNotIn("Attributes", self.sqs.get_queue_attributes(QueueUrl=url))
        self.fails("InvalidAttributeName", self.sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Nothing"])

    def test_set_queue_attributes(self):
        url = self.queue()
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7", "DelaySeconds": "1"})
        got = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout", "DelaySeconds"])
        self.assertEqual(got["Attributes"], {"VisibilityTimeout": "7", "DelaySeconds": "1"})
        self.fails("InvalidAttributeValue", self.sqs.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "-1"})
        self.fails("InvalidAttributeValue", self.sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": "{"})

    def test_list_queues_by_prefix(self):
        urls = [self.queue(name) for name in ("a-1", "a-2", "b-1")]
        self.assertEqual(sorted(self.sqs.list_queues()["QueueUrls"]), urls)
        self.assertEqual(sorted(self.sqs.list_queues(QueueNamePrefix="a-")["QueueUrls"]), urls[:2])
        self.assertNotIn("QueueUrls", self.sqs.list_queues(QueueNamePrefix="c-"))

    def test_delete_queue(self):
        url = self.queue()
        self.sqs.delete_queue(QueueUrl=url)
        self.fails("AWS.SimpleQueueService.NonExistentQueue", self.sqs.get_queue_url, QueueName="q")

    def test_send_receive_delete(self):
        url = self.queue()
        attributes = {
            "text": {"DataType": "String", "StringValue": "a"},
            "number": {"DataType": "Number", "StringValue": "1.5"},
            "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
        }
        sent = self.sqs.send_message(QueueUrl=url, MessageBody="hallo ä", MessageAttributes=attributes)
        self.assertEqual(sent["MD5OfMessageBody"], hashlib.md5("hallo ä".encode()).hexdigest())
        self.assertIn("MD5OfMessageAttributes", sent)
        got = self.sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"][0]
        self.assertEqual(got["MessageId"], sent["MessageId"])
        self.assertEqual(got["Body"], "hallo ä")
        self.assertEqual(got["MessageAttributes"], attributes)
        self.assertEqual(got["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
        self.assertEqual(got["Attributes"]["ApproximateReceiveCount"], "1")
        self.assertEqual(set(got["Attributes"]), {"SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"})
        self.assertNotIn("Messages", self.sqs.receive_message(QueueUrl=url))
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=got["ReceiptHandle"])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=got["ReceiptHandle"])

    def test_receive_returns_only_the_attributes_asked_for(self):
        url = self.queue()
        attributes = {name: {"DataType": "String", "StringValue": "x"} for name in ("a.one", "a.two", "b")}
        self.sqs.send_message(QueueUrl=url, MessageBody="m", MessageAttributes=attributes)
        got = self.sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"][0]
        self.assertNotIn("Attributes", got)
        self.assertNotIn("MessageAttributes", got)
        got = self.sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, MessageAttributeNames=["a.*"])["Messages"][0]
        self.assertEqual(set(got["MessageAttributes"]), {"a.one", "a.two"})
        got = self.sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, AttributeNames=["SentTimestamp"])["Messages"][0]
        self.assertEqual(set(got["Attributes"]), {"SentTimestamp"})

    def test_send_message_refuses_what_sqs_refuses(self):
        url = self.queue()
        self.fails("MissingParameter", self.sqs.send_message, QueueUrl=url, MessageBody="")
        self.fails("InvalidMessageContents", self.sqs.send_message, QueueUrl=url, MessageBody="\x01")
        self.fails("InvalidParameterValue", self.sqs.send_message, QueueUrl=url, MessageBody="a", DelaySeconds=901)
        self.fails("InvalidParameterValue", self.sqs.send_message, QueueUrl=url, MessageBody="a" * 1_048_577)
        self.fails(
            "InvalidParameterValue",
            self.sqs.send_message,
            QueueUrl=url,
            MessageBody="a",
            MessageAttributes={"a": {"DataType": "Nothing", "StringValue": "1"}},
        )
        self.fails(
            "InvalidParameterValue",
            self.sqs.send_message,
            QueueUrl=url,
            MessageBody="a",
            MessageAttributes={"aws.x": {"DataType": "String", "StringValue": "1"}},
        )

    def test_batches(self):
        url = self.queue()
        entries = [{"Id": str(n), "MessageBody": f"m{n}"} for n in range(10)]
        sent = self.sqs.send_message_batch(QueueUrl=url, Entries=entries)
        self.assertEqual([one["Id"] for one in sent["Successful"]], [one["Id"] for one in entries])
        self.assertNotIn("Failed", sent)
        got = []
        while len(got) < 10:
            got += self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        self.assertEqual(len({one["MessageId"] for one in got}), 10)
        handles = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(got)]
        changed = self.sqs.change_message_visibility_batch(
            QueueUrl=url, Entries=[{**one, "VisibilityTimeout": 60} for one in handles]
        )
        self.assertEqual(len(changed["Successful"]), 10)
        mixed = self.sqs.delete_message_batch(
            QueueUrl=url, Entries=[*handles[:9], {"Id": "bad", "ReceiptHandle": "nonsense"}]
        )
        self.assertEqual(len(mixed["Successful"]), 9)
        self.assertEqual([(one["Id"], one["Code"], one["SenderFault"]) for one in mixed["Failed"]], [("bad", "ReceiptHandleIsInvalid", True)])

    def test_batch_errors(self):
        url = self.queue()
        send = self.sqs.send_message_batch
        self.fails("AWS.SimpleQueueService.EmptyBatchRequest", send, QueueUrl=url, Entries=[])
        entries = [{"Id": str(n), "MessageBody": "m"} for n in range(11)]
        self.fails("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", send, QueueUrl=url, Entries=entries)
        twice = [{"Id": "a", "MessageBody": "m"}, {"Id": "a", "MessageBody": "m"}]
        self.fails("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", send, QueueUrl=url, Entries=twice)
        self.fails("AWS.SimpleQueueService.InvalidBatchEntryId", send, QueueUrl=url, Entries=[{"Id": "a b", "MessageBody": "m"}])
        large = [{"Id": str(n), "MessageBody": "m" * 600_000} for n in range(2)]
        self.fails("AWS.SimpleQueueService.BatchRequestTooLong", send, QueueUrl=url, Entries=large)
        partly = send(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "m"}, {"Id": "b", "MessageBody": "m", "DelaySeconds": 901}])
        self.assertEqual([one["Id"] for one in partly["Successful"]], ["a"])
        self.assertEqual([(one["Id"], one["Code"]) for one in partly["Failed"]], [("b", "InvalidParameterValue")])

    def test_receive_refuses_bad_numbers(self):
        url = self.queue()
        for bad in ({"MaxNumberOfMessages": 0}, {"MaxNumberOfMessages": 11}, {"WaitTimeSeconds": 21}, {"VisibilityTimeout": 43201}):
            self.fails("InvalidParameterValue", self.sqs.receive_message, QueueUrl=url, **bad)

    def test_change_visibility(self):
        url = self.queue()
        self.sqs.send_message(QueueUrl=url, MessageBody="m")
        handle = self.sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
        self.fails("ReceiptHandleIsInvalid", self.sqs.change_message_visibility, QueueUrl=url, ReceiptHandle="x", VisibilityTimeout=1)
        self.fails("InvalidParameterValue", self.sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=43201)
        self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
        again = self.sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
        self.assertEqual(again["Attributes"]["ApproximateReceiveCount"], "2")
        self.assertNotEqual(again["ReceiptHandle"], handle)
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])

    def test_counts(self):
        url = self.queue()
        for delay in (0, 0, 900):
            self.sqs.send_message(QueueUrl=url, MessageBody="m", DelaySeconds=delay)
        self.sqs.receive_message(QueueUrl=url)
        got = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(
            [got[f"ApproximateNumberOfMessages{kind}"] for kind in ("", "NotVisible", "Delayed")], ["1", "1", "1"]
        )

    def test_purge(self):
        url = self.queue()
        self.sqs.send_message(QueueUrl=url, MessageBody="m")
        self.sqs.purge_queue(QueueUrl=url)
        self.assertNotIn("Messages", self.sqs.receive_message(QueueUrl=url))
        self.fails("AWS.SimpleQueueService.PurgeQueueInProgress", self.sqs.purge_queue, QueueUrl=url)

    def test_long_poll_gets_what_arrives(self):
        url = self.queue()
        self.sqs.send_message(QueueUrl=url, MessageBody="m", DelaySeconds=1)
        self.assertEqual(self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]["Body"], "m")

    def test_tags(self):
        url = self.sqs.create_queue(QueueName="q", tags={"a": "1"})["QueueUrl"]
        self.sqs.tag_queue(QueueUrl=url, Tags={"b": "2"})
        self.assertEqual(self.sqs.list_queue_tags(QueueUrl=url)["Tags"], {"a": "1", "b": "2"})
        self.sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
        self.assertEqual(self.sqs.list_queue_tags(QueueUrl=url)["Tags"], {"b": "2"})
        self.assertNotIn("Tags", self.sqs.list_queue_tags(QueueUrl=self.queue("other")))

    def test_permissions(self):
        url = self.queue()
        self.sqs.add_permission(QueueUrl=url, Label="l", AWSAccountIds=["123456789012"], Actions=["SendMessage"])
        policy = json.loads(self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])
        self.assertEqual([one["Sid"] for one in policy["Statement"]], ["l"])
        self.assertEqual(policy["Statement"][0]["Action"], "SQS:SendMessage")
        self.fails("InvalidParameterValue", self.sqs.remove_permission, QueueUrl=url, Label="other")
        self.sqs.remove_permission(QueueUrl=url, Label="l")
        self.assertNotIn("Attributes", self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]))

    def test_redrive_and_move_back(self):
        dead, url = self.queue("dead"), None
        policy = json.dumps({"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": 1})
        url = self.queue("q", RedrivePolicy=policy)
        self.assertEqual(self.sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url])
        self.sqs.send_message(QueueUrl=url, MessageBody="m")
        self.sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
        self.assertNotIn("Messages", self.sqs.receive_message(QueueUrl=url))
        got = self.sqs.receive_message(QueueUrl=dead, VisibilityTimeout=0, AttributeNames=["All"], WaitTimeSeconds=5)["Messages"][0]
        self.assertEqual(got["Attributes"]["DeadLetterQueueSourceArn"], self.arn(url))
        if not hasattr(self.sqs, "start_message_move_task"):
            return
        handle = self.sqs.start_message_move_task(SourceArn=self.arn(dead))["TaskHandle"]
        self.assertTrue(handle)
        self.assertEqual(self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]["Body"], "m")
        tasks = self.sqs.list_message_move_tasks(SourceArn=self.arn(dead))["Results"]
        self.assertEqual(tasks[0]["SourceArn"], self.arn(dead))
        self.fails("ResourceNotFoundException", self.sqs.start_message_move_task, SourceArn=self.arn(url).replace(":q", ":none"))

    def test_redrive_policy_is_checked(self):
        self.fails("InvalidParameterValue", self.sqs.create_queue, QueueName="q", Attributes={"RedrivePolicy": "{"})
        gone = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{self.account}:none", "maxReceiveCount": 1})
        self.fails("InvalidParameterValue", self.sqs.create_queue, QueueName="q", Attributes={"RedrivePolicy": gone})

    def test_fifo_queue_orders_and_deduplicates(self):
        url = self.queue("q.fifo", FifoQueue="true")
        send = lambda body, group, **more: self.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, **{"MessageDeduplicationId": body, **more})
        first = send("a1", "a")
        self.assertEqual(send("a1", "a")["MessageId"], first["MessageId"])
        send("b1", "b")
        send("a2", "a")
        self.fails("MissingParameter", self.sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="d")
        self.fails("InvalidParameterValue", self.sqs.send_message, QueueUrl=url, MessageBody="x", MessageGroupId="g")
        receive = lambda most=10: self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, AttributeNames=["All"]).get("Messages", [])
        got = receive(1)
        self.assertEqual([one["Body"] for one in got], ["a1"])
        self.assertEqual(got[0]["Attributes"]["SequenceNumber"], first["SequenceNumber"])
        self.assertEqual([one["Body"] for one in receive()], ["b1"])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
        self.assertEqual([one["Body"] for one in receive()], ["a2"])
