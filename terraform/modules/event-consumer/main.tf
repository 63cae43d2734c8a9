locals {
  name = "${var.name_prefix}-${var.name}"

  # The queue policy and the redrive permissions name the queue, its DLQ and the rule before these exist.
  queue_arn = "arn:${var.location.partition}:sqs:${var.location.region}:${var.location.account_id}:${local.name}"
  dlq_arn   = "${local.queue_arn}-dlq"
  rule_arn  = "arn:${var.location.partition}:events:${var.location.region}:${var.location.account_id}:rule/${var.event_bus_name}/${local.name}"
  table_arn = "arn:${var.location.partition}:dynamodb:${var.location.region}:${var.location.account_id}:table/${local.name}"

  # A message may have to survive one batch that waited for its window and timed out, more than once.
  visibility_timeout_seconds = 6 * var.timeout_seconds + var.batching_window_seconds

  # A parked message comes back after 1, 2, 4 … 256 s (511 s in nine receives) and then every 300 s: so many receives
  # does its budget take. Crashes and throttling count as receives too; the allowance keeps them from cutting it short.
  crash_allowance = 10
  park_receives = (
    var.park_budget_seconds <= 511
    ? ceil(log(var.park_budget_seconds + 1, 2))
    : 9 + ceil((var.park_budget_seconds - 511) / 300)
  )
  max_receive_count = var.policy == "in-order" ? 1 + local.park_receives + local.crash_allowance : local.crash_allowance
}

# ---------------------------------------------------------------------------------------------------------------------
# Queues
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_sqs_queue" "dlq" {
  name                      = "${local.name}-dlq"
  message_retention_seconds = 1209600 # 14 days, SQS's most: redriving needs people
  sqs_managed_sse_enabled   = true

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arn]
  })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RuleDeadLetters"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = local.dlq_arn
        Condition = { ArnEquals = { "aws:SourceArn" = local.rule_arn } }
      },
      {
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = local.dlq_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sqs_queue" "this" {
  name                       = local.name
  message_retention_seconds  = 345600 # 4 days; shorter than the DLQ's, where the clock of a message runs on
  visibility_timeout_seconds = local.visibility_timeout_seconds
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dlq.arn
    maxReceiveCount     = local.max_receive_count
  })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RuleDelivers"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = local.queue_arn
        Condition = { ArnEquals = { "aws:SourceArn" = local.rule_arn } }
      },
      {
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = local.queue_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Rule
# ---------------------------------------------------------------------------------------------------------------------

# Rules match detail.type, never detail-type: how a pipe resolves the latter after an enrichment isn't documented.
resource "aws_cloudwatch_event_rule" "this" {
  name           = local.name
  description    = "Events for the consumer ${var.name}"
  event_bus_name = var.event_bus_name

  event_pattern = jsonencode({
    source = [var.event_source]
    detail = {
      type = concat(
        [for prefix in [var.event_type_prefix] : { prefix = prefix } if var.event_types == null],
        var.event_types == null ? [] : sort(var.event_types),
      )
    }
  })
}

resource "aws_cloudwatch_event_target" "queue" {
  rule           = aws_cloudwatch_event_rule.this.name
  event_bus_name = var.event_bus_name
  target_id      = "queue"
  arn            = aws_sqs_queue.this.arn

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = aws_sqs_queue.dlq.arn
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_dynamodb_table" "this" {
  name                        = local.name
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.deletion_protection

  hash_key  = "pk"
  range_key = "sk"

  dynamic "attribute" {
    for_each = toset(concat(["pk", "sk"], flatten([for index in values(var.indexes) : [index.hash_key, index.range_key]])))

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.range_key
      projection_type = "ALL"
    }
  }

  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }
}
