mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name           = "notifications"
  name_prefix    = "outbox"
  description    = "Consumer of events"
  location       = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
  event_bus_name = "outbox-events"
  event_source   = "orders"
  package        = "./tests/fixtures/notifications/notifications.zip"
}

run "defaults" {
  module {
    source = "./modules/event-handler"
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this.event_pattern) == { source = ["orders"] }
    error_message = "Without an aggregate type a handler listens to every event of the source, replayed ones too."
  }

  assert {
    condition = {
      arn     = aws_cloudwatch_event_target.queue.arn
      dlq     = aws_cloudwatch_event_target.queue.dead_letter_config[0].arn
      age     = aws_cloudwatch_event_target.queue.retry_policy[0].maximum_event_age_in_seconds
      retries = aws_cloudwatch_event_target.queue.retry_policy[0].maximum_retry_attempts
      } == {
      arn     = aws_sqs_queue.this.arn
      dlq     = module.dlq.arn
      age     = 86400
      retries = 185
    }
    error_message = "EventBridge retries for a day, then leaves the event in the DLQ."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy) == { deadLetterTargetArn = module.dlq.arn, maxReceiveCount = 10 }
    error_message = "What crashes its function time and again ends in the DLQ."
  }

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 180 && module.function.function_name == "outbox-notifications"
    error_message = "The queue hides a message for six times the function's timeout."
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.this.message_retention_seconds == 345600
    error_message = "The queue is encrypted; it keeps a message for less long than the DLQ (14 days)."
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.this.function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.this.batch_size == 10
      && aws_lambda_event_source_mapping.this.scaling_config[0].maximum_concurrency == 5
      && aws_lambda_event_source_mapping.this.function_name == module.function.alias_arn
    )
    error_message = "The queue's messages go to the live version, five batches at a time; one bad message doesn't fail its batch."
  }

  assert {
    condition     = output.environment["DLQ_URL"] == module.dlq.url && !contains(keys(output.environment), "QUEUE_URL")
    error_message = "The function knows its DLQ, and no more than it needs."
  }
}

run "queue_by_name" {
  module {
    source = "./modules/event-handler"
  }
  variables {
    needs_queue_url = true
  }

  assert {
    condition     = output.environment["QUEUE_URL"] == trimsuffix(module.dlq.url, "-dlq") && output.environment["DLQ_URL"] == module.dlq.url
    error_message = "A function that hides messages for longer knows both queues."
  }
}

run "replaced_rule" {
  module {
    source = "./modules/event-handler"
  }

  plan_options {
    replace = [aws_cloudwatch_event_rule.this]
  }

  assert {
    condition     = output.event_target_id != run.defaults.event_target_id
    error_message = "A rule that is replaced takes its target with it: EventBridge deletes no rule that has targets."
  }
}

run "queue_policies" {
  command = plan
  module {
    source = "./modules/event-handler"
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
    error_message = "Only the handler's rule sends to its queue as EventBridge, and everybody over TLS."
  }
}

run "listed_types" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    name              = "fulfilment"
    on                = { order = ["OrderUpdated", "OrderCreated"] }
    queue_settings    = { maximum_concurrency = 9 }
    function_settings = { timeout_seconds = 20 }
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this.event_pattern).detail == { aggregatetype = ["order"], type = ["OrderCreated", "OrderUpdated"] }
    error_message = "A handler gets the types it lists."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.this.scaling_config[0].maximum_concurrency == 9 && aws_sqs_queue.this.visibility_timeout_seconds == 120
    error_message = "Concurrency and visibility follow their variables."
  }

}

run "an_aggregate" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    on = { order = null }
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this.event_pattern) == { source = ["orders"], detail = { aggregatetype = ["order"] } }
    error_message = "Without types a handler gets every event of the aggregate type, those that come later too."
  }
}

run "several_aggregates" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    on = { shipment = ["Booked"], order = [], parcel = ["Booked", "Lost"] }
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this.event_pattern).detail == {
      "$or" = [
        { aggregatetype = ["order"] },
        { aggregatetype = ["parcel"], type = ["Booked", "Lost"] },
        { aggregatetype = ["shipment"], type = ["Booked"] },
      ]
    }
    error_message = "Types are matched together with their aggregate: two may name one alike."
  }
}

run "paused" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    queue_settings    = { paused = true }
    function_settings = { reserved_concurrency = 5 }
  }

  assert {
    condition     = !aws_lambda_event_source_mapping.this.enabled && output.paused
    error_message = "While paused, the function takes no messages."
  }
}

run "without_replays" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    replays = false
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this.event_pattern) == {
      source        = ["orders"]
      "replay-name" = [{ exists = false }]
    }
    error_message = "Replayed events carry replay-name; the handler gets the others."
  }
}

run "no_type_and_no_aggregate_type" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    on = { Order = ["InvoicePaid"], order = [" "] }
  }
  expect_failures = [var.on]
}

run "big_batch_without_window" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    queue_settings = { batch_size = 100 }
  }
  expect_failures = [var.queue_settings]
}

run "values_out_of_range" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    name           = "Notifications"
    queue_settings = { batching_window_seconds = 301, maximum_concurrency = 1 }
  }
  expect_failures = [var.name, var.queue_settings]
}

run "dlq_like_name" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    name = "fulfilment-dlq"
  }
  expect_failures = [var.name]
}
