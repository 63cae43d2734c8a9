import datetime
import json
import time

from support import Case


class Logs(Case):
    def setUp(self):
        super().setUp()
        self.logs = self.client("logs")

    def test_groups(self):
        self.logs.create_log_group(logGroupName="/a/g", tags={"a": "1"})
        self.fails("ResourceAlreadyExistsException", self.logs.create_log_group, logGroupName="/a/g")
        self.fails("InvalidParameterException", self.logs.create_log_group, logGroupName="a b")
        self.logs.put_retention_policy(logGroupName="/a/g", retentionInDays=7)
        self.fails("InvalidParameterException", self.logs.put_retention_policy, logGroupName="/a/g", retentionInDays=8)
        got = self.logs.describe_log_groups(logGroupNamePrefix="/a/")["logGroups"][0]
        arn = f"arn:aws:logs:us-east-1:{self.account}:log-group:/a/g"
        self.assertEqual((got["logGroupName"], got["retentionInDays"], got["arn"], got["storedBytes"]), ("/a/g", 7, f"{arn}:*", 0))
        self.logs.delete_retention_policy(logGroupName="/a/g")
        self.assertNotIn("retentionInDays", self.logs.describe_log_groups()["logGroups"][0])
        self.assertEqual(self.logs.describe_log_groups(logGroupNamePrefix="/b")["logGroups"], [])
        self.logs.tag_resource(resourceArn=arn, tags={"b": "2"})
        self.logs.untag_resource(resourceArn=arn, tagKeys=["a"])
        self.assertEqual(self.logs.list_tags_for_resource(resourceArn=arn)["tags"], {"b": "2"})
        self.logs.delete_log_group(logGroupName="/a/g")
        self.assertEqual(self.logs.describe_log_groups()["logGroups"], [])

    def test_streams(self):
        self.logs.create_log_group(logGroupName="g")
        self.logs.create_log_stream(logGroupName="g", logStreamName="s-1")
        self.logs.create_log_stream(logGroupName="g", logStreamName="s-2")
        self.fails("ResourceAlreadyExistsException", self.logs.create_log_stream, logGroupName="g", logStreamName="s-1")
        self.fails("InvalidParameterException", self.logs.create_log_stream, logGroupName="g", logStreamName="a:b")
        streams = self.logs.describe_log_streams(logGroupName="g", logStreamNamePrefix="s-")["logStreams"]
        self.assertEqual([one["logStreamName"] for one in streams], ["s-1", "s-2"])
        self.assertEqual(streams[0]["arn"], f"arn:aws:logs:us-east-1:{self.account}:log-group:g:log-stream:s-1")
        self.logs.delete_log_stream(logGroupName="g", logStreamName="s-1")
        self.assertEqual(len(self.logs.describe_log_streams(logGroupName="g")["logStreams"]), 1)

    def test_metric_filters(self):
        self.logs.create_log_group(logGroupName="filtered")
        transformation = {"metricName": "errors", "metricNamespace": "app", "metricValue": "1", "defaultValue": 0}
        put = lambda **more: self.logs.put_metric_filter(logGroupName="filtered", filterName="f", filterPattern="ERROR", metricTransformations=[{**transformation, **more}])
        put()
        self.fails("InvalidParameterException", put, dimensions={"a": "$.a"})
        got = self.logs.describe_metric_filters(logGroupName="filtered")["metricFilters"]
        self.assertEqual([(one["filterName"], one["metricTransformations"]) for one in got], [("f", [transformation])])
        self.logs.delete_metric_filter(logGroupName="filtered", filterName="f")
        self.fails("ResourceNotFoundException", self.logs.delete_metric_filter, logGroupName="filtered", filterName="f")

    def test_events(self):
        self.logs.create_log_group(logGroupName="g")
        self.logs.create_log_stream(logGroupName="g", logStreamName="s")
        now = int(time.time() * 1000)
        events = [{"timestamp": now + n, "message": message} for n, message in enumerate(["one ERROR", "two", '{"level":"ERROR","n":3}'])]
        put = self.logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)
        self.assertNotIn("rejectedLogEventsInfo", put)
        got = self.logs.get_log_events(logGroupName="g", logStreamName="s", startFromHead=True)
        self.assertEqual([(one["timestamp"], one["message"]) for one in got["events"]], [(one["timestamp"], one["message"]) for one in events])
        find = lambda **more: [one["message"] for one in self.logs.filter_log_events(logGroupName="g", **more)["events"]]
        self.assertEqual(find(), [one["message"] for one in events])
        self.assertEqual(find(filterPattern="ERROR"), ["one ERROR", '{"level":"ERROR","n":3}'])
        self.assertEqual(find(filterPattern="ERROR -one"), ['{"level":"ERROR","n":3}'])
        self.assertEqual(find(filterPattern="?two ?one"), ["one ERROR", "two"])
        self.assertEqual(find(startTime=now + 1, endTime=now + 1), ["two"])
        self.assertEqual(find(logStreamNamePrefix="x"), [])
        old = [{"timestamp": now - 15 * 86_400_000, "message": "old"}]
        put = self.logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=old)
        self.assertEqual(put["rejectedLogEventsInfo"]["tooOldLogEventEndIndex"], 1)
        backwards = [{"timestamp": now, "message": "a"}, {"timestamp": now - 1, "message": "b"}]
        self.fails("InvalidParameterException", self.logs.put_log_events, logGroupName="g", logStreamName="s", logEvents=backwards)

    def test_resource_policies(self):
        document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"}]})
        made = self.logs.put_resource_policy(policyName="p", policyDocument=document)["resourcePolicy"]
        self.assertEqual((made["policyName"], made["policyDocument"]), ("p", document))
        self.assertEqual([one["policyName"] for one in self.logs.describe_resource_policies()["resourcePolicies"]], ["p"])
        self.logs.delete_resource_policy(policyName="p")


