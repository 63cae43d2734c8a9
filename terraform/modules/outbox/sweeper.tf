locals {
  # One sweep a minute, Scheduler's shortest rate: how soon a lost event is found, on top of the threshold.
  sweep_period_seconds = 60

  sweeper_name   = "${var.name}-outbox-sweeper"
  group_arn      = "${local.arn_start}:scheduler:${local.home}:schedule-group/${local.sweeper_name}"
  schedule_arn   = "${local.arn_start}:scheduler:${local.home}:schedule/${local.sweeper_name}/${local.sweeper_name}"
  state_item_key = "#sweeper" # libs/outbox/dynamodb keeps what a run has to tell the next one in this item
}

# ---------------------------------------------------------------------------------------------------------------------
# Dead letters
# ---------------------------------------------------------------------------------------------------------------------

# Holds sweeps that could not be started, and why. Nothing is lost with them: the next one does their work.
module "sweeper_dlq" {
  source = "../dead-letter-queue"

  name     = "${local.sweeper_name}-dlq"
  location = local.location

  encryption_key = var.encryption_key
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

module "sweeper" {
  source = "../lambda-function"

  name        = local.sweeper_name
  service     = "outbox-sweeper"
  description = "Publishes again what is due and still unpublished"
  location    = local.location

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
      resources = [local.bus_arn]
    },
    # A backlog of thousands is shared out among invocations of the same alias.
    {
      sid       = "ShareTheWork"
      actions   = ["lambda:InvokeFunction"]
      resources = ["${local.arn_start}:lambda:${local.home}:function:${local.sweeper_name}:live"]
    },
  ]

  encryption_key = var.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  package = "${var.functions_dir}/outbox-sweeper/outbox-sweeper.zip"
  settings = merge(var.function_settings, {
    memory_size     = 1024                           # CPU grows with it, and the requests of a backlog are CPU
    timeout_seconds = local.sweep_period_seconds - 5 # over before the next sweep starts
    gradual_shift   = lookup(var.gradual_shift, "outbox-sweeper", null)
    metrics         = coalesce(var.function_settings.sweeper_metrics, var.function_settings.metrics)

    reserved_concurrency = lookup(var.reserved_concurrency, "outbox-sweeper", null)
  })

  environment = {
    OUTBOX_TABLE_NAME        = aws_dynamodb_table.this.name
    EVENT_BUS_NAME           = local.bus_name
    EVENT_SOURCE             = var.event_source
    OUTBOX_THRESHOLD_SECONDS = tostring(var.settings.threshold_seconds)
    SWEEP_START              = tostring(var.settings.sweep_start)
    SWEEP_CONCURRENCY        = tostring(var.settings.sweep_concurrency)
  }
}

# A sweep that failed or came late isn't made up for: the next one sees the same events and the right time.
resource "aws_lambda_function_event_invoke_config" "sweeper" {
  function_name = module.sweeper.function_name
  qualifier     = module.sweeper.alias_name

  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = local.sweep_period_seconds
}

# ---------------------------------------------------------------------------------------------------------------------
# Permissions of the schedule
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "schedule" {
  name        = "${local.sweeper_name}-schedule"
  path        = var.function_settings.role_path
  description = "Role of the schedule ${local.sweeper_name}"

  permissions_boundary = var.function_settings.permissions_boundary

  # Scheduler acts for the group, not for the single schedule: its ARN is the source that AWS tells.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ThisGroup"
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.location.account_id }
        ArnEquals    = { "aws:SourceArn" = local.group_arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "permissions"
  role = aws_iam_role.schedule.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
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
        Resource = [module.sweeper_dlq.built_arn]
      },
    ]
  })
}

# By itself: while the key doesn't exist yet its ARN hides the whole policy from the plan. The schedule's input and its
# DLQ are under the key.
resource "aws_iam_role_policy" "schedule_key" {
  count = var.encryption_key == null ? 0 : 1

  name = "encryption-key"
  role = aws_iam_role.schedule.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "UseKeyThroughSqs"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = [var.encryption_key.arn]
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${local.location.region}.${local.location.dns_suffix}" } }
      },
      {
        Sid       = "ReadInputOfSchedule"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = [var.encryption_key.arn]
        Condition = { StringEquals = { "kms:EncryptionContext:aws:scheduler:schedule:arn" = local.schedule_arn } }
      },
    ]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Schedule
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_scheduler_schedule_group" "sweeper" {
  name = local.sweeper_name
}

resource "aws_scheduler_schedule" "sweeper" {
  count = var.settings.schedule ? 1 : 0

  name        = local.sweeper_name
  description = "Starts the sweeper every minute"
  group_name  = aws_scheduler_schedule_group.sweeper.name

  schedule_expression = "rate(1 minute)"
  state               = contains(var.paused, "sweeper") ? "DISABLED" : "ENABLED"
  kms_key_arn         = one(var.encryption_key[*].arn)

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.sweeper.alias_arn
    role_arn = aws_iam_role.schedule.arn

    # Not jsonencode: it writes < as \u003c, and Scheduler would no longer see its placeholder.
    input = "{\"now\":\"<aws.scheduler.scheduled-time>\"}"

    retry_policy {
      maximum_event_age_in_seconds = local.sweep_period_seconds
      maximum_retry_attempts       = 2
    }

    dead_letter_config {
      arn = module.sweeper_dlq.arn
    }
  }

  # It must not publish before somebody listens (a destroy stops it before the listeners go).
  depends_on = [
    aws_iam_role_policy.schedule, aws_iam_role_policy.schedule_key, aws_lambda_function_event_invoke_config.sweeper,
    var.event_targets, module.acknowledger.event_target_id,
  ]
}
