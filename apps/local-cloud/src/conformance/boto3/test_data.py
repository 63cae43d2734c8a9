from support import Case

KEYS = {
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "BillingMode": "PAY_PER_REQUEST",
}


class DynamoDb(Case):
    def setUp(self):
        super().setUp()
        self.db = self.client("dynamodb")

    def table(self, name="tab", **settings):
        return self.db.create_table(TableName=name, **{**KEYS, **settings})["TableDescription"]

    def item(self, sk, **more):
        return {"pk": {"S": "a"}, "sk": {"S": sk}, **more}

    def test_tables(self):
        made = self.table(Tags=[{"Key": "a", "Value": "1"}])
        arn = f"arn:aws:dynamodb:us-east-1:{self.account}:table/tab"
        self.assertEqual((made["TableName"], made["TableArn"]), ("tab", arn))
        self.fails("ResourceInUseException", self.table)
        self.fails("ValidationException", self.table, name="a b")
        got = self.db.describe_table(TableName="tab")["Table"]
        self.assertEqual((got["TableStatus"], got["BillingModeSummary"]["BillingMode"], got["TableArn"]), ("ACTIVE", "PAY_PER_REQUEST", arn))
        self.assertEqual(self.db.list_tables()["TableNames"], ["tab"])
        self.db.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
        self.db.untag_resource(ResourceArn=arn, TagKeys=["a"])
        self.assertEqual(self.db.list_tags_of_resource(ResourceArn=arn)["Tags"], [{"Key": "b", "Value": "2"}])
        gone = self.db.delete_table(TableName="tab")["TableDescription"]
        self.assertEqual(gone["TableName"], "tab")
        self.until(lambda: self.db.list_tables()["TableNames"] == [])

    def test_ttl_and_backups(self):
        self.table()
        self.assertEqual(self.db.describe_time_to_live(TableName="tab")["TimeToLiveDescription"]["TimeToLiveStatus"], "DISABLED")
        self.db.update_time_to_live(TableName="tab", TimeToLiveSpecification={"Enabled": True, "AttributeName": "x"})
        got = self.db.describe_time_to_live(TableName="tab")["TimeToLiveDescription"]
        self.assertEqual((got["TimeToLiveStatus"], got["AttributeName"]), ("ENABLED", "x"))
        self.db.update_continuous_backups(TableName="tab", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
        got = self.db.describe_continuous_backups(TableName="tab")["ContinuousBackupsDescription"]
        self.assertEqual((got["ContinuousBackupsStatus"], got["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]), ("ENABLED", "ENABLED"))

    def test_deletion_protection(self):
        if "DeletionProtectionEnabled" not in self.db.meta.service_model.operation_model("CreateTable").input_shape.members:
            return  # boto3 older than the option
        self.table(DeletionProtectionEnabled=True)
        self.fails("ValidationException", self.db.delete_table, TableName="tab")
        self.db.update_table(TableName="tab", DeletionProtectionEnabled=False)
        self.db.delete_table(TableName="tab")

    def test_items(self):
        self.table()
        self.db.put_item(TableName="tab", Item=self.item("1", n={"N": "1"}))
        self.assertEqual(self.db.get_item(TableName="tab", Key=self.item("1"))["Item"], self.item("1", n={"N": "1"}))
        self.assertNotIn("Item", self.db.get_item(TableName="tab", Key=self.item("2")))
        self.fails("ConditionalCheckFailedException", self.db.put_item, TableName="tab", Item=self.item("1"), ConditionExpression="attribute_not_exists(pk)")
        got = self.db.update_item(
            TableName="tab", Key=self.item("1"), UpdateExpression="SET n = n + :one", ExpressionAttributeValues={":one": {"N": "1"}}, ReturnValues="ALL_NEW"
        )
        self.assertEqual(got["Attributes"]["n"], {"N": "2"})
        self.fails("ValidationException", self.db.get_item, TableName="tab", Key={"pk": {"S": "a"}})
        self.fails("ValidationException", self.db.put_item, TableName="tab", Item={"pk": {"S": "a"}})
        gone = self.db.delete_item(TableName="tab", Key=self.item("1"), ReturnValues="ALL_OLD")
        self.assertEqual(gone["Attributes"]["n"], {"N": "2"})

    def test_query_and_scan(self):
        self.table()
        self.db.batch_write_item(RequestItems={"tab": [{"PutRequest": {"Item": self.item(str(n))}} for n in range(9)]})
        values = {":pk": {"S": "a"}, ":from": {"S": "5"}}
        got = self.db.query(TableName="tab", KeyConditionExpression="pk = :pk AND sk >= :from", ExpressionAttributeValues=values, ScanIndexForward=False, Limit=3)
        self.assertEqual(([one["sk"]["S"] for one in got["Items"]], got["Count"]), (["8", "7", "6"], 3))
        self.assertEqual(got["LastEvaluatedKey"], self.item("6"))
        got = self.db.scan(TableName="tab", FilterExpression="sk < :from", ExpressionAttributeValues={":from": {"S": "2"}})
        self.assertEqual((got["Count"], got["ScannedCount"]), (2, 9))
        got = self.db.batch_get_item(RequestItems={"tab": {"Keys": [self.item("1"), self.item("nope")]}})
        self.assertEqual(got["Responses"]["tab"], [self.item("1")])

    def test_transactions(self):
        self.table()
        put = lambda sk, **more: {"Put": {"TableName": "tab", "Item": self.item(sk), **more}}
        self.db.transact_write_items(TransactItems=[put("1"), put("2")])
        error = self.fails(
            "TransactionCanceledException",
            self.db.transact_write_items,
            TransactItems=[put("3"), put("1", ConditionExpression="attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure="ALL_OLD")],
        )
        self.assertEqual([one["Code"] for one in error["CancellationReasons"]], ["None", "ConditionalCheckFailed"])
        self.assertEqual(error["CancellationReasons"][1]["Item"], self.item("1"))
        got = self.db.transact_get_items(TransactItems=[{"Get": {"TableName": "tab", "Key": self.item(sk)}} for sk in ("1", "3")])
        self.assertEqual([one.get("Item") for one in got["Responses"]], [self.item("1"), None])
        self.fails("ValidationException", self.db.transact_write_items, TransactItems=[put("1"), put("1")])

    def test_streams(self):
        arn = self.table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})["LatestStreamArn"]
        self.assertTrue(arn.startswith(f"arn:aws:dynamodb:us-east-1:{self.account}:table/tab/stream/"))
        streams = self.client("dynamodbstreams")
        self.assertEqual([one["StreamArn"] for one in streams.list_streams(TableName="tab")["Streams"]], [arn])
        got = streams.describe_stream(StreamArn=arn)["StreamDescription"]
        self.assertEqual((got["StreamStatus"], got["StreamViewType"], got["TableName"]), ("ENABLED", "NEW_IMAGE", "tab"))
        self.db.put_item(TableName="tab", Item=self.item("1"))
        self.db.delete_item(TableName="tab", Key=self.item("1"))
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=got["Shards"][0]["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        records = self.until(lambda: (lambda found: found if len(found) == 2 else None)(streams.get_records(ShardIterator=iterator)["Records"]))
        self.assertEqual([one["eventName"] for one in records], ["INSERT", "REMOVE"])
        self.assertEqual(records[0]["dynamodb"]["NewImage"], self.item("1"))
        self.assertEqual((records[0]["eventSource"], records[0]["awsRegion"]), ("aws:dynamodb", "us-east-1"))