class CloudWatch(Case):
    def setUp(self):
        super().setUp()
        self.cw = self.client("cloudwatch")

    def alarm(self, name="a", **more):
        self.cw.put_metric_alarm(
            **{
                "AlarmName": name, "Namespace": "n", "MetricName": "m", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 2,
                "Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", **more,
            }
        )

    def test_alarms(self):
        self.alarm(AlarmDescription="d", Dimensions=[{"Name": "q", "Value": "v"}], TreatMissingData="notBreaching")
        got = self.cw.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]
        arn = f"arn:aws:cloudwatch:us-east-1:{self.account}:alarm:a"
        self.assertEqual(
            (got["AlarmArn"], got["StateValue"], got["Dimensions"], got["Threshold"], got["ActionsEnabled"], got["TreatMissingData"]),
            (arn, "INSUFFICIENT_DATA", [{"Name": "q", "Value": "v"}], 1.0, True, "notBreaching"),
        )
        self.alarm("b")
        self.assertEqual([one["AlarmName"] for one in self.cw.describe_alarms(AlarmNamePrefix="b")["MetricAlarms"]], ["b"])
        self.cw.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
        self.cw.untag_resource(ResourceARN=arn, TagKeys=["a"])
        self.assertEqual(self.cw.list_tags_for_resource(ResourceARN=arn)["Tags"], [{"Key": "b", "Value": "2"}])
        self.cw.delete_alarms(AlarmNames=["a", "b"])
        self.assertEqual(self.cw.describe_alarms()["MetricAlarms"], [])

    def test_dashboards(self):
        body = json.dumps({"widgets": []})
        self.assertEqual(self.cw.put_dashboard(DashboardName="d", DashboardBody=body)["DashboardValidationMessages"], [])
        got = self.cw.get_dashboard(DashboardName="d")
        self.assertEqual((got["DashboardBody"], got["DashboardArn"]), (body, f"arn:aws:cloudwatch::{self.account}:dashboard/d"))
        self.assertEqual([one["DashboardName"] for one in self.cw.list_dashboards()["DashboardEntries"]], ["d"])
        self.fails("InvalidParameterInput", self.cw.put_dashboard, DashboardName="d", DashboardBody="{")
        self.cw.delete_dashboards(DashboardNames=["d"])
        self.fails("ResourceNotFound", self.cw.get_dashboard, DashboardName="d")

    def test_metric_math(self):
        stat = lambda name: {"Id": name, "MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": name}, "Period": 60, "Stat": "Sum"}, "ReturnData": False}
        rate = {"Id": "rate", "Expression": "100 * errors / calls", "Label": "error rate", "ReturnData": True}
        metrics = [rate, stat("errors"), stat("calls")]
        put = lambda **more: self.cw.put_metric_alarm(**{"AlarmName": "math", "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "Metrics": metrics, **more})
        put()
        self.assertEqual(self.cw.describe_alarms(AlarmNames=["math"])["MetricAlarms"][0]["Metrics"], metrics)
        self.fails("ValidationError", put, Metrics=[{**rate, "Expression": "100 *"}, *metrics[1:]])
        self.fails("UnsupportedOperation", put, Metrics=[{**rate, "Expression": "SERVICE_QUOTA(errors)"}, *metrics[1:]])
        at = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
        data = [{"MetricName": name, "Value": value, "Timestamp": at} for name, value in (("errors", 1), ("calls", 4))]
        self.cw.put_metric_data(Namespace="Shop", MetricData=data)
        got = self.cw.get_metric_data(MetricDataQueries=metrics, StartTime=at, EndTime=at + datetime.timedelta(minutes=1))["MetricDataResults"]
        self.assertEqual([(one["Id"], one["Label"], one["Values"]) for one in got], [("rate", "error rate", [25.0])])
