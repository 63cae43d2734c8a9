import json
import urllib.error
import urllib.request

from support import Case


class StreamToFunction(Case):
    def test_event_source_mapping_of_a_stream(self):
        db, lambda_, sqs, logs = (self.client(name) for name in ("dynamodb", "lambda", "sqs", "logs"))
        stream = db.create_table(
            TableName="tab",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )["TableDescription"]["LatestStreamArn"]
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        self.function("f", 'exports.handler = async ({ Records }) => { for (const { dynamodb } of Records) { console.log("got", dynamodb.Keys.pk.S); if (dynamodb.Keys.pk.S === "bad") throw new Error("no"); } };')
        logs.create_log_group(logGroupName="/aws/lambda/f")
        settings = {
            "FunctionName": "f",
            "EventSourceArn": stream,
            "StartingPosition": "TRIM_HORIZON",
            "MaximumRetryAttempts": 0,
            "BisectBatchOnFunctionError": True,
            "DestinationConfig": {"OnFailure": {"Destination": f"arn:aws:sqs:us-east-1:{self.account}:dead"}},
        }
        error = self.fails("InvalidParameterValueException", lambda_.create_event_source_mapping, **settings)
        self.assertIn("Please ensure the role can perform the GetRecords", error["Error"]["Message"])
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": stream}]}
        self.client("iam").put_role_policy(RoleName="f-role", PolicyName="stream", PolicyDocument=json.dumps(policy))
        made = lambda_.create_event_source_mapping(**settings)
        self.assertEqual((made["BatchSize"], made["ParallelizationFactor"], made["State"]), (100, 1, "Creating"))
        for key in ["one", "bad", "two"]:
            db.put_item(TableName="tab", Item={"pk": {"S": key}})
        lines = lambda: [one["message"] for one in logs.filter_log_events(logGroupName="/aws/lambda/f", filterPattern='"got two"')["events"]]
        self.until(lines)
        letter = json.loads(sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=10)["Messages"][0]["Body"])
        self.assertEqual((letter["requestContext"]["condition"], letter["DDBStreamBatchInfo"]["batchSize"]), ("RetryAttemptsExhausted", 1))
        self.until(lambda: lambda_.get_event_source_mapping(UUID=made["UUID"])["State"] == "Enabled")
        changed = lambda_.update_event_source_mapping(UUID=made["UUID"], MaximumRetryAttempts=3, BatchSize=7)
        self.assertEqual((changed["MaximumRetryAttempts"], changed["BatchSize"]), (3, 7))


class Pipes(Case):
    def test_pipe_from_stream_to_bus(self):
        pipes, db, sqs, events = (self.client(name) for name in ("pipes", "dynamodb", "sqs", "events"))
        stream = db.create_table(
            TableName="tab",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )["TableDescription"]["LatestStreamArn"]
        bus = events.create_event_bus(Name="b")["EventBusArn"]
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        queue = f"arn:aws:sqs:us-east-1:{self.account}:q"
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": queue}]}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        events.put_rule(Name="r", EventBusName="b", EventPattern='{"source":["app"]}')
        events.put_targets(Rule="r", EventBusName="b", Targets=[{"Id": "1", "Arn": queue}])
        role = self.role("r", "pipes.amazonaws.com", "dynamodb:*", "events:*", "sqs:*")
        settings = {
            "Name": "p", "RoleArn": role, "Source": stream, "Target": bus,
            "SourceParameters": {
                "DynamoDBStreamParameters": {"StartingPosition": "TRIM_HORIZON", "BatchSize": 10},
                "FilterCriteria": {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]},
            },
            "TargetParameters": {
                "EventBridgeEventBusParameters": {"Source": "app", "DetailType": "$.dynamodb.NewImage.kind.S"},
                "InputTemplate": '{"id": <$.dynamodb.NewImage.pk.S>}',
            },
        }
        made = pipes.create_pipe(**settings, Tags={"a": "1"})
        arn = f"arn:aws:pipes:us-east-1:{self.account}:pipe/p"
        self.assertEqual((made["Arn"], made["DesiredState"], made["CurrentState"]), (arn, "RUNNING", "CREATING"))
        self.fails("ConflictException", pipes.create_pipe, **settings)
        state = lambda: pipes.describe_pipe(Name="p")["CurrentState"]
        self.until(lambda: state() == "RUNNING")
        got = pipes.describe_pipe(Name="p")
        self.assertEqual((got["Source"], got["Target"], got["RoleArn"], got["Tags"]), (stream, bus, role, {"a": "1"}))
        self.assertEqual(got["TargetParameters"], settings["TargetParameters"])
        db.put_item(TableName="tab", Item={"pk": {"S": "1"}, "kind": {"S": "made"}})
        message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
        event = json.loads(message["Body"])
        self.assertEqual((event["detail-type"], event["detail"]), ("made", {"id": "1"}))
        self.assertEqual([one["Name"] for one in pipes.list_pipes(NamePrefix="p")["Pipes"]], ["p"])
        self.assertEqual(pipes.list_pipes(NamePrefix="x")["Pipes"], [])
        pipes.tag_resource(resourceArn=arn, tags={"b": "2"})
        pipes.untag_resource(resourceArn=arn, tagKeys=["a"])
        self.assertEqual(pipes.list_tags_for_resource(resourceArn=arn)["tags"], {"b": "2"})
        self.assertEqual(pipes.stop_pipe(Name="p")["DesiredState"], "STOPPED")
        self.until(lambda: state() == "STOPPED")
        self.assertEqual(pipes.start_pipe(Name="p")["DesiredState"], "RUNNING")
        self.until(lambda: state() == "RUNNING")
        pipes.update_pipe(Name="p", RoleArn=role, Description="d")
        self.until(lambda: state() == "RUNNING")
        self.assertEqual(pipes.describe_pipe(Name="p")["Description"], "d")
        self.assertEqual(pipes.delete_pipe(Name="p")["CurrentState"], "DELETING")
        def gone():
            try:
                state()
            except pipes.exceptions.NotFoundException:
                return True
        self.until(gone)


