import json

from support import Case, allow, trust


class Iam(Case):
    def setUp(self):
        super().setUp()
        self.iam = self.client("iam")

    def test_roles(self):
        made = self.iam.create_role(
            RoleName="r",
            Path="/a/",
            AssumeRolePolicyDocument=trust("lambda.amazonaws.com"),
            Description="d",
            Tags=[{"Key": "a", "Value": "1"}],
        )["Role"]
        self.assertEqual(made["Arn"], f"arn:aws:iam::{self.account}:role/a/r")
        self.assertRegex(made["RoleId"], "^AROA[A-Z0-9]{17}$")
        self.assertEqual(made["AssumeRolePolicyDocument"], json.loads(trust("lambda.amazonaws.com")))
        self.fails("EntityAlreadyExists", self.iam.create_role, RoleName="r", AssumeRolePolicyDocument=trust("x.amazonaws.com"))
        self.fails("MalformedPolicyDocument", self.iam.create_role, RoleName="s", AssumeRolePolicyDocument="{")
        self.fails("ValidationError", self.iam.create_role, RoleName="a b", AssumeRolePolicyDocument=trust("x.amazonaws.com"))
        got = self.iam.get_role(RoleName="r")["Role"]
        self.assertEqual((got["RoleId"], got["Description"], got["MaxSessionDuration"], got["Tags"]), (made["RoleId"], "d", 3600, [{"Key": "a", "Value": "1"}]))
        self.iam.update_role(RoleName="r", Description="e", MaxSessionDuration=7200)
        self.iam.update_assume_role_policy(RoleName="r", PolicyDocument=trust("pipes.amazonaws.com"))
        got = self.iam.get_role(RoleName="r")["Role"]
        self.assertEqual((got["Description"], got["MaxSessionDuration"]), ("e", 7200))
        self.assertEqual(got["AssumeRolePolicyDocument"]["Statement"][0]["Principal"], {"Service": "pipes.amazonaws.com"})
        self.assertEqual([one["RoleName"] for one in self.iam.list_roles(PathPrefix="/a/")["Roles"]], ["r"])
        self.assertEqual(self.iam.list_roles(PathPrefix="/b/")["Roles"], [])
        self.iam.delete_role(RoleName="r")
        self.fails("NoSuchEntity", self.iam.get_role, RoleName="r")

    def test_role_policies(self):
        self.role("r", "lambda.amazonaws.com")
        self.iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("sqs:*"))
        got = self.iam.get_role_policy(RoleName="r", PolicyName="p")
        self.assertEqual((got["RoleName"], got["PolicyName"], got["PolicyDocument"]), ("r", "p", json.loads(allow("sqs:*"))))
        self.fails("MalformedPolicyDocument", self.iam.put_role_policy, RoleName="r", PolicyName="q", PolicyDocument="{}")
        self.fails("DeleteConflict", self.iam.delete_role, RoleName="r")
        self.iam.delete_role_policy(RoleName="r", PolicyName="p")
        self.fails("NoSuchEntity", self.iam.get_role_policy, RoleName="r", PolicyName="p")
        self.iam.delete_role(RoleName="r")

    def test_managed_policies(self):
        self.role("r", "lambda.amazonaws.com")
        made = self.iam.create_policy(PolicyName="p", PolicyDocument=allow("sqs:*"), Description="d")["Policy"]
        arn = made["Arn"]
        self.assertEqual((arn, made["DefaultVersionId"], made["AttachmentCount"]), (f"arn:aws:iam::{self.account}:policy/p", "v1", 0))
        self.fails("EntityAlreadyExists", self.iam.create_policy, PolicyName="p", PolicyDocument=allow("sqs:*"))
        self.iam.attach_role_policy(RoleName="r", PolicyArn=arn)
        self.assertEqual(self.iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"], [{"PolicyName": "p", "PolicyArn": arn}])
        self.assertEqual(self.iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"], 1)
        self.fails("DeleteConflict", self.iam.delete_policy, PolicyArn=arn)
        for _ in range(4):
            self.iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow("sns:*"))
        self.fails("LimitExceeded", self.iam.create_policy_version, PolicyArn=arn, PolicyDocument=allow("sns:*"))
        self.iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
        self.assertEqual(self.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"], "v2")
        self.assertEqual(self.iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"], json.loads(allow("sns:*")))
        self.fails("DeleteConflict", self.iam.delete_policy_version, PolicyArn=arn, VersionId="v2")
        for version in ("v1", "v3", "v4", "v5"):
            self.iam.delete_policy_version(PolicyArn=arn, VersionId=version)
        self.fails("DeleteConflict", self.iam.delete_role, RoleName="r")
        self.iam.detach_role_policy(RoleName="r", PolicyArn=arn)
        self.fails("NoSuchEntity", self.iam.detach_role_policy, RoleName="r", PolicyArn=arn)
        self.iam.delete_policy(PolicyArn=arn)
        self.fails("NoSuchEntity", self.iam.get_policy, PolicyArn=arn)

    def test_policies_of_aws(self):
        self.role("r", "lambda.amazonaws.com")
        arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        self.iam.attach_role_policy(RoleName="r", PolicyArn=arn)
        self.assertEqual(self.iam.get_policy(PolicyArn=arn)["Policy"]["PolicyName"], "AWSLambdaBasicExecutionRole")

    def test_tags(self):
        self.role("r", "lambda.amazonaws.com")
        self.iam.tag_role(RoleName="r", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
        self.iam.untag_role(RoleName="r", TagKeys=["a"])
        self.assertEqual(self.iam.list_role_tags(RoleName="r")["Tags"], [{"Key": "b", "Value": "2"}])


class Sts(Case):
    def test_caller_identity(self):
        got = self.client("sts").get_caller_identity()
        self.assertEqual((got["Account"], got["Arn"]), (self.account, f"arn:aws:iam::{self.account}:root"))
        self.assertTrue(got["UserId"])

    def test_assume_role(self):
        import boto3, os

        arn = self.client("iam").create_role(
            RoleName="r",
            AssumeRolePolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": self.account}, "Action": "sts:AssumeRole"}]}
            ),
        )["Role"]["Arn"]
        sts = self.client("sts")
        got = sts.assume_role(RoleArn=arn, RoleSessionName="session", DurationSeconds=900)
        self.assertEqual(got["AssumedRoleUser"]["Arn"], f"arn:aws:sts::{self.account}:assumed-role/r/session")
        keys = got["Credentials"]
        self.assertTrue(keys["AccessKeyId"].startswith("ASIA"))
        as_role = lambda service: boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=os.environ["CONFORMANCE_ENDPOINT"],
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        self.assertEqual(as_role("sts").get_caller_identity()["Arn"], got["AssumedRoleUser"]["Arn"])
        denied = self.fails("AccessDenied", as_role("sqs").list_queues)
        self.assertIn(f"User: {got['AssumedRoleUser']['Arn']} is not authorized to perform: sqs:listqueues", denied["Error"]["Message"].replace("ListQueues", "listqueues"))
        self.client("iam").put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("sqs:ListQueues"))
        as_role("sqs").list_queues()
        self.fails("ValidationError", sts.assume_role, RoleArn=arn, RoleSessionName="session", DurationSeconds=43201)
        self.fails("ValidationError", sts.assume_role, RoleArn=arn, RoleSessionName="a b c")
        self.client("iam").create_role(RoleName="closed", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
        self.fails("AccessDenied", sts.assume_role, RoleArn=arn.replace("role/r", "role/closed"), RoleSessionName="session")


class Kms(Case):
    def test_keys_of_aws(self):
        kms = self.client("kms")
        got = kms.describe_key(KeyId="alias/aws/sqs")["KeyMetadata"]
        self.assertEqual((got["KeyManager"], got["KeyState"], got["Enabled"]), ("AWS", "Enabled", True))
        self.assertEqual(kms.describe_key(KeyId=got["Arn"])["KeyMetadata"]["KeyId"], got["KeyId"])
        self.assertIn("alias/aws/sqs", [one["AliasName"] for one in kms.list_aliases()["Aliases"]])
        self.assertIn(got["KeyId"], [one["KeyId"] for one in kms.list_keys()["Keys"]])
        self.fails("NotFoundException", kms.describe_key, KeyId="alias/none")
