locals {
  pipe_name = "${var.name}-outbox-pipe"
  pipe_arn  = "${local.arn_start}:pipes:${local.home}:pipe/${local.pipe_name}"
}

# ---------------------------------------------------------------------------------------------------------------------
# Relay
# ---------------------------------------------------------------------------------------------------------------------

module "relay" {
  source = "../lambda-function"

  name        = "${var.name}-outbox-relay"
  service     = "outbox-relay"
  description = "Turns stream records into events, inside the pipe; calls nothing"
  location    = local.location

  encryption_key = var.encryption_key

  package = "${var.functions_dir}/outbox-relay/outbox-relay.zip"
  settings = merge(var.function_settings, {
    gradual_shift        = lookup(var.gradual_shift, "outbox-relay", null)
    reserved_concurrency = lookup(var.reserved_concurrency, "outbox-relay", null)
    # Every event waits for it. The acknowledger tells its part by what is stamped on the event.
    tracing = null
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Dead letters
# ---------------------------------------------------------------------------------------------------------------------

# Holds where a record stood in the stream, not the record: its event is still in the table.
module "pipe_dlq" {
  source = "../dead-letter-queue"

  name     = "${local.pipe_name}-dlq"
  location = local.location

  encryption_key = var.encryption_key
}

# ---------------------------------------------------------------------------------------------------------------------
# Logs
# ---------------------------------------------------------------------------------------------------------------------

# Under /aws/vendedlogs/: the resource policy that AWS keeps for log delivery would otherwise outgrow its limit.
resource "aws_cloudwatch_log_group" "pipe" {
  name              = "/aws/vendedlogs/pipes/${local.pipe_name}"
  retention_in_days = var.function_settings.log_retention_days
  kms_key_id        = one(var.encryption_key[*].arn)
}

# ---------------------------------------------------------------------------------------------------------------------
# Permissions
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "pipe" {
  name        = local.pipe_name
  path        = var.function_settings.role_path
  description = "Role of the pipe ${local.pipe_name}"

  permissions_boundary = var.function_settings.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ThisPipe"
      Effect    = "Allow"
      Principal = { Service = "pipes.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.location.account_id }
        ArnEquals    = { "aws:SourceArn" = local.pipe_arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "pipe" {
  name = "permissions"
  role = aws_iam_role.pipe.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
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
        Resource = [local.bus_arn]
      },
      {
        Sid      = "DeadLetter"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [module.pipe_dlq.built_arn]
      },
    ]
  })
}

# By itself: while the key doesn't exist yet its ARN hides the whole policy from the plan. The pipe's own settings are
# under the key, and it reads the stream and writes to the DLQ, which are too. No condition narrows this: AWS's page "Encrypting
# EventBridge Pipes data with AWS KMS keys" spells the encryption context in two ways and names no kms:ViaService.
resource "aws_iam_role_policy" "pipe_key" {
  count = var.encryption_key == null ? 0 : 1

  name = "encryption-key"
  role = aws_iam_role.pipe.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "UseKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      Resource = [var.encryption_key.arn]
    }]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Pipe
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_pipes_pipe" "this" {
  name        = local.pipe_name
  description = "Committed events from the table's stream to the bus"
  role_arn    = aws_iam_role.pipe.arn

  kms_key_identifier = one(var.encryption_key[*].arn)
  desired_state      = contains(var.paused, "pipe") ? "STOPPED" : "RUNNING"

  source     = aws_dynamodb_table.this.stream_arn
  enrichment = module.relay.alias_arn
  target     = local.bus_arn

  source_parameters {
    # The table also streams heads, acknowledgements and expiries: only a new outbox item is an event.
    filter_criteria {
      filter {
        pattern = jsonencode({
          eventName = ["INSERT"]
          dynamodb  = { NewImage = { entity = { S = ["OutboxEvent"] } } }
        })
      }
    }

    # Left out, retries are unlimited: a poison record would hold its shard for a day and never reach the DLQ. The age is
    # just under the 24 h that a stream keeps its records, so a pipe that stood still drops none that are still there, and
    # the DLQ names what it can't publish any more.
    dynamodb_stream_parameters {
      starting_position                  = "TRIM_HORIZON"
      batch_size                         = 10 # PutEvents' most
      maximum_batching_window_in_seconds = var.pipe_settings.batching_window_seconds
      parallelization_factor             = var.pipe_settings.parallelization_factor
      maximum_retry_attempts             = 5
      maximum_record_age_in_seconds      = 86100 # 23 h 55 min
      on_partial_batch_item_failure      = "AUTOMATIC_BISECT"

      dead_letter_config {
        arn = module.pipe_dlq.arn
      }
    }
  }

  target_parameters {
    input_template = "<$.detail>"

    eventbridge_event_bus_parameters {
      source      = var.event_source
      detail_type = "$.dynamodb.NewImage.type.S"
    }
  }

  # Without include_execution_data: that would put the events' data into the log.
  log_configuration {
    level = var.pipe_settings.log_level

    cloudwatch_logs_log_destination {
      log_group_arn = aws_cloudwatch_log_group.pipe.arn
    }
  }

  # The role is checked when the pipe is created; and it must not publish before somebody listens (a destroy stops it
  # before the listeners go).
  depends_on = [
    aws_iam_role_policy.pipe, aws_iam_role_policy.pipe_key, aws_cloudwatch_event_bus_policy.this,
    var.event_targets, module.acknowledger.event_target_id,
  ]
}
