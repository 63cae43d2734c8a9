import json

from support import Case, zip_of


class Storage(Case):
    def setUp(self):
        super().setUp()
        self.s3 = self.client("s3")
        self.bucket = f"b-{self.account}"
        self.s3.create_bucket(Bucket=self.bucket)

    def test_objects(self):
        key = "a folder/ü+1.txt"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"hello", ContentType="text/plain", Metadata={"a": "1"})
        got = self.s3.get_object(Bucket=self.bucket, Key=key)
        self.assertEqual((got["Body"].read(), got["ContentType"], got["Metadata"]), (b"hello", "text/plain", {"a": "1"}))
        self.assertEqual(got["ETag"], '"5d41402abc4b2a76b9719d911017c592"')
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Delimiter="/")
        self.assertEqual([one["Prefix"] for one in listed["CommonPrefixes"]], ["a folder/"])
        self.assertEqual(self.s3.list_objects_v2(Bucket=self.bucket)["Contents"][0]["Key"], key)
        self.s3.copy_object(Bucket=self.bucket, Key="copy", CopySource={"Bucket": self.bucket, "Key": key})
        self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": key}]})
        self.fails("NoSuchKey", self.s3.get_object, Bucket=self.bucket, Key=key)
        self.fails("404", self.s3.head_object, Bucket=self.bucket, Key=key)
        self.fails("BucketNotEmpty", self.s3.delete_bucket, Bucket=self.bucket)

    def test_versions(self):
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        first = self.s3.put_object(Bucket=self.bucket, Key="k", Body=b"1")["VersionId"]
        self.s3.put_object(Bucket=self.bucket, Key="k", Body=b"2")
        marker = self.s3.delete_object(Bucket=self.bucket, Key="k")
        self.assertTrue(marker["DeleteMarker"])
        self.fails("NoSuchKey", self.s3.get_object, Bucket=self.bucket, Key="k")
        self.assertEqual(self.s3.get_object(Bucket=self.bucket, Key="k", VersionId=first)["Body"].read(), b"1")
        listed = self.s3.list_object_versions(Bucket=self.bucket)
        self.assertEqual((len(listed["Versions"]), len(listed["DeleteMarkers"])), (2, 1))
        self.s3.delete_object(Bucket=self.bucket, Key="k", VersionId=marker["VersionId"])
        self.assertEqual(self.s3.get_object(Bucket=self.bucket, Key="k")["Body"].read(), b"2")

    def test_settings(self):
        missing = {
            "NoSuchBucketPolicy": self.s3.get_bucket_policy,
            "NoSuchCORSConfiguration": self.s3.get_bucket_cors,
            "NoSuchLifecycleConfiguration": self.s3.get_bucket_lifecycle_configuration,
            "NoSuchTagSet": self.s3.get_bucket_tagging,
            "NoSuchWebsiteConfiguration": self.s3.get_bucket_website,
            "ObjectLockConfigurationNotFoundError": self.s3.get_object_lock_configuration,
            "ReplicationConfigurationNotFoundError": self.s3.get_bucket_replication,
        }
        for code, read in missing.items():
            self.fails(code, read, Bucket=self.bucket)
        everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{self.bucket}/*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
        self.fails("AccessDenied", self.s3.put_bucket_policy, Bucket=self.bucket, Policy=policy)
        self.s3.delete_public_access_block(Bucket=self.bucket)
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=policy)
        self.assertTrue(self.s3.get_bucket_policy_status(Bucket=self.bucket)["PolicyStatus"]["IsPublic"])
        self.fails("UnsupportedOperation", self.s3.put_bucket_website, Bucket=self.bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "i"}})

    def test_functions_code(self):
        code = zip_of("exports.handler = async () => 42;")
        self.s3.put_object(Bucket=self.bucket, Key="f.zip", Body=code)
        role = self.role("r", "lambda.amazonaws.com")
        functions = self.client("lambda")
        make = lambda key: functions.create_function(FunctionName="f", Runtime="nodejs22.x", Role=role, Handler="index.handler", Code={"S3Bucket": self.bucket, "S3Key": key})
        error = self.fails("InvalidParameterValueException", make, key="nowhere")
        self.assertIn("S3 Error Code: NoSuchKey", error["Error"]["Message"])
        self.assertEqual(make("f.zip")["CodeSize"], len(code))
