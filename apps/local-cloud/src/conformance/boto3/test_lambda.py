import base64
import hashlib
import json

from support import Case, zip_of


class Lambda(Case):
    def setUp(self):
        super().setUp()
        self.client_ = self.client("lambda")

    def call(self, name, payload=b"{}", **arguments):
        answer = self.client_.invoke(FunctionName=name, Payload=payload, **arguments)
        return answer, answer["Payload"].read()

    def settled(self, name):
        self.until(lambda: self.client_.get_function_configuration(FunctionName=name)["LastUpdateStatus"] == "Successful")

    def test_create_and_read(self):
        code = zip_of("exports.handler = async () => 1;")
        role = self.role("r", "lambda.amazonaws.com")
        made = self.client_.create_function(
            FunctionName="f", Runtime="nodejs22.x", Role=role, Handler="index.handler", Code={"ZipFile": code},
            Description="d", Timeout=5, MemorySize=256, Environment={"Variables": {"AA": "1"}}, Tags={"t": "1"},
        )
        arn = f"arn:aws:lambda:us-east-1:{self.account}:function:f"
        expected = {
            "FunctionName": "f", "FunctionArn": arn, "Runtime": "nodejs22.x", "Role": role, "Handler": "index.handler",
            "Description": "d", "Timeout": 5, "MemorySize": 256, "Environment": {"Variables": {"AA": "1"}}, "Version": "$LATEST",
            "CodeSize": len(code), "CodeSha256": base64.b64encode(hashlib.sha256(code).digest()).decode(),
            "PackageType": "Zip", "Architectures": ["x86_64"], "TracingConfig": {"Mode": "PassThrough"},
        }
        self.assertEqual({name: made.get(name) for name in expected}, expected)
        self.assertEqual(made["ResponseMetadata"]["HTTPStatusCode"], 201)
        self.until(lambda: self.client_.get_function(FunctionName="f")["Configuration"]["State"] == "Active")
        got = self.client_.get_function(FunctionName=arn)
        self.assertEqual({name: got["Configuration"].get(name) for name in expected}, expected)
        self.assertEqual(got["Tags"], {"t": "1"})
        self.assertEqual(got["Code"]["RepositoryType"], "S3")
        self.fails("ResourceConflictException", self.client_.create_function, FunctionName="f", Runtime="nodejs22.x", Role=role, Handler="index.handler", Code={"ZipFile": code})
        self.assertEqual([one["FunctionName"] for one in self.client_.list_functions()["Functions"]], ["f"])
        self.client_.delete_function(FunctionName="f")
        self.fails("ResourceNotFoundException", self.client_.get_function, FunctionName="f")

    def test_create_checks(self):
        role = self.role("r", "lambda.amazonaws.com")
        good = {"FunctionName": "f", "Runtime": "nodejs22.x", "Role": role, "Handler": "index.handler", "Code": {"ZipFile": zip_of("")}}
        create = self.client_.create_function
        self.fails("InvalidParameterValueException", create, **{**good, "Role": role.replace("role/r", "role/none")})
        self.fails("InvalidParameterValueException", create, **{**good, "Code": {"ZipFile": b"no zip"}})
        self.fails("ValidationException", create, **{**good, "Role": "nonsense"})
        self.fails("ValidationException", create, **{**good, "Timeout": 901})
        self.fails("ValidationException", create, **{**good, "MemorySize": 10241})
        self.fails("InvalidParameterValueException", create, **{**good, "Runtime": "nodejs1.x"})
        self.fails("InvalidParameterValueException", create, **{**good, "Environment": {"Variables": {"AWS_REGION": "x"}}})
        self.fails("InvalidParameterValueException", create, **{**good, "Environment": {"Variables": {"AA": "x" * 4097}}})

    def test_invoke(self):
        self.function("f", "exports.handler = async (event, context) => ({ event, name: context.functionName, arn: context.invokedFunctionArn });")
        answer, payload = self.call("f", b'{"a":1}')
        self.assertEqual((answer["StatusCode"], answer["ExecutedVersion"], answer.get("FunctionError")), (200, "$LATEST", None))
        self.assertEqual(json.loads(payload), {"event": {"a": 1}, "name": "f", "arn": f"arn:aws:lambda:us-east-1:{self.account}:function:f"})
        answer, payload = self.call("f", LogType="Tail")
        self.assertIn(b"REPORT RequestId: ", base64.b64decode(answer["LogResult"]))
        answer, payload = self.call("f", InvocationType="DryRun")
        self.assertEqual((answer["StatusCode"], payload), (204, b""))
        answer, payload = self.call("f", InvocationType="Event")
        self.assertEqual((answer["StatusCode"], payload), (202, b""))
        self.fails("InvalidRequestContentException", self.client_.invoke, FunctionName="f", Payload=b"{")
        self.fails("RequestTooLargeException", self.client_.invoke, FunctionName="f", Payload=b'"' + b"x" * 6_300_000 + b'"')
        self.fails("ResourceNotFoundException", self.client_.invoke, FunctionName="f", Qualifier="7")

    def test_function_errors(self):
        self.function("f", "exports.handler = async () => { throw new TypeError('no'); };")
        answer, payload = self.call("f")
        self.assertEqual((answer["StatusCode"], answer["FunctionError"]), (200, "Unhandled"))
        error = json.loads(payload)
        self.assertEqual((error["errorType"], error["errorMessage"]), ("TypeError", "no"))
        self.assertTrue(error["trace"])

    def test_timeout(self):
        self.function("f", "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 9000));", Timeout=1)
        answer, payload = self.call("f")
        self.assertEqual(answer["FunctionError"], "Unhandled")
        self.assertRegex(json.loads(payload)["errorMessage"], r"Task timed out after 1\.00 seconds")

    def test_update_code_and_configuration(self):
        self.function("f", "exports.handler = async () => process.env.AA ?? 'none';")
        self.assertEqual(self.call("f")[1], b'"none"')
        changed = self.client_.update_function_configuration(FunctionName="f", Environment={"Variables": {"AA": "b"}}, Timeout=9)
        self.assertEqual((changed["Timeout"], changed["LastUpdateStatus"]), (9, "InProgress"))
        self.settled("f")
        self.assertEqual(self.call("f")[1], b'"b"')
        before = self.client_.get_function_configuration(FunctionName="f")
        after = self.client_.update_function_code(FunctionName="f", ZipFile=zip_of("exports.handler = async () => 2;"))
        self.assertNotEqual(before["CodeSha256"], after["CodeSha256"])
        self.assertNotEqual(before["RevisionId"], after["RevisionId"])
        self.settled("f")
        self.assertEqual(self.call("f")[1], b"2")
        self.fails("PreconditionFailedException", self.client_.update_function_configuration, FunctionName="f", Timeout=8, RevisionId=before["RevisionId"])

    def test_versions_and_aliases(self):
        self.function("f", "exports.handler = async (e, context) => context.functionVersion;")
        first = self.client_.publish_version(FunctionName="f", Description="one")
        self.assertEqual((first["Version"], first["Description"]), ("1", "one"))
        self.assertEqual(self.client_.publish_version(FunctionName="f")["Version"], "1")
        self.client_.update_function_configuration(FunctionName="f", Timeout=9)
        self.settled("f")
        self.assertEqual(self.client_.publish_version(FunctionName="f")["Version"], "2")
        self.assertEqual([one["Version"] for one in self.client_.list_versions_by_function(FunctionName="f")["Versions"]], ["$LATEST", "1", "2"])
        made = self.client_.create_alias(FunctionName="f", Name="live", FunctionVersion="1", Description="d")
        self.assertEqual((made["AliasArn"], made["FunctionVersion"]), (f"{first['FunctionArn'].rsplit(':', 1)[0]}:live", "1"))
        self.fails("ResourceConflictException", self.client_.create_alias, FunctionName="f", Name="live", FunctionVersion="1")
        self.fails("ResourceNotFoundException", self.client_.create_alias, FunctionName="f", Name="other", FunctionVersion="9")
        self.assertEqual(self.call("f", Qualifier="live")[1], b'"1"')
        self.client_.update_alias(FunctionName="f", Name="live", FunctionVersion="2")
        self.assertEqual(self.client_.get_alias(FunctionName="f", Name="live")["FunctionVersion"], "2")
        answer, payload = self.call("f:live")
        self.assertEqual((answer["ExecutedVersion"], payload), ("2", b'"2"'))
        self.fails("ResourceConflictException", self.client_.delete_function, FunctionName="f", Qualifier="2")
        self.client_.delete_alias(FunctionName="f", Name="live")
        self.assertEqual(self.client_.list_aliases(FunctionName="f")["Aliases"], [])

    def test_permissions(self):
        self.function("f")
        added = self.client_.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="events.amazonaws.com", SourceArn="arn:aws:events:us-east-1:000000000000:rule/r")
        statement = json.loads(added["Statement"])
        self.assertEqual((statement["Sid"], statement["Principal"]), ("s", {"Service": "events.amazonaws.com"}))
        self.fails("ResourceConflictException", self.client_.add_permission, FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="events.amazonaws.com")
        policy = json.loads(self.client_.get_policy(FunctionName="f")["Policy"])
        self.assertEqual(policy["Statement"], [statement])
        self.client_.remove_permission(FunctionName="f", StatementId="s")
        self.fails("ResourceNotFoundException", self.client_.get_policy, FunctionName="f")

    def test_concurrency_and_invoke_config(self):
        self.function("f")
        self.assertEqual(self.client_.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)["ReservedConcurrentExecutions"], 0)
        self.fails("TooManyRequestsException", self.client_.invoke, FunctionName="f")
        self.client_.delete_function_concurrency(FunctionName="f")
        self.assertNotIn("ReservedConcurrentExecutions", self.client_.get_function_concurrency(FunctionName="f"))
        self.fails("ResourceNotFoundException", self.client_.get_function_event_invoke_config, FunctionName="f")
        self.client_.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60)
        got = self.client_.update_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
        self.assertEqual((got["MaximumRetryAttempts"], got["MaximumEventAgeInSeconds"]), (0, 60))
        self.client_.delete_function_event_invoke_config(FunctionName="f")

    def test_tags(self):
        arn = self.function("f", Tags={"a": "1"})
        self.client_.tag_resource(Resource=arn, Tags={"b": "2"})
        self.client_.untag_resource(Resource=arn, TagKeys=["a"])
        self.assertEqual(self.client_.list_tags(Resource=arn)["Tags"], {"b": "2"})

    def test_event_source_mapping(self):
        sqs = self.client("sqs")
        source = sqs.create_queue(QueueName="in")["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:{self.account}:in"
        self.function("f", "exports.handler = async (event) => { console.log(JSON.stringify(event.Records)); };")
        made = self.client_.create_event_source_mapping(FunctionName="f", EventSourceArn=arn, BatchSize=1, FunctionResponseTypes=["ReportBatchItemFailures"])
        self.assertEqual((made["EventSourceArn"], made["BatchSize"], made["State"]), (arn, 1, "Creating"))
        get = lambda: self.client_.get_event_source_mapping(UUID=made["UUID"])
        self.until(lambda: get()["State"] == "Enabled")
        self.fails("ResourceConflictException", self.client_.create_event_source_mapping, FunctionName="f", EventSourceArn=arn)
        self.fails("InvalidParameterValueException", self.client_.create_event_source_mapping, FunctionName="f", EventSourceArn=arn.replace(":in", ":none"))
        sqs.send_message(QueueUrl=source, MessageBody="hallo")
        logs = self.client("logs")
        def lines():
            try:
                return [one["message"] for one in logs.filter_log_events(logGroupName="/aws/lambda/f")["events"]]
            except logs.exceptions.ResourceNotFoundException:
                return []
        record = json.loads(next(iter(self.until(lambda: [line for line in lines() if '"body"' in line]))).split("\t")[-1])[0]
        self.assertEqual((record["body"], record["eventSource"], record["eventSourceARN"], record["awsRegion"]), ("hallo", "aws:sqs", arn, "us-east-1"))
        self.until(lambda: sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "0")
        self.assertEqual([one["UUID"] for one in self.client_.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]], [made["UUID"]])
        changed = self.client_.update_event_source_mapping(UUID=made["UUID"], Enabled=False, BatchSize=5)
        self.assertEqual((changed["BatchSize"], changed["State"]), (5, "Disabling"))
        self.until(lambda: get()["State"] == "Disabled")
        self.assertEqual(self.client_.delete_event_source_mapping(UUID=made["UUID"])["State"], "Deleting")

    def test_event_source_mapping_of_a_fifo_queue(self):
        sqs = self.client("sqs")
        attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        source = sqs.create_queue(QueueName="in.fifo", Attributes=attributes)["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:{self.account}:in.fifo"
        self.function("f", 'exports.handler = async (event) => { for (const one of event.Records) console.log("got", one.body, one.attributes.MessageGroupId); };')
        self.client("logs").create_log_group(logGroupName="/aws/lambda/f")
        mapping = {"FunctionName": "f", "EventSourceArn": arn}
        self.fails("ValidationException", self.client_.create_event_source_mapping, BatchSize=11, **mapping)
        self.fails("InvalidParameterValueException", self.client_.create_event_source_mapping, MaximumBatchingWindowInSeconds=1, **mapping)
        for n in range(6):
            sqs.send_message(QueueUrl=source, MessageBody=str(n), MessageGroupId="g")
        self.client_.create_event_source_mapping(BatchSize=2, **mapping)
        logs = self.client("logs")
        lines = lambda: [one["message"] for one in logs.filter_log_events(logGroupName="/aws/lambda/f", filterPattern='"got"')["events"]]
        self.until(lambda: len(lines()) == 6)
        self.assertEqual([line.split("got ")[1].split()[0] for line in lines()], [str(n) for n in range(6)])
