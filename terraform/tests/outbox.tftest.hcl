mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name          = "outbox"
  event_source  = "orders"
  event_targets = ["outbox-events-fulfilment-queue"]
  functions_dir = "./tests/fixtures"
}

run "defaults" {
  module {
    source = "./modules/outbox"
  }

  # Table
  assert {
    condition = {
      keys       = [aws_dynamodb_table.this.hash_key, aws_dynamodb_table.this.range_key]
      billing    = aws_dynamodb_table.this.billing_mode
      stream     = aws_dynamodb_table.this.stream_view_type
      ttl        = aws_dynamodb_table.this.ttl[0].attribute_name
      pitr       = aws_dynamodb_table.this.point_in_time_recovery[0].enabled
      protection = aws_dynamodb_table.this.deletion_protection_enabled
      } == {
      keys       = ["pk", "sk"]
      billing    = "PAY_PER_REQUEST"
      stream     = "NEW_IMAGE"
      ttl        = "expiresAt"
      pitr       = true
      protection = false
    }
    error_message = "The outbox is a streamed table that expires published events, backed up unless told otherwise."
  }

  assert {
    condition = [for index in aws_dynamodb_table.this.global_secondary_index : [index.name, index.hash_key, index.range_key, index.projection_type]] == [
      ["unpublished", "unpublishedShard", "dueAt", "KEYS_ONLY"]
    ]
    error_message = "The index of unpublished events is sparse and holds keys only."
  }

  # Bus
  assert {
    condition = jsondecode(aws_cloudwatch_event_bus_policy.this[0].policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "OnlyPublishersPutThisSource"
        Effect    = "Deny"
        Principal = "*"
        Action    = "events:PutEvents"
        Resource  = "arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"
        Condition = {
          "ForAnyValue:StringEquals" = { "events:source" = ["orders"] }
          ArnNotEquals               = { "aws:PrincipalArn" = ["arn:aws:iam::111122223333:role/outbox-outbox-pipe", "arn:aws:iam::111122223333:role/outbox-outbox-sweeper"] }
          Null                       = { "aws:PrincipalArn" = "false" }
        }
      }]
    }
    error_message = "Nobody but the publishers may put events of this source."
  }

  assert {
    condition     = aws_cloudwatch_event_archive.this[0].retention_days == 30 && aws_cloudwatch_event_archive.this[0].event_pattern == null
    error_message = "Every event is archived, for 30 days."
  }

  # Acknowledger
  assert {
    condition     = jsondecode(module.acknowledger.event_pattern) == { source = ["orders"], "replay-name" = [{ exists = false }] }
    error_message = "The acknowledger gets every event of the source, whatever it is about, but no replayed one."
  }

  # Pipe
  assert {
    condition = {
      source     = aws_pipes_pipe.this.source
      enrichment = aws_pipes_pipe.this.enrichment
      target     = aws_pipes_pipe.this.target
      } == {
      source     = aws_dynamodb_table.this.stream_arn
      enrichment = module.relay.alias_arn
      target     = "arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"
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
      age      = 86100
      bisect   = "AUTOMATIC_BISECT"
      parallel = 1
      dlq      = module.pipe_dlq.arn
    }]
    error_message = "A poison record is bisected out, retried five times and ends in the DLQ; a record that waited for less than a day is never dropped for its age."
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
    condition     = aws_cloudwatch_log_group.pipe.name == "/aws/vendedlogs/pipes/outbox-outbox-pipe"
    error_message = "Delivered logs live under /aws/vendedlogs/."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.pipe.policy).Statement == [
      {
        Sid      = "Source"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
        Resource = [aws_dynamodb_table.this.stream_arn]
      },
      {
        Sid      = "Enrichment"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [module.relay.alias_arn]
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
    condition = jsondecode(aws_iam_role.pipe.assume_role_policy).Statement == [{
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
    condition     = output.watched.pipe_dlq_name == "outbox-outbox-pipe-dlq"
    error_message = "The DLQ's name is told."
  }

  # Sweeper
  assert {
    condition = {
      group   = aws_scheduler_schedule.sweeper[0].group_name
      rate    = aws_scheduler_schedule.sweeper[0].schedule_expression
      window  = aws_scheduler_schedule.sweeper[0].flexible_time_window[0].mode
      target  = aws_scheduler_schedule.sweeper[0].target[0].arn
      role    = aws_scheduler_schedule.sweeper[0].target[0].role_arn
      dlq     = aws_scheduler_schedule.sweeper[0].target[0].dead_letter_config[0].arn
      age     = aws_scheduler_schedule.sweeper[0].target[0].retry_policy[0].maximum_event_age_in_seconds
      retries = aws_scheduler_schedule.sweeper[0].target[0].retry_policy[0].maximum_retry_attempts
      } == {
      group   = "outbox-outbox-sweeper"
      rate    = "rate(1 minute)"
      window  = "OFF"
      target  = module.sweeper.alias_arn
      role    = aws_iam_role.schedule.arn
      dlq     = module.sweeper_dlq.arn
      age     = 60
      retries = 2
    }
    error_message = "A schedule in a group of its own starts the function every minute; what it can't start is in the DLQ."
  }

  assert {
    condition     = aws_scheduler_schedule.sweeper[0].target[0].input == "{\"now\":\"<aws.scheduler.scheduled-time>\"}"
    error_message = "The placeholder reaches Scheduler as it is written, not escaped."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.sweeper.maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.sweeper.maximum_event_age_in_seconds == output.sweep_period_seconds && aws_lambda_function_event_invoke_config.sweeper.qualifier == "live"
    error_message = "An old sweep isn't repeated: the next one does its work."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.schedule.policy).Statement == [
      {
        Sid      = "StartSweep"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [module.sweeper.alias_arn]
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
    condition     = output.watched.sweeper_dlq_name == "outbox-outbox-sweeper-dlq"
    error_message = "The DLQ's name is told."
  }

  # Names
  assert {
    condition     = aws_pipes_pipe.this.desired_state == "RUNNING" && aws_scheduler_schedule.sweeper[0].state == "ENABLED"
    error_message = "Unless paused, pipe and sweeper run."
  }

  assert {
    condition = output.watched == {
      event_bus_name   = "outbox-events"
      pipe_name        = aws_pipes_pipe.this.name
      pipe_dlq_name    = "outbox-outbox-pipe-dlq"
      sweeper_dlq_name = "outbox-outbox-sweeper-dlq"
      relay            = module.relay.function_name
      sweeper          = module.sweeper.function_name
      acknowledger     = module.acknowledger.watched
    }
    error_message = "Alarms look at what the module makes."
  }
}

run "protected_table" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    table_settings = { deletion_protection = true, point_in_time_recovery = false }
  }

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled && !aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    error_message = "Protection and backups follow their variables."
  }
}

