mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name              = "outbox-outbox-sweeper"
  location          = { partition = "aws", region = "eu-west-1", account_id = "111122223333" }
  table_name        = "outbox-outbox"
  event_bus_name    = "outbox-events"
  event_source      = "orders"
  threshold_seconds = 60
  sweep_limit       = 500
  event_targets     = ["outbox-events-fulfilment-queue"]
  artifacts_dir     = "./tests/fixtures"
}

run "sweeps_every_minute" {
  module {
    source = "./modules/outbox-sweeper"
  }

  assert {
    condition = {
      group   = aws_scheduler_schedule.this.group_name
      rate    = aws_scheduler_schedule.this.schedule_expression
      window  = aws_scheduler_schedule.this.flexible_time_window[0].mode
      target  = aws_scheduler_schedule.this.target[0].arn
      role    = aws_scheduler_schedule.this.target[0].role_arn
      dlq     = aws_scheduler_schedule.this.target[0].dead_letter_config[0].arn
      age     = aws_scheduler_schedule.this.target[0].retry_policy[0].maximum_event_age_in_seconds
      retries = aws_scheduler_schedule.this.target[0].retry_policy[0].maximum_retry_attempts
      } == {
      group   = "outbox-outbox-sweeper"
      rate    = "rate(1 minute)"
      window  = "OFF"
      target  = module.function.alias_arn
      role    = aws_iam_role.schedule.arn
      dlq     = aws_sqs_queue.dlq.arn
      age     = 60
      retries = 2
    }
    error_message = "A schedule in a group of its own starts the function every minute; what it can't start is in the DLQ."
  }

  assert {
    condition     = aws_scheduler_schedule.this.target[0].input == "{\"now\":\"<aws.scheduler.scheduled-time>\"}"
    error_message = "The placeholder reaches Scheduler as it is written, not escaped."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.this.maximum_event_age_in_seconds == output.period_seconds && aws_lambda_function_event_invoke_config.this.qualifier == "live"
    error_message = "An old sweep isn't repeated: the next one does its work."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.schedule.policy).Statement == [
      {
        Sid      = "StartSweep"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [module.function.alias_arn]
      },
      {
        Sid      = "DeadLetter"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-sweeper-dlq"]
      },
    ]
    error_message = "The schedule starts the sweeper and leaves dead letters, and no more."
  }

  assert {
    condition = jsondecode(aws_iam_role.schedule.assume_role_policy).Statement == [{
      Sid       = "ThisGroup"
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/outbox-outbox-sweeper" }
      }
    }]
    error_message = "Only schedules of this group take the role: Scheduler tells the group's ARN."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dlq.policy).Statement == [{
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-sweeper-dlq"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The DLQ is spoken to over TLS only."
  }

  assert {
    condition     = aws_sqs_queue.dlq.sqs_managed_sse_enabled && aws_sqs_queue.dlq.message_retention_seconds == 1209600
    error_message = "The DLQ is encrypted and keeps its messages as long as SQS can."
  }
}

run "nobody_listens" {
  command = plan
  module {
    source = "./modules/outbox-sweeper"
  }
  variables {
    event_targets = []
  }
  expect_failures = [var.event_targets]
}

run "name_too_long" {
  command = plan
  module {
    source = "./modules/outbox-sweeper"
  }
  variables {
    name = "a2345678901234567890123456789012345678901234567890123456"
  }
  expect_failures = [var.name]
}
