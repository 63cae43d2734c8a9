import json
from datetime import datetime, timedelta, timezone

from support import Case


class Events(Case):
    def setUp(self):
        super().setUp()
        self.events = self.client("events")
        self.sqs = self.client("sqs")
        self.bus = f"arn:aws:events:us-east-1:{self.account}:event-bus/default"

    def queue(self, name="q"):
        url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:{self.account}:{name}"
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
            ],
        }
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        return url, arn

    def entry(self, **overrides):
        return {"Source": "app", "DetailType": "done", "Detail": json.dumps({"n": 1}), **overrides}

    def receive(self, url):
        messages = self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10).get("Messages")
        self.assertTrue(messages, "nothing arrived")
        return messages[0]["Body"]

    def test_buses(self):
        made = self.events.create_event_bus(Name="b", Tags=[{"Key": "a", "Value": "1"}])
        self.assertEqual(made["EventBusArn"], self.bus.replace("default", "b"))
        self.fails("ResourceAlreadyExistsException", self.events.create_event_bus, Name="b")
        self.fails("ValidationException", self.events.create_event_bus, Name="a b")
        self.assertEqual([one["Name"] for one in self.events.list_event_buses()["EventBuses"]], ["b", "default"])
        self.assertEqual([one["Name"] for one in self.events.list_event_buses(NamePrefix="d")["EventBuses"]], ["default"])
        got = self.events.describe_event_bus(Name="b")
        self.assertEqual((got["Name"], got["Arn"]), ("b", made["EventBusArn"]))
        self.assertEqual(self.events.describe_event_bus()["Arn"], self.bus)
        self.events.delete_event_bus(Name="b")
        self.events.delete_event_bus(Name="b")
        self.fails("ValidationException", self.events.delete_event_bus, Name="default")

    def test_bus_with_rules_stays(self):
        self.events.create_event_bus(Name="b")
        self.events.put_rule(Name="r", EventBusName="b", EventPattern='{"source":["a"]}')
        self.fails("ValidationException", self.events.delete_event_bus, Name="b")

    def test_rules(self):
        arn = self.events.put_rule(Name="r", EventPattern='{"source":["app"]}', Description="d")["RuleArn"]
        self.assertEqual(arn, f"arn:aws:events:us-east-1:{self.account}:rule/r")
        got = self.events.describe_rule(Name="r")
        self.assertEqual(
            (got["Name"], got["Arn"], got["EventPattern"], got["State"], got["Description"], got["EventBusName"], got["CreatedBy"]),
            ("r", arn, '{"source":["app"]}', "ENABLED", "d", "default", self.account),
        )
        self.events.disable_rule(Name="r")
        self.assertEqual(self.events.describe_rule(Name="r")["State"], "DISABLED")
        self.events.enable_rule(Name="r")
        self.assertEqual(self.events.describe_rule(Name="r")["State"], "ENABLED")
        self.assertEqual([one["Name"] for one in self.events.list_rules(NamePrefix="r")["Rules"]], ["r"])
        self.assertEqual(self.events.list_rules(NamePrefix="x")["Rules"], [])
        self.events.delete_rule(Name="r")
        self.events.delete_rule(Name="r")
        self.fails("ResourceNotFoundException", self.events.describe_rule, Name="r")

    def test_rule_on_a_bus_of_its_own(self):
        self.events.create_event_bus(Name="b")
        arn = self.events.put_rule(Name="r", EventBusName="b", EventPattern='{"source":["app"]}')["RuleArn"]
        self.assertEqual(arn, f"arn:aws:events:us-east-1:{self.account}:rule/b/r")
        self.fails("ResourceNotFoundException", self.events.describe_rule, Name="r")
        self.assertEqual(self.events.list_rules()["Rules"], [])
        self.assertEqual(self.events.list_rules(EventBusName=self.bus.replace("default", "b"))["Rules"][0]["Name"], "r")

    def test_put_rule_checks(self):
        self.fails("ValidationException", self.events.put_rule, Name="r")
        self.fails("InvalidEventPatternException", self.events.put_rule, Name="r", EventPattern="{")
        self.fails("InvalidEventPatternException", self.events.put_rule, Name="r", EventPattern='{"source":"app"}')
        self.fails("InvalidEventPatternException", self.events.put_rule, Name="r", EventPattern='{"source":[{"nothing":1}]}')
        self.fails("ValidationException", self.events.put_rule, Name="a b", EventPattern='{"source":["a"]}')
        self.events.create_event_bus(Name="b")
        self.fails("ValidationException", self.events.put_rule, Name="r", EventBusName="b", ScheduleExpression="rate(1 hour)")

    def test_targets(self):
        _, arn = self.queue()
        self.events.put_rule(Name="r", EventPattern='{"source":["app"]}')
        put = self.events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}, {"Id": "2", "Arn": arn, "Input": "{}"}])
        self.assertEqual((put["FailedEntryCount"], put["FailedEntries"]), (0, []))
        targets = self.events.list_targets_by_rule(Rule="r")["Targets"]
        self.assertEqual(targets, [{"Id": "1", "Arn": arn}, {"Id": "2", "Arn": arn, "Input": "{}"}])
        self.assertEqual(self.events.list_rule_names_by_target(TargetArn=arn)["RuleNames"], ["r"])
        self.fails("ValidationException", self.events.delete_rule, Name="r")
        many = [{"Id": str(n), "Arn": arn} for n in range(3, 7)]
        self.fails("LimitExceededException", self.events.put_targets, Rule="r", Targets=many)
        gone = self.events.remove_targets(Rule="r", Ids=["1", "2"])
        self.assertEqual((gone["FailedEntryCount"], gone["FailedEntries"]), (0, []))
        self.assertEqual(self.events.list_targets_by_rule(Rule="r")["Targets"], [])
        self.events.delete_rule(Name="r")

    def test_put_events_delivers_what_matches(self):
        url, arn = self.queue()
        self.events.put_rule(Name="r", EventPattern=json.dumps({"source": ["app"], "detail": {"n": [{"numeric": [">", 1]}]}}))
        self.events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
        sent = self.events.put_events(
            Entries=[self.entry(), self.entry(Detail=json.dumps({"n": 2}), Resources=["arn:x"]), self.entry(Source="other")]
        )
        self.assertEqual((sent["FailedEntryCount"], len(sent["Entries"])), (0, 3))
        event = json.loads(self.receive(url))
        self.assertEqual(event["id"], sent["Entries"][1]["EventId"])
        self.assertEqual(
            {name: event[name] for name in ("version", "detail-type", "source", "account", "region", "resources", "detail")},
            {
                "version": "0",
                "detail-type": "done",
                "source": "app",
                "account": self.account,
                "region": "us-east-1",
                "resources": ["arn:x"],
                "detail": {"n": 2},
            },
        )
        self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_put_events_reports_each_entry(self):
        sent = self.events.put_events(
            Entries=[
                self.entry(),
                self.entry(Detail="{"),
                {"Source": "app", "DetailType": "t"},
                {"DetailType": "t", "Detail": "{}"},
                {"Source": "app", "Detail": "{}"},
                self.entry(Source="aws.app"),
                self.entry(Detail="[]"),
            ]
        )
        self.assertEqual(sent["FailedEntryCount"], 6)
        self.assertEqual(
            [one.get("ErrorCode") for one in sent["Entries"]],
            [None, "MalformedDetail", "InvalidArgument", "InvalidArgument", "InvalidArgument", "NotAuthorizedForSourceException", "MalformedDetail"],
        )
        self.fails("ValidationException", self.events.put_events, Entries=[self.entry()] * 11)

    def test_put_events_to_a_missing_bus(self):
        sent = self.events.put_events(Entries=[self.entry(EventBusName="nowhere")])
        self.assertEqual(sent["FailedEntryCount"], 0)

    def test_input_path_and_transformer(self):
        url, arn = self.queue()
        self.events.put_rule(Name="r", EventPattern='{"source":["app"]}')
        self.events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn, "InputPath": "$.detail"}])
        self.events.put_events(Entries=[self.entry()])
        self.assertEqual(json.loads(self.receive(url)), {"n": 1})
        transformer = {"InputPathsMap": {"n": "$.detail.n", "s": "$.source"}, "InputTemplate": '{"x": <n>, "from": "<s>!", "rule": "<aws.events.rule-name>"}'}
        self.events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn, "InputTransformer": transformer}])
        self.events.put_events(Entries=[self.entry()])
        self.assertEqual(json.loads(self.receive(url)), {"x": 1, "from": "app!", "rule": "r"})

    def test_test_event_pattern(self):
        event = {"id": "1", "detail-type": "t", "source": "app", "account": "1", "time": "2026-01-01T00:00:00Z", "region": "r", "resources": [], "detail": {"a": "b"}}
        ask = lambda pattern: self.events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(event))["Result"]
        self.assertTrue(ask({"detail": {"a": [{"prefix": "b"}]}}))
        self.assertFalse(ask({"detail": {"a": [{"anything-but": "b"}]}}))
        self.fails("InvalidEventPatternException", self.events.test_event_pattern, EventPattern="{", Event=json.dumps(event))

    def test_archive_and_replay(self):
        url, arn = self.queue()
        start = datetime.now(timezone.utc) - timedelta(minutes=5)
        made = self.events.create_archive(ArchiveName="a", EventSourceArn=self.bus, RetentionDays=1)
        self.assertEqual(made["ArchiveArn"], f"arn:aws:events:us-east-1:{self.account}:archive/a")
        self.assertEqual(made["State"], "ENABLED")
        self.fails("ResourceAlreadyExistsException", self.events.create_archive, ArchiveName="a", EventSourceArn=self.bus)
        self.events.update_archive(ArchiveName="a", Description="d", EventPattern='{"source":["app"]}')
        got = self.events.describe_archive(ArchiveName="a")
        self.assertEqual((got["Description"], got["RetentionDays"], got["EventSourceArn"]), ("d", 1, self.bus))
        self.events.put_rule(Name="r", EventPattern='{"source":["app"]}')
        self.events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
        sent = self.events.put_events(Entries=[self.entry()])["Entries"][0]["EventId"]
        first = self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]
        self.assertEqual(json.loads(first["Body"])["id"], sent)
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
        end = datetime.now(timezone.utc) + timedelta(minutes=1)
        replay = self.events.start_replay(ReplayName="p", EventSourceArn=made["ArchiveArn"], EventStartTime=start, EventEndTime=end, Destination={"Arn": self.bus})
        self.assertEqual(replay["State"], "STARTING")
        self.assertEqual(json.loads(self.receive(url))["replay-name"], "p")
        self.until(lambda: self.events.describe_replay(ReplayName="p")["State"] == "COMPLETED", 30)
        self.assertEqual([one["ReplayName"] for one in self.events.list_replays()["Replays"]], ["p"])
        self.fails("IllegalStatusException", self.events.cancel_replay, ReplayName="p")
        self.fails("ResourceAlreadyExistsException", self.events.start_replay, ReplayName="p", EventSourceArn=made["ArchiveArn"], EventStartTime=start, EventEndTime=end, Destination={"Arn": self.bus})
        self.fails("ValidationException", self.events.start_replay, ReplayName="z", EventSourceArn=made["ArchiveArn"], EventStartTime=end, EventEndTime=start, Destination={"Arn": self.bus})
        self.events.delete_archive(ArchiveName="a")
        self.fails("ResourceNotFoundException", self.events.describe_archive, ArchiveName="a")

    def test_tags_of_buses_and_rules(self):
        bus = self.events.create_event_bus(Name="b")["EventBusArn"]
        rule = self.events.put_rule(Name="r", EventPattern='{"source":["a"]}')["RuleArn"]
        for arn in (bus, rule):
            self.events.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
            self.events.untag_resource(ResourceARN=arn, TagKeys=["a"])
            self.assertEqual(self.events.list_tags_for_resource(ResourceARN=arn)["Tags"], [{"Key": "b", "Value": "2"}])

    def test_bus_permission(self):
        self.events.put_permission(StatementId="s", Action="events:PutEvents", Principal="123456789012")
        policy = json.loads(self.events.describe_event_bus()["Policy"])
        self.assertEqual([(one["Sid"], one["Action"], one["Resource"]) for one in policy["Statement"]], [("s", "events:PutEvents", self.bus)])
        self.events.remove_permission(StatementId="s")
        self.assertNotIn("Policy", self.events.describe_event_bus())
        self.fails("ResourceNotFoundException", self.events.remove_permission, StatementId="s")

    def test_targets_of_other_kinds(self):
        logs = self.client("logs")
        function = self.function("f", 'exports.handler = async (event) => console.log("got", event.n);')
        grant = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com", "StatementId": "s"}
        self.client("lambda").add_permission(FunctionName="f", **grant)
        for name in ["/aws/events/all", "/aws/lambda/f"]:
            logs.create_log_group(logGroupName=name)
        group = f"arn:aws:logs:us-east-1:{self.account}:log-group:/aws/events/all"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{group}:*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        logs.put_resource_policy(policyName="p", policyDocument=policy)
        bus = self.events.create_event_bus(Name="b")["EventBusArn"]
        self.events.put_rule(Name="r", EventPattern='{"source":["app"]}')
        transformer = {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '{"n": <n>}'}
        targets = [{"Id": "function", "Arn": function, "InputTransformer": transformer}, {"Id": "bus", "Arn": bus}]
        self.assertEqual(self.events.put_targets(Rule="r", Targets=targets)["FailedEntryCount"], 0)
        self.events.put_rule(Name="r", EventBusName="b", EventPattern='{"source":["app"]}')
        self.events.put_targets(Rule="r", EventBusName="b", Targets=[{"Id": "logs", "Arn": group}])
        sent = self.events.put_events(Entries=[self.entry()])["Entries"][0]["EventId"]
        messages = lambda name: [one["message"] for one in logs.filter_log_events(logGroupName=name)["events"]]
        line = self.until(lambda: messages("/aws/events/all"))[0]
        self.assertEqual((json.loads(line)["id"], json.loads(line)["detail"]), (sent, {"n": 1}))
        self.until(lambda: [one for one in messages("/aws/lambda/f") if "got 1" in one])
