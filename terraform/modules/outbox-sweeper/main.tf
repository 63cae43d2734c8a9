locals {
  # One sweep a minute, Scheduler's shortest rate: how soon a lost event is found, on top of the threshold.
  period_seconds = 60

  table_arn      = "arn:${var.location.partition}:dynamodb:${var.location.region}:${var.location.account_id}:table/${var.table_name}"
  event_bus_arn  = "arn:${var.location.partition}:events:${var.location.region}:${var.location.account_id}:event-bus/${var.event_bus_name}"
  group_arn      = "arn:${var.location.partition}:scheduler:${var.location.region}:${var.location.account_id}:schedule-group/${var.name}"
  dlq_name       = "${var.name}-dlq"
  dlq_arn        = "arn:${var.location.partition}:sqs:${var.location.region}:${var.location.account_id}:${local.dlq_name}"
  state_item_key = "#sweeper" # libs/outbox/dynamodb keeps what a run has to tell the next one in this item
}

# ---------------------------------------------------------------------------------------------------------------------
# Dead letters
# ---------------------------------------------------------------------------------------------------------------------

# Holds sweeps that could not be started, and why. Nothing is lost with them: the next one does their work.
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
# Function
# ---------------------------------------------------------------------------------------------------------------------

module "function" {
  source = "../lambda-function"

  name        = var.name
  app         = "outbox-sweeper"
  description = "Publishes again what is due and still unpublished"
  location    = var.location

  log_retention_days = var.log_retention_days
  log_level          = var.log_level

  policy_statements = [
    {
      sid       = "FindDueEvents"
      actions   = ["dynamodb:Query"]
      resources = ["${local.table_arn}/index/unpublished"]
    },
    {
      sid       = "ReadAndClaimEvents"
      actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      resources = [local.table_arn]
    },
    {
      sid        = "RememberTheRun"
      actions    = ["dynamodb:PutItem"]
      resources  = [local.table_arn]
      conditions = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = [local.state_item_key] } }
    },
    {
      sid       = "PublishAgain"
      actions   = ["events:PutEvents"]
      resources = [local.event_bus_arn]
    },
  ]

  encryption_key = var.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  artifacts_dir   = var.artifacts_dir
  timeout_seconds = local.period_seconds - 5 # over before the next sweep starts
  gradual_shift   = var.gradual_shift

  environment = {
    OUTBOX_TABLE_NAME        = var.table_name
    EVENT_BUS_NAME           = var.event_bus_name
    EVENT_SOURCE             = var.event_source
    OUTBOX_THRESHOLD_SECONDS = tostring(var.threshold_seconds)
    SWEEP_LIMIT              = tostring(var.sweep_limit)
  }
}

# A sweep that failed or came late isn't made up for: the next one sees the same events and the right time.
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name = module.function.function_name
  qualifier     = module.function.alias_name

  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = local.period_seconds
}

# ---------------------------------------------------------------------------------------------------------------------
# Permissions of the schedule
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "schedule" {
  name        = "${var.name}-schedule"
  description = "Role of the schedule ${var.name}"

  # Scheduler acts for the group, not for the single schedule: its ARN is the source that AWS tells.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ThisGroup"
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.location.account_id }
        ArnEquals    = { "aws:SourceArn" = local.group_arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "permissions"
  role = aws_iam_role.schedule.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
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
        Resource = [local.dlq_arn]
      },
    ]
  })
}

# By itself: while the key doesn't exist yet its ARN hides the whole policy from the plan. The schedule's input and its
# DLQ are under the key.
resource "aws_iam_role_policy" "schedule_key" {
  count = var.encryption_key == null ? 0 : 1

  name = "encryption-key"
  role = aws_iam_role.schedule.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "UseKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = [var.encryption_key.arn]
    }]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Schedule
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

resource "aws_scheduler_schedule" "this" {
  name        = var.name
  description = "Starts the sweeper every minute"
  group_name  = aws_scheduler_schedule_group.this.name

  schedule_expression = "rate(1 minute)"
  kms_key_arn         = one(var.encryption_key[*].arn)

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.function.alias_arn
    role_arn = aws_iam_role.schedule.arn

    # Not jsonencode: it writes < as \u003c, and Scheduler would no longer see its placeholder.
    input = "{\"now\":\"<aws.scheduler.scheduled-time>\"}"

    retry_policy {
      maximum_event_age_in_seconds = local.period_seconds
      maximum_retry_attempts       = 2
    }

    dead_letter_config {
      arn = aws_sqs_queue.dlq.arn
    }
  }

  # It must not publish before somebody listens (a destroy stops it before the listeners go).
  depends_on = [aws_iam_role_policy.schedule, aws_iam_role_policy.schedule_key, aws_lambda_function_event_invoke_config.this, var.event_targets]
}
