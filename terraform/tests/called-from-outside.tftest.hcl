# The modules as another configuration calls them: several times, on a bus that exists, without a provider block of theirs.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  functions_dir = "./tests/fixtures"
}

run "two_services_on_a_shared_bus" {
  module {
    source = "./examples/two-outboxes"
  }

  assert {
    condition = { for name, outbox in output.outboxes : name => [outbox.table_name, outbox.pipe_name, outbox.event_bus_name, outbox.archive_name] } == {
      parcels = ["parcels-outbox", "parcels-outbox-pipe", "shared", "parcels-events"]
      billing = ["billing-outbox", "billing-outbox-pipe", "shared", "billing-events"]
    }
    error_message = "Each service has an outbox of its own on the same bus."
  }

  assert {
    condition = { for name, consumer in output.consumers : name => jsondecode(consumer.event_pattern) } == {
      delivery = { source = ["parcels"], detail = { aggregatetype = ["parcel"], type = ["ParcelRegistered"] } }
      audit    = { source = ["billing"], detail = { aggregatetype = ["invoice"] } }
    }
    error_message = "A consumer gets the events of its service's outbox."
  }

  assert {
    condition = {
      table = output.consumers["delivery"].environment["OUTBOX_TABLE_NAME"]
      token = output.consumers["delivery"].environment["CARRIER_TOKEN_ARN"]
      } == {
      table = "parcels-outbox"
      token = "arn:aws:ssm:eu-west-1:111122223333:parameter/carrier-token"
    }
    error_message = "One that emits is told of its service's outbox, and where its secrets are."
  }

  assert {
    condition = [for s in jsondecode(output.consumers["delivery"].role_policy_json).Statement : s.Sid] == [
      "WriteOwnLogs", "PollQueue", "DeadLetter", "ReadAndRecord", "ComeBackLater", "CommitEvents", "ReadOutbox", "ReadSecretCarrierToken"
    ]
    error_message = "It may do that, and read its secret."
  }

  assert {
    condition     = !contains(keys(output.consumers["audit"].environment), "OUTBOX_TABLE_NAME")
    error_message = "One that emits nothing isn't told of the outbox."
  }

  assert {
    condition = [for statement in jsondecode(aws_cloudwatch_event_bus_policy.shared.policy).Statement : [statement.Sid, statement.Resource, statement.Condition["ForAnyValue:StringEquals"]["events:source"]]] == [
      ["OnlyOutboxOfBilling", "arn:aws:events:eu-west-1:111122223333:event-bus/shared", ["billing"]],
      ["OnlyOutboxOfParcels", "arn:aws:events:eu-west-1:111122223333:event-bus/shared", ["parcels"]],
    ]
    error_message = "The bus's owner admits each source from its outbox alone."
  }
}

run "planned_before_anything_is_there" {
  command = plan
  module {
    source = "./examples/two-outboxes"
  }

  assert {
    condition     = jsondecode(output.consumers["delivery"].role_policy_json).Statement[5].Resource == ["arn:aws:dynamodb:eu-west-1:111122223333:table/parcels-outbox"]
    error_message = "Policies show in full in a plan."
  }
}
