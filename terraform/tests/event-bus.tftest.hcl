mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "outbox-events"
  location            = { partition = "aws", region = "eu-west-1", account_id = "111122223333" }
  event_source        = "orders"
  publisher_role_arns = ["arn:aws:iam::111122223333:role/outbox-outbox-pipe"]
  archive_name        = "outbox-events"
}

run "defaults" {
  command = plan
  module {
    source = "./modules/event-bus"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_bus_policy.this.policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "OnlyPublishersPutThisSource"
        Effect    = "Deny"
        Principal = "*"
        Action    = "events:PutEvents"
        Resource  = "arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"
        Condition = {
          "ForAnyValue:StringEquals" = { "events:source" = ["orders"] }
          ArnNotEquals               = { "aws:PrincipalArn" = ["arn:aws:iam::111122223333:role/outbox-outbox-pipe"] }
        }
      }]
    }
    error_message = "Nobody but the publishers may put events of this source."
  }

  assert {
    condition     = aws_cloudwatch_event_archive.this.retention_days == 30 && aws_cloudwatch_event_archive.this.event_pattern == null
    error_message = "Every event is archived, for 30 days."
  }
}

run "kept_for_ever" {
  command = plan
  module {
    source = "./modules/event-bus"
  }
  variables {
    archive_retention_days = 0
  }
  expect_failures = [var.archive_retention_days]
}

run "archive_name_too_long" {
  command = plan
  module {
    source = "./modules/event-bus"
  }
  variables {
    archive_name = "a234567890123456789012345678901234567890123456789"
  }
  expect_failures = [var.archive_name]
}

run "reserved_source" {
  command = plan
  module {
    source = "./modules/event-bus"
  }
  variables {
    event_source = "aws.orders"
  }
  expect_failures = [var.event_source]
}

run "nobody_publishes" {
  command = plan
  module {
    source = "./modules/event-bus"
  }
  variables {
    publisher_role_arns = []
  }
  expect_failures = [var.publisher_role_arns]
}
