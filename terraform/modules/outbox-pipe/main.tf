locals {
  pipe_arn = "arn:${var.location.partition}:pipes:${var.location.region}:${var.location.account_id}:pipe/${var.name}"
  dlq_name = "${var.name}-dlq"
  dlq_arn  = "arn:${var.location.partition}:sqs:${var.location.region}:${var.location.account_id}:${local.dlq_name}"
}

# ---------------------------------------------------------------------------------------------------------------------
# Dead letters
# ---------------------------------------------------------------------------------------------------------------------

# Holds where a record stood in the stream, not the record: its event is still in the table.
resource "aws_sqs_queue" "dlq" {
  name                      = local.dlq_name
  message_retention_seconds = 1209600 # 14 days, SQS's most
  sqs_managed_sse_enabled   = var.encryption_key == null ? true : null
  kms_master_key_id         = one(var.encryption_key[*].arn)

  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = local.dlq_arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Logs
# ---------------------------------------------------------------------------------------------------------------------

# Under /aws/vendedlogs/: the resource policy that AWS keeps for log delivery would otherwise outgrow its limit.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/vendedlogs/pipes/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = one(var.encryption_key[*].arn)
}

# ---------------------------------------------------------------------------------------------------------------------
# Permissions
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "this" {
  name        = var.name
  description = "Role of the pipe ${var.name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ThisPipe"
      Effect    = "Allow"
      Principal = { Service = "pipes.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.location.account_id }
        ArnEquals    = { "aws:SourceArn" = local.pipe_arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "permissions"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Source"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
        Resource = [var.stream_arn]
      },
      {
        Sid      = "Enrichment"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [var.relay_alias_arn]
      },
      {
        Sid      = "Target"
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = [var.event_bus_arn]
      },
      {
        Sid      = "DeadLetter"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [local.dlq_arn]
      },
    ]
  })
}

# By itself: while the key doesn't exist yet its ARN hides the whole policy from the plan. The pipe's own settings are
# under the key, and it reads the stream and writes to the DLQ, which are too.
resource "aws_iam_role_policy" "key" {
  count = var.encryption_key == null ? 0 : 1

  name = "encryption-key"
  role = aws_iam_role.this.name

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
  name        = var.name
  description = "Committed events from the table's stream to the bus"
  role_arn    = aws_iam_role.this.arn

  kms_key_identifier = one(var.encryption_key[*].arn)

  source     = var.stream_arn
  enrichment = var.relay_alias_arn
  target     = var.event_bus_arn

  source_parameters {
    # The table also streams orders, acknowledgements and expiries: only a new outbox item is an event.
    filter_criteria {
      filter {
        pattern = jsonencode({
          eventName = ["INSERT"]
          dynamodb  = { NewImage = { entity = { S = ["OutboxEvent"] } } }
        })
      }
    }

    # Left out, retries and age are unlimited: a poison record would hold its shard for a day and never reach the DLQ.
    dynamodb_stream_parameters {
      starting_position                  = "TRIM_HORIZON"
      batch_size                         = 10 # PutEvents' most
      maximum_batching_window_in_seconds = var.batching_window_seconds
      parallelization_factor             = var.parallelization_factor
      maximum_retry_attempts             = 5
      maximum_record_age_in_seconds      = 3600
      on_partial_batch_item_failure      = "AUTOMATIC_BISECT"

      dead_letter_config {
        arn = aws_sqs_queue.dlq.arn
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

  # Without include_execution_data: that would put customers' orders into the log.
  log_configuration {
    level = var.log_level

    cloudwatch_logs_log_destination {
      log_group_arn = aws_cloudwatch_log_group.this.arn
    }
  }

  # The role is checked when the pipe is created; and it must not publish before somebody listens (a destroy stops it
  # before the listeners go).
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy.key, var.event_targets]
}
