locals {
  table_arn = "arn:${var.location.partition}:dynamodb:${var.location.region}:${var.location.account_id}:table/${var.name_prefix}-${var.name}"

  # A parked message comes back after 1, 2, 4 … 256 s (511 s in nine receives) and then every 300 s: so many receives
  # does its budget take. Crashes and throttling count as receives too; the allowance keeps them from cutting it short.
  crash_allowance = 10
  park_receives = (
    var.park_budget_seconds <= 511
    ? ceil(log(var.park_budget_seconds + 1, 2))
    : 9 + ceil((var.park_budget_seconds - 511) / 300)
  )
  max_receive_count = var.policy == "in-order" ? 1 + local.park_receives + local.crash_allowance : local.crash_allowance

  # once and latest do with one conditional write.
  write_one = [{ sid = "WriteEffect", actions = ["dynamodb:PutItem"], resources = [local.table_arn] }]

  # in-order reads its head, commits head and effect together, and parks what comes too early. DynamoDB authorises a
  # transaction by its parts; the condition takes the single PutItem away.
  write_in_order = [
    {
      sid       = "ReadHead"
      actions   = ["dynamodb:GetItem"]
      resources = [local.table_arn]
    },
    {
      sid        = "CommitHeadWithEffect"
      actions    = ["dynamodb:PutItem"]
      resources  = [local.table_arn]
      conditions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
    },
    {
      sid       = "Park"
      actions   = ["sqs:ChangeMessageVisibility"]
      resources = ["arn:${var.location.partition}:sqs:${var.location.region}:${var.location.account_id}:${var.name_prefix}-${var.name}"]
    },
  ]

  policy_statements = {
    once     = local.write_one
    in-order = local.write_in_order
    latest   = local.write_one
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Rule, queues and function
# ---------------------------------------------------------------------------------------------------------------------

module "handler" {
  source = "../event-handler"

  name        = var.name
  name_prefix = var.name_prefix
  description = "Consumer of events, policy ${var.policy}"
  location    = var.location

  max_receive_count = local.max_receive_count

  event_bus_name    = var.event_bus_name
  event_source      = var.event_source
  event_type_prefix = var.event_type_prefix
  event_types       = var.event_types

  policy_statements = local.policy_statements[var.policy]
  needs_queue_url   = true

  encryption_key = var.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  artifacts_dir           = var.artifacts_dir
  memory_size             = var.memory_size
  timeout_seconds         = var.timeout_seconds
  batch_size              = var.batch_size
  batching_window_seconds = var.batching_window_seconds
  maximum_concurrency     = var.maximum_concurrency
  log_retention_days      = var.log_retention_days
  log_level               = var.log_level
  gradual_shift           = var.gradual_shift

  environment = merge(
    {
      CONSUMER_NAME         = var.name
      CONSUMER_POLICY       = var.policy
      CONSUMER_TABLE_NAME   = aws_dynamodb_table.this.name
      INBOX_RETENTION_DAYS  = tostring(var.inbox_retention_days)
      LAG_OBJECTIVE_SECONDS = tostring(var.lag_objective_seconds)
    },
    { for name, value in {
      PARK_BUDGET_SECONDS = tostring(var.park_budget_seconds)
      IN_ORDER_START      = var.in_order_start
    } : name => value if var.policy == "in-order" },
  )
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_dynamodb_table" "this" {
  name                        = "${var.name_prefix}-${var.name}"
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

  # Without the block DynamoDB encrypts with a key that it owns.
  dynamic "server_side_encryption" {
    for_each = var.encryption_key[*]

    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value.arn
    }
  }
}
