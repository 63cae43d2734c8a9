mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name              = "notifications"
  name_prefix       = "outbox"
  policy            = "in-order"
  location          = { partition = "aws", region = "eu-west-1", account_id = "111122223333" }
  event_bus_name    = "outbox-events"
  event_source      = "orders"
  event_type_prefix = "Order"
  artifacts_dir     = "./tests/fixtures"
}

run "in_order" {
  module {
    source = "./modules/event-consumer"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this.event_pattern) == {
      source = ["orders"]
      detail = { type = [{ prefix = "Order" }] }
    }
    error_message = "Without event_types a consumer listens to every event of the source."
  }

  assert {
    condition = {
      arn     = aws_cloudwatch_event_target.queue.arn
      dlq     = aws_cloudwatch_event_target.queue.dead_letter_config[0].arn
      age     = aws_cloudwatch_event_target.queue.retry_policy[0].maximum_event_age_in_seconds
      retries = aws_cloudwatch_event_target.queue.retry_policy[0].maximum_retry_attempts
      } == {
      arn     = aws_sqs_queue.this.arn
      dlq     = aws_sqs_queue.dlq.arn
      age     = 86400
      retries = 185
    }
    error_message = "EventBridge retries for a day, then leaves the event in the DLQ."
  }

  # 1, 2, 4 … 256 s are nine receives and 511 s; 11 more of 300 s reach 3600 s; one to arrive; ten for crashes.
  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dlq.arn, maxReceiveCount = 31 }
    error_message = "A parked message outlives its whole budget before SQS gives it up."
  }

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 180 && module.function.function_name == "outbox-notifications"
    error_message = "The queue hides a message for six times the function's timeout."
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.dlq.sqs_managed_sse_enabled && aws_sqs_queue.dlq.message_retention_seconds > aws_sqs_queue.this.message_retention_seconds
    error_message = "Both queues are encrypted; the DLQ keeps a message longer than the queue it comes from."
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.this.function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.this.batch_size == 10
      && length(aws_lambda_event_source_mapping.this.scaling_config) == 0
    )
    error_message = "One bad message doesn't fail its batch."
  }
}

run "queue_policies" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }

  assert {
    condition = jsondecode(aws_sqs_queue.this.policy).Statement == [
      {
        Sid       = "RuleDelivers"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"
        Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:events:eu-west-1:111122223333:rule/outbox-events/outbox-notifications" } }
      },
      {
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
    error_message = "Only the consumer's rule sends to its queue as EventBridge, and everybody over TLS."
  }

  assert {
    condition = [for statement in jsondecode(aws_sqs_queue.dlq.policy).Statement : [statement.Sid, statement.Effect, statement.Resource]] == [
      ["RuleDeadLetters", "Allow", "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"],
      ["OnlyTls", "Deny", "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"],
    ]
    error_message = "The DLQ takes what the rule can't deliver."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.dlq.redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"] }
    error_message = "No other queue may use the DLQ."
  }
}

run "once_with_types" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    name                = "fulfilment"
    policy              = "once"
    event_types         = ["OrderUpdated", "OrderCreated"]
    maximum_concurrency = 5
    timeout_seconds     = 20
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this.event_pattern).detail.type == ["OrderCreated", "OrderUpdated"]
    error_message = "A consumer gets the types it lists."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.this.scaling_config[0].maximum_concurrency == 5 && aws_sqs_queue.this.visibility_timeout_seconds == 120
    error_message = "Concurrency and visibility follow their variables."
  }

  assert {
    condition     = output.event_types == tolist(["OrderCreated", "OrderUpdated"])
    error_message = "The types are told, sorted."
  }
}

run "latest_with_index" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    name    = "order-view"
    policy  = "latest"
    indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } }
  }

  assert {
    condition = [for index in aws_dynamodb_table.this.global_secondary_index : [index.name, index.hash_key, index.range_key, index.projection_type]] == [
      ["byCustomer", "customerId", "placedAt", "ALL"]
    ]
    error_message = "The read model's index projects everything."
  }

  assert {
    condition     = toset([for attribute in aws_dynamodb_table.this.attribute : attribute.name]) == toset(["pk", "sk", "customerId", "placedAt"])
    error_message = "Only keys are declared."
  }
}

run "short_budget" {
  module {
    source = "./modules/event-consumer"
  }
  variables {
    park_budget_seconds = 63
  }

  # 1 + 2 + 4 + 8 + 16 + 32 = 63 s are six receives.
  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 17
    error_message = "A short budget is counted along the doubling waits."
  }
}

run "in_order_with_types" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    event_types = ["OrderCreated"]
  }
  expect_failures = [var.event_types]
}

run "foreign_type" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    policy      = "once"
    event_types = ["InvoicePaid"]
  }
  expect_failures = [var.event_types]
}

run "big_batch_without_window" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    batch_size = 100
  }
  expect_failures = [var.batch_size]
}

run "values_out_of_range" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    name                    = "Notifications"
    in_order_start          = "somewhere"
    park_budget_seconds     = 10
    batching_window_seconds = 301
    maximum_concurrency     = 1
  }
  expect_failures = [var.name, var.in_order_start, var.park_budget_seconds, var.batching_window_seconds, var.maximum_concurrency]
}

run "unknown_policy" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    policy = "at-least-once"
  }
  expect_failures = [var.policy]
}

run "dlq_like_name" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    name = "fulfilment-dlq"
  }
  expect_failures = [var.name]
}
