locals {
  name = "${var.name_prefix}-${var.name}"

  # The policies of queue and DLQ name the queue and the rule before these exist.
  queue_arn = "arn:${var.location.partition}:sqs:${var.location.region}:${var.location.account_id}:${local.name}"
  rule_arn  = "arn:${var.location.partition}:events:${var.location.region}:${var.location.account_id}:rule/${var.event_bus_name}/${local.name}"

  # The same name. From the ARN of a bus that is made anew it isn't known, so the rule is made anew before the old bus goes.
  bus_of_rule = var.event_bus_arn == null ? var.event_bus_name : reverse(split("/", var.event_bus_arn))[0]

  # Types belong to an aggregate, and two aggregates may name one alike: hence a selection for each.
  selections = [
    for aggregate in sort(keys(var.on)) : merge(
      { aggregatetype = [aggregate] },
      { for key, types in { type = coalesce(var.on[aggregate], []) } : key => sort(types) if length(types) > 0 },
    )
  ]
  detail = merge(concat(
    [for selection in local.selections : selection if length(local.selections) == 1],
    [for selections in [local.selections] : { "$or" = selections } if length(selections) > 1],
  )...)

  # A message may have to survive one batch that waited for its window and timed out, more than once.
  visibility_timeout_seconds = 6 * var.function_settings.timeout_seconds + var.queue_settings.batching_window_seconds
}

# ---------------------------------------------------------------------------------------------------------------------
# Queues
# ---------------------------------------------------------------------------------------------------------------------

module "dlq" {
  source = "../dead-letter-queue"

  name     = "${local.name}-dlq"
  location = var.location

  source_queue_arns = [local.queue_arn]
  rule_arn          = local.rule_arn

  encryption_key = var.encryption_key
}

resource "aws_sqs_queue" "this" {
  name                       = local.name
  message_retention_seconds  = 345600 # 4 days; shorter than the DLQ's, where the clock of a message runs on
  visibility_timeout_seconds = local.visibility_timeout_seconds
  sqs_managed_sse_enabled    = var.encryption_key == null ? true : null
  kms_master_key_id          = one(var.encryption_key[*].arn)

  redrive_policy = jsonencode({
    deadLetterTargetArn = module.dlq.arn
    maxReceiveCount     = var.queue_settings.max_receive_count
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

# Rules match detail.aggregatetype and detail.type, never detail-type: how a pipe resolves the latter after an enrichment isn't documented.
resource "aws_cloudwatch_event_rule" "this" {
  name           = local.name
  description    = "Events for ${var.name}"
  event_bus_name = local.bus_of_rule

  event_pattern = jsonencode(merge(
    { source = [var.event_source] },
    { for member, matchers in { detail = local.detail } : member => matchers if length(matchers) > 0 },
    { for member, matchers in { "replay-name" = [{ exists = false }] } : member => matchers if !var.replays },
  ))
}

resource "aws_cloudwatch_event_target" "queue" {
  rule           = aws_cloudwatch_event_rule.this.name
  event_bus_name = local.bus_of_rule
  target_id      = "queue"
  arn            = aws_sqs_queue.this.arn

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.dlq.arn
  }

  depends_on = [var.earlier_targets]

  lifecycle {
    # A rule that has targets can't be deleted, and the target knows it by its name only, which a replacement keeps.
    replace_triggered_by = [aws_cloudwatch_event_rule.this.id]
  }
}
