mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "outbox-outbox-pipe"
  location        = { partition = "aws", region = "eu-west-1", account_id = "111122223333" }
  stream_arn      = "arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox/stream/2026-01-01T00:00:00.000"
  relay_alias_arn = "arn:aws:lambda:eu-west-1:111122223333:function:outbox-outbox-relay:live"
  event_bus_arn   = "arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"
  event_source    = "orders"
  event_targets   = ["outbox-events-fulfilment-queue"]
}

run "delivers_without_blocking_for_ever" {
  module {
    source = "./modules/outbox-pipe"
  }

  assert {
    condition = {
      source     = aws_pipes_pipe.this.source
      enrichment = aws_pipes_pipe.this.enrichment
      target     = aws_pipes_pipe.this.target
      } == {
      source     = var.stream_arn
      enrichment = var.relay_alias_arn
      target     = var.event_bus_arn
    }
    error_message = "Stream, relay and bus are one pipe."
  }

  assert {
    condition = [for p in aws_pipes_pipe.this.source_parameters[0].dynamodb_stream_parameters : {
      start    = p.starting_position
      batch    = p.batch_size
      window   = coalesce(p.maximum_batching_window_in_seconds, 0)
      retries  = p.maximum_retry_attempts
      age      = p.maximum_record_age_in_seconds
      bisect   = p.on_partial_batch_item_failure
      parallel = p.parallelization_factor
      dlq      = p.dead_letter_config[0].arn
      }] == [{
      start    = "TRIM_HORIZON"
      batch    = 10
      window   = 0
      retries  = 5
      age      = 3600
      bisect   = "AUTOMATIC_BISECT"
      parallel = 1
      dlq      = aws_sqs_queue.dlq.arn
    }]
    error_message = "A poison record is bisected out, retried five times and ends in the DLQ."
  }

  assert {
    condition = jsondecode(one(aws_pipes_pipe.this.source_parameters[0].filter_criteria[0].filter).pattern) == {
      eventName = ["INSERT"]
      dynamodb  = { NewImage = { entity = { S = ["OutboxEvent"] } } }
    }
    error_message = "Only new outbox items are events."
  }

  assert {
    condition = (
      aws_pipes_pipe.this.target_parameters[0].input_template == "<$.detail>"
      && aws_pipes_pipe.this.target_parameters[0].eventbridge_event_bus_parameters[0].source == "orders"
      && aws_pipes_pipe.this.target_parameters[0].eventbridge_event_bus_parameters[0].detail_type == "$.dynamodb.NewImage.type.S"
    )
    error_message = "The event is the relay's detail, its detail-type the record's type."
  }

  assert {
    condition     = aws_pipes_pipe.this.log_configuration[0].level == "ERROR" && length(aws_pipes_pipe.this.log_configuration[0].include_execution_data == null ? [] : aws_pipes_pipe.this.log_configuration[0].include_execution_data) == 0
    error_message = "The pipe logs errors, never customers' data."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/vendedlogs/pipes/outbox-outbox-pipe"
    error_message = "Delivered logs live under /aws/vendedlogs/."
  }
}

run "may_do_what_it_needs_and_no_more" {
  command = plan
  module {
    source = "./modules/outbox-pipe"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      {
        Sid      = "Source"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
        Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox/stream/2026-01-01T00:00:00.000"]
      },
      {
        Sid      = "Enrichment"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = ["arn:aws:lambda:eu-west-1:111122223333:function:outbox-outbox-relay:live"]
      },
      {
        Sid      = "Target"
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = ["arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"]
      },
      {
        Sid      = "DeadLetter"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-pipe-dlq"]
      },
    ]
    error_message = "The pipe's role holds the documented permissions on exactly its four neighbours."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Sid       = "ThisPipe"
      Effect    = "Allow"
      Principal = { Service = "pipes.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:pipes:eu-west-1:111122223333:pipe/outbox-outbox-pipe" }
      }
    }]
    error_message = "Only this pipe takes the role."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dlq.policy).Statement == [{
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-pipe-dlq"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The DLQ is spoken to over TLS only."
  }

  assert {
    condition     = aws_sqs_queue.dlq.name == "outbox-outbox-pipe-dlq" && aws_sqs_queue.dlq.sqs_managed_sse_enabled && aws_sqs_queue.dlq.message_retention_seconds == 1209600
    error_message = "The DLQ is encrypted and keeps its messages as long as SQS can."
  }
}

run "values_out_of_range" {
  command = plan
  module {
    source = "./modules/outbox-pipe"
  }
  variables {
    log_level               = "DEBUG"
    parallelization_factor  = 11
    batching_window_seconds = 5
    event_targets           = []
  }
  expect_failures = [var.log_level, var.parallelization_factor, var.batching_window_seconds, var.event_targets]
}