run "bus_that_exists" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    event_bus = "shared"
  }

  assert {
    condition     = length(aws_cloudwatch_event_bus.this) == 0 && length(aws_cloudwatch_event_bus_policy.this) == 0
    error_message = "A bus of somebody else's is neither made nor given a policy."
  }

  assert {
    condition     = [output.event_bus_name, output.connection.event_bus_name, aws_pipes_pipe.this.target] == ["shared", "shared", "arn:aws:events:eu-west-1:111122223333:event-bus/shared"]
    error_message = "The pipe publishes to it, and consumers listen there."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_archive.this[0].event_pattern) == { source = ["orders"] } && aws_cloudwatch_event_archive.this[0].event_source_arn == "arn:aws:events:eu-west-1:111122223333:event-bus/shared"
    error_message = "The archive keeps this outbox's events, and no others."
  }

  assert {
    condition     = output.bus_policy_statement.Resource == "arn:aws:events:eu-west-1:111122223333:event-bus/shared" && output.functions["outbox-sweeper"].environment["EVENT_BUS_NAME"] == "shared"
    error_message = "Its owner is told the statement that keeps others from putting the source."
  }
}

run "bus_by_its_arn" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    event_bus = "arn:aws:events:eu-west-1:111122223333:event-bus/shared"
  }

  assert {
    condition     = output.event_bus_name == "shared" && aws_pipes_pipe.this.target == var.event_bus
    error_message = "A bus is given by its name or its ARN."
  }
}

run "bus_of_another_account" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    event_bus = "arn:aws:events:eu-west-1:999999999999:event-bus/shared"
  }
  expect_failures = [aws_cloudwatch_event_archive.this[0]]
}

run "no_bus" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    event_bus = "arn:aws:sqs:eu-west-1:111122223333:queue"
  }
  expect_failures = [var.event_bus]
}

run "kept_for_ever" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    settings = { archive_retention_days = 0 }
  }
  expect_failures = [var.settings]
}

run "acknowledgements_that_wait_too_long" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    settings = { threshold_seconds = 30, acknowledger_batching_window_seconds = 15 }
  }
  expect_failures = [var.settings]
}

run "acknowledgements_in_batches" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    settings = { threshold_seconds = 60, acknowledger_batching_window_seconds = 5 }
  }
}

run "reserved_source" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    event_source = "aws.orders"
  }
  expect_failures = [var.event_source]
}

run "writers" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    settings = { threshold_seconds = 30 }
  }

  assert {
    condition = jsonencode(output.writer_policy_statements) == jsonencode([
      {
        actions    = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        conditions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
        resources  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]
        sid        = "CommitEvents"
      },
      {
        actions    = ["dynamodb:GetItem"]
        conditions = {}
        resources  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]
        sid        = "ReadOutbox"
      },
    ])
    error_message = "Whoever commits events writes them in transactions only."
  }

  assert {
    condition = jsondecode(output.writer_policy_json) == {
      Version = "2012-10-17"
      Statement = [
        {
          Sid       = "CommitEvents"
          Effect    = "Allow"
          Action    = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]
          Condition = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
        },
        {
          Sid      = "ReadOutbox"
          Effect   = "Allow"
          Action   = ["dynamodb:GetItem"]
          Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]
        },
      ]
    }
    error_message = "The same as a document, for roles that are made elsewhere."
  }

  assert {
    condition     = output.writer_environment == { OUTBOX_TABLE_NAME = "outbox-outbox", EVENT_SOURCE = "orders", OUTBOX_THRESHOLD_SECONDS = "30" }
    error_message = "It is told table, source and threshold."
  }

  assert {
    condition     = output.connection.writer_environment == output.writer_environment && jsonencode(output.connection.writer_policy_statements) == jsonencode(output.writer_policy_statements)
    error_message = "A consumer that emits is a writer like any other."
  }
}

