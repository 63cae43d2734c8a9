"""What every test needs: clients of an account of its own, and the code of an error."""

import io
import json
import os
import random
import time
import unittest
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"


def trust(service):
    """A trust policy for one AWS service."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
            ],
        }
    )


def allow(*actions):
    """An identity policy that allows the actions everywhere."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
        }
    )


def zip_of(source):
    """A zip with one CommonJS module, index.js."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.js", source)
    return buffer.getvalue()


class Case(unittest.TestCase):
    """A test in an account that nobody else uses: accounts share nothing."""

    def setUp(self):
        self.account = str(random.randint(200_000_000_000, 300_000_000_000))

    def client(self, service):
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=os.environ["CONFORMANCE_ENDPOINT"],
            aws_access_key_id=self.account,
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=30),
        )

    def fails(self, code, call, **arguments):
        """The call must answer this error code; answers the whole error."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response
        self.assertEqual(error["Error"]["Code"], code, error["Error"].get("Message"))
        self.assertGreaterEqual(error["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertLess(error["ResponseMetadata"]["HTTPStatusCode"], 500)
        return error

    def role(self, name, service, *actions):
        """A role of a service, with the actions it may do. Answers its ARN."""
        iam = self.client("iam")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service))["Role"]["Arn"]
        if actions:
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=allow(*actions))
        return arn

    def function(self, name, source="exports.handler = async (event) => event;", **settings):
        """A function that is ready to be called. Answers its ARN."""
        client = self.client("lambda")
        arn = client.create_function(
            FunctionName=name,
            Runtime="nodejs22.x",
            Role=self.role(f"{name}-role", "lambda.amazonaws.com", "sqs:*", "logs:*"),
            Handler="index.handler",
            Code={"ZipFile": zip_of(source)},
            **settings,
        )["FunctionArn"]
        self.until(lambda: client.get_function(FunctionName=name)["Configuration"]["State"] == "Active")
        return arn

    def until(self, done, seconds=15):
        """Waits for a condition; answers what it found."""
        deadline = time.monotonic() + seconds
        while True:
            found = done()
            if found:
                return found
            if time.monotonic() > deadline:
                self.fail("it did not come to pass in time")
            time.sleep(0.1)