class Scheduler(Case):
    def setUp(self):
        super().setUp()
        self.scheduler = self.client("scheduler")

    def settings(self, **more):
        return {"ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}, **more}

    def test_groups(self):
        made = self.scheduler.create_schedule_group(Name="g", Tags=[{"Key": "a", "Value": "1"}])
        arn = f"arn:aws:scheduler:us-east-1:{self.account}:schedule-group/g"
        self.assertEqual(made["ScheduleGroupArn"], arn)
        self.fails("ConflictException", self.scheduler.create_schedule_group, Name="g")
        self.assertEqual(self.scheduler.get_schedule_group(Name="g")["State"], "ACTIVE")
        self.assertEqual([one["Name"] for one in self.scheduler.list_schedule_groups()["ScheduleGroups"]], ["default", "g"])
        self.scheduler.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
        self.scheduler.untag_resource(ResourceArn=arn, TagKeys=["a"])
        self.assertEqual(self.scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"], [{"Key": "b", "Value": "2"}])
        self.scheduler.delete_schedule_group(Name="g")
        self.fails("ResourceNotFoundException", self.scheduler.get_schedule_group, Name="g")
        self.fails("ValidationException", self.scheduler.delete_schedule_group, Name="default")

    def test_schedules(self):
        target = {"Arn": self.function("f"), "RoleArn": self.role("r", "scheduler.amazonaws.com", "lambda:*"), "Input": '{"a":1}'}
        made = self.scheduler.create_schedule(Name="s", **self.settings(Target=target))
        self.assertEqual(made["ScheduleArn"], f"arn:aws:scheduler:us-east-1:{self.account}:schedule/default/s")
        self.fails("ConflictException", self.scheduler.create_schedule, Name="s", **self.settings(Target=target))
        got = self.scheduler.get_schedule(Name="s")
        self.assertEqual((got["State"], got["GroupName"], got["ScheduleExpression"], got["ScheduleExpressionTimezone"]), ("ENABLED", "default", "rate(1 hour)", "UTC"))
        self.assertEqual({name: got["Target"][name] for name in target}, target)
        self.scheduler.update_schedule(Name="s", **self.settings(Target=target, State="DISABLED"))
        self.assertEqual(self.scheduler.get_schedule(Name="s")["State"], "DISABLED")
        self.assertEqual([one["Name"] for one in self.scheduler.list_schedules(State="DISABLED", NamePrefix="s")["Schedules"]], ["s"])
        self.assertEqual(self.scheduler.list_schedules(State="ENABLED")["Schedules"], [])
        for expression in ("rate(0 hours)", "rate(1 hours and more)", "nonsense"):
            self.fails("ValidationException", self.scheduler.create_schedule, Name="x", **{**self.settings(Target=target), "ScheduleExpression": expression})
        self.fails("ValidationException", self.scheduler.create_schedule, Name="x", **self.settings(Target={**target, "RoleArn": target["RoleArn"].replace("/r", "/none")}))
        self.scheduler.delete_schedule(Name="s")
        self.fails("ResourceNotFoundException", self.scheduler.get_schedule, Name="s")


class HttpApi(Case):
    def setUp(self):
        super().setUp()
        self.api = self.client("apigatewayv2")

    def ask(self, url, method="GET", body=None):
        request = urllib.request.Request(url, method=method, data=body)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def test_from_api_to_function(self):
        arn = self.function("f", "exports.handler = async (event) => ({ route: event.routeKey, id: event.pathParameters?.id, q: event.queryStringParameters });")
        made = self.api.create_api(Name="a", ProtocolType="HTTP", Tags={"t": "1"})
        api = made["ApiId"]
        self.assertEqual((made["Name"], made["ProtocolType"], made["RouteSelectionExpression"], made["Tags"]), ("a", "HTTP", "$request.method $request.path", {"t": "1"}))
        integration = self.api.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0")
        self.assertEqual((integration["IntegrationType"], integration["TimeoutInMillis"], integration["ConnectionType"]), ("AWS_PROXY", 30000, "INTERNET"))
        route = self.api.create_route(ApiId=api, RouteKey="GET /things/{id}", Target=f"integrations/{integration['IntegrationId']}")
        self.assertEqual((route["RouteKey"], route["AuthorizationType"], route["ApiKeyRequired"]), ("GET /things/{id}", "NONE", False))
        self.fails("ConflictException", self.api.create_route, ApiId=api, RouteKey="GET /things/{id}")
        stage = self.api.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        self.assertEqual((stage["StageName"], stage["AutoDeploy"]), ("$default", True))
        self.fails("ConflictException", self.api.create_stage, ApiId=api, StageName="$default")
        url = made["ApiEndpoint"]
        self.assertEqual(self.ask(f"{url}/things/7"), (500, {"message": "Internal Server Error"}))
        self.client("lambda").add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com", SourceArn=f"arn:aws:execute-api:us-east-1:{self.account}:{api}/*/*")
        self.assertEqual(self.ask(f"{url}/things/7?a=b"), (200, {"route": "GET /things/{id}", "id": "7", "q": {"a": "b"}}))
        self.assertEqual(self.ask(f"{url}/other"), (404, {"message": "Not Found"}))
        self.assertEqual([one["RouteId"] for one in self.api.get_routes(ApiId=api)["Items"]], [route["RouteId"]])
        self.api.update_route(ApiId=api, RouteId=route["RouteId"], RouteKey="GET /others/{id}")
        self.assertEqual(self.ask(f"{url}/others/8")[1]["id"], "8")
        self.assertEqual(self.api.update_api(ApiId=api, Description="d")["Description"], "d")
        self.fails("ConflictException", self.api.delete_integration, ApiId=api, IntegrationId=integration["IntegrationId"])
        self.api.delete_route(ApiId=api, RouteId=route["RouteId"])
        self.api.delete_integration(ApiId=api, IntegrationId=integration["IntegrationId"])
        self.api.delete_stage(ApiId=api, StageName="$default")
        self.api.delete_api(ApiId=api)
        self.assertEqual(self.api.get_apis()["Items"], [])

    def test_checks(self):
        self.fails("BadRequestException", self.api.create_api, Name="", ProtocolType="HTTP")
        api = self.api.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
        self.fails("BadRequestException", self.api.create_route, ApiId=api, RouteKey="nonsense")
        self.fails("BadRequestException", self.api.create_integration, ApiId=api, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0")
        self.fails("BadRequestException", self.api.create_stage, ApiId=api, StageName="a b")

    def test_tags(self):
        api = self.api.create_api(Name="a", ProtocolType="HTTP", Tags={"a": "1"})["ApiId"]
        arn = f"arn:aws:apigateway:us-east-1::/apis/{api}"
        self.api.tag_resource(ResourceArn=arn, Tags={"b": "2"})
        self.api.untag_resource(ResourceArn=arn, TagKeys=["a"])
        self.assertEqual(self.api.get_tags(ResourceArn=arn)["Tags"], {"b": "2"})