run "paused" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    paused = ["pipe", "sweeper"]
  }

  assert {
    condition     = aws_pipes_pipe.this.desired_state == "STOPPED" && aws_scheduler_schedule.sweeper[0].state == "DISABLED"
    error_message = "While paused, neither publishes."
  }
}

run "one_of_them_paused" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    paused = ["sweeper"]
  }

  assert {
    condition     = aws_pipes_pipe.this.desired_state == "RUNNING" && aws_scheduler_schedule.sweeper[0].state == "DISABLED"
    error_message = "Each stands still by itself."
  }
}

run "neither_archive_nor_schedule" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    settings = { archive = false, schedule = false }
  }

  assert {
    condition     = length(aws_cloudwatch_event_archive.this) == 0 && length(aws_scheduler_schedule.sweeper) == 0 && output.archive_name == null && output.stack.archive_name == null
    error_message = "Both can be left out, and the outputs say so."
  }
}

run "kept_within_limits" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    table_settings       = { max_read_units = 200, max_write_units = 100, recovery_period_days = 7 }
    reserved_concurrency = { outbox-relay = 5 }
    function_settings    = { role_path = "/outbox/" }
    bus_policy_statements = [{
      sid        = "Subscriber"
      principals = { AWS = ["arn:aws:iam::444455556666:root"] }
      actions    = ["events:PutRule"]
    }]
  }

  assert {
    condition = [
      for throughput in [aws_dynamodb_table.this.on_demand_throughput[0], tolist(aws_dynamodb_table.this.global_secondary_index)[0].on_demand_throughput[0]] :
      "${throughput.max_read_request_units} ${throughput.max_write_request_units}"
    ] == ["200 100", "200 100"]
    error_message = "Table and index are capped."
  }

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].recovery_period_in_days == 7
    error_message = "Backups go as far back as told."
  }

  assert {
    condition     = [aws_iam_role.pipe.path, aws_iam_role.schedule.path] == ["/outbox/", "/outbox/"]
    error_message = "Every role lies at the path."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_bus_policy.this[0].policy).Statement[0].Condition.ArnNotEquals["aws:PrincipalArn"] == [
      for name in ["pipe", "sweeper"] : "arn:aws:iam::111122223333:role/outbox/${var.name}-outbox-${name}"
    ]
    error_message = "The bus knows its publishers by their path."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_bus_policy.this[0].policy).Statement[1] == {
      Sid       = "Subscriber"
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::444455556666:root"] }
      Action    = ["events:PutRule"]
      Resource  = "arn:aws:events:eu-west-1:111122223333:event-bus/${var.name}-events"
    }
    error_message = "Further statements of the bus's policy are about the bus."
  }
}

run "limits_out_of_range" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    paused               = ["relay"]
    table_settings       = { max_read_units = 0, recovery_period_days = 36 }
    reserved_concurrency = { orders-api = 5 }
    bus_policy_statements = [{
      sid        = "OnlyPublishersPutThisSource"
      principals = { AWS = ["*"] }
      actions    = ["sqs:SendMessage"]
    }]
  }
  expect_failures = [var.paused, var.table_settings, var.reserved_concurrency, var.bus_policy_statements]
}

run "policy_of_somebody_elses_bus" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    event_bus             = "shared"
    bus_policy_statements = [{ sid = "Subscriber", principals = { AWS = ["444455556666"] }, actions = ["events:PutRule"] }]
  }
  expect_failures = [var.bus_policy_statements]
}

run "bounded_roles" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    function_settings = { permissions_boundary = "arn:aws:iam::111122223333:policy/bounded", runtime = "nodejs20.x" }
  }

  assert {
    condition     = [aws_iam_role.pipe.permissions_boundary, aws_iam_role.schedule.permissions_boundary] == [var.function_settings.permissions_boundary, var.function_settings.permissions_boundary]
    error_message = "The boundary bounds the roles of pipe and schedule, too."
  }
}

run "consumers_are_elsewhere" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    event_targets = []
  }

  assert {
    condition     = aws_pipes_pipe.this.name == "outbox-outbox-pipe"
    error_message = "Consumers may be in other configurations, if one says so."
  }
}

run "values_out_of_range" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    name          = "Outbox"
    settings      = { threshold_seconds = 5, retention_days = 1, sweep_start = 5, sweep_concurrency = 0 }
    pipe_settings = { log_level = "DEBUG", parallelization_factor = 11, batching_window_seconds = 5 }
  }
  expect_failures = [var.name, var.settings, var.pipe_settings]
}

run "name_too_long" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    name = "a23456789-123456789-123456789-123"
  }
  expect_failures = [var.name]
}
