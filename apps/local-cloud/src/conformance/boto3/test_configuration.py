import json

from support import Case


class Parameters(Case):
    def setUp(self):
        super().setUp()
        self.ssm = self.client("ssm")

    def test_parameters(self):
        put = lambda **more: self.ssm.put_parameter(**{"Name": "/shop/url", "Value": "a", "Type": "String", **more})
        made = put(Description="d", Tags=[{"Key": "team", "Value": "x"}])
        self.assertEqual((made["Version"], made["Tier"]), (1, "Standard"))
        self.fails("ParameterAlreadyExists", put)
        self.assertEqual(put(Value="b", Overwrite=True)["Version"], 2)
        got = self.ssm.get_parameter(Name="/shop/url")["Parameter"]
        arn = f"arn:aws:ssm:us-east-1:{self.account}:parameter/shop/url"
        self.assertEqual((got["Name"], got["Value"], got["Version"], got["ARN"], got["DataType"]), ("/shop/url", "b", 2, arn, "text"))
        self.assertEqual(self.ssm.get_parameter(Name="/shop/url:1")["Parameter"]["Value"], "a")
        self.assertEqual([one["Value"] for one in self.ssm.get_parameter_history(Name="/shop/url")["Parameters"]], ["a", "b"])
        named = [{"Key": "Name", "Option": "Equals", "Values": ["/shop/url"]}]
        described = self.ssm.describe_parameters(ParameterFilters=named)["Parameters"]
        self.assertEqual([(one["Description"], one["Version"], one["Policies"]) for one in described], [("d", 2, [])])
        tags = self.ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/shop/url")["TagList"]
        self.assertEqual(tags, [{"Key": "team", "Value": "x"}])
        self.ssm.delete_parameter(Name="/shop/url")
        self.fails("ParameterNotFound", self.ssm.get_parameter, Name="/shop/url")

    def test_secure_strings(self):
        key = self.client("kms").create_key()["KeyMetadata"]["KeyId"]
        self.ssm.put_parameter(Name="/shop/token", Value="s3cret", Type="SecureString", KeyId=key)
        read = lambda **more: self.ssm.get_parameters_by_path(Path="/shop", **more)["Parameters"][0]
        self.assertNotEqual(read()["Value"], "s3cret")
        self.assertEqual(read(WithDecryption=True)["Value"], "s3cret")
        self.client("kms").disable_key(KeyId=key)
        self.fails("InvalidKeyId", read, WithDecryption=True)
        self.fails("InvalidKeyId", self.ssm.put_parameter, Name="x", Value="y", Type="SecureString", KeyId="alias/nowhere")

    def test_refusals(self):
        put = lambda **more: self.ssm.put_parameter(**{"Name": "p", "Value": "a", "Type": "String", **more})
        self.fails("ValidationException", put, Name="a/b")
        self.fails("ValidationException", put, Type="Number")
        # SSM's model has an error of that code, which boto3 calls by its name.
        self.fails("UnsupportedOperationException", put, Policies="[{}]")
        self.fails("UnsupportedOperationException", self.ssm.create_document, Content="{}", Name="doc")


class Secrets(Case):
    def setUp(self):
        super().setUp()
        self.secrets = self.client("secretsmanager")

    def test_secrets(self):
        made = self.secrets.create_secret(Name="db", SecretString="one", Description="d", Tags=[{"Key": "a", "Value": "1"}])
        self.assertRegex(made["ARN"], f"^arn:aws:secretsmanager:us-east-1:{self.account}:secret:db-[A-Za-z0-9]{{6}}$")
        self.fails("ResourceExistsException", self.secrets.create_secret, Name="db")
        self.assertEqual(self.secrets.get_secret_value(SecretId=made["ARN"])["SecretString"], "one")
        put = self.secrets.put_secret_value(SecretId="db", SecretBinary=b"\x00\xff")
        self.assertEqual(put["VersionStages"], ["AWSCURRENT"])
        self.assertEqual(self.secrets.get_secret_value(SecretId="db")["SecretBinary"], b"\x00\xff")
        self.assertEqual(self.secrets.get_secret_value(SecretId="db", VersionStage="AWSPREVIOUS")["SecretString"], "one")
        described = self.secrets.describe_secret(SecretId="db")
        self.assertEqual((described["Description"], described["Tags"]), ("d", [{"Key": "a", "Value": "1"}]))
        self.assertEqual(sorted(sum(described["VersionIdsToStages"].values(), [])), ["AWSCURRENT", "AWSPREVIOUS"])
        self.secrets.delete_secret(SecretId="db", RecoveryWindowInDays=7)
        self.fails("InvalidRequestException", self.secrets.get_secret_value, SecretId="db")
        self.secrets.restore_secret(SecretId="db")
        self.secrets.delete_secret(SecretId="db", ForceDeleteWithoutRecovery=True)
        self.fails("ResourceNotFoundException", self.secrets.describe_secret, SecretId="db")

    def test_policies(self):
        self.secrets.create_secret(Name="db")
        statement = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.secrets.put_resource_policy(SecretId="db", ResourcePolicy=policy, BlockPublicPolicy=True)
        self.assertEqual(self.secrets.get_resource_policy(SecretId="db")["ResourcePolicy"], policy)
        self.fails("AccessDeniedException", self.secrets.get_secret_value, SecretId="db")
        self.secrets.delete_resource_policy(SecretId="db")
        self.fails("MalformedPolicyDocumentException", self.secrets.put_resource_policy, SecretId="db", ResourcePolicy="{")
        self.fails("UnsupportedOperation", self.secrets.rotate_secret, SecretId="db")
