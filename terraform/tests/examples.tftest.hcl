# The other examples, as another configuration would have them: everything in them can be planned and applied.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "subscriber"
  source = "./tests/mocks"

  override_data {
    target = data.aws_caller_identity.subscriber
    values = { account_id = "444455556666" }
  }
}

variables {
  functions_dir        = "./tests/fixtures"
  writer_role_name     = "subscriptions-api"
  permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
  alarm_topic_arns     = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
}

run "minimal" {
  module {
    source = "./examples/minimal"
  }

  assert {
    condition     = output.writer_environment["OUTBOX_TABLE_NAME"] == "parcels-outbox"
    error_message = "The writer is told of the outbox."
  }

  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.commit_events.policy).Statement : s.Sid] == ["CommitEvents", "ReadOutbox"]
    error_message = "It may commit events, beside what it may already."
  }

  # IAM refuses a policy with a member that is null.
  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.commit_events.policy).Statement : alltrue([for member in values(s) : member != null])])
    error_message = "Every member of a statement has a value."
  }
}

run "other_account" {
  module {
    source = "./examples/other-account"
  }
  providers = {
    aws            = aws
    aws.subscriber = aws.subscriber
  }

  assert {
    condition     = output.forwarder.target_arn == "arn:aws:events:eu-west-1:444455556666:event-bus/from-parcels"
    error_message = "The rule copies to the other account's bus."
  }

  assert {
    condition = [for s in jsondecode(output.forwarder.bus_policy).Statement : [s.Resource, s.Principal.AWS, s.Condition.ArnEquals["aws:PrincipalArn"]]] == [
      ["arn:aws:events:eu-west-1:444455556666:event-bus/from-parcels", "111122223333", "arn:aws:iam::111122223333:role/parcels-to-subscriber"]
    ]
    error_message = "That bus lets in the rule's role, and nobody else."
  }

  assert {
    condition     = jsondecode(output.consumer.event_pattern) == { source = ["parcels"], detail = { aggregatetype = ["parcel"] } }
    error_message = "The consumer listens to that bus."
  }
}

run "complete" {
  module {
    source = "./examples/complete"
  }

  assert {
    condition     = output.stack.outbox_table_name == "parcels-outbox" && keys(output.stack.consumers) == ["audit"]
    error_message = "outboxctl is told of it."
  }
}
