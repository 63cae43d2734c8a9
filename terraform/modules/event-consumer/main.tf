locals {
  tables_arn = "arn:${var.location.partition}:dynamodb:${var.location.region}:${var.location.account_id}:table"
  table_arn  = "${local.tables_arn}/${var.name_prefix}-${var.name}"

  # The consumer counts its attempts, and sends what fails too often to the DLQ itself. SQS's own count is the back-stop
  # for what crashes the function. A parked message comes back after 1, 2, 4 … 256 s (511 s in nine receives) and then
  # every 300 s: its budget must not run into the back-stop.
  park_receives = (
    var.park_budget_seconds <= 511
    ? ceil(log(var.park_budget_seconds + 1, 2))
    : 9 + ceil((var.park_budget_seconds - 511) / 300)
  )
  max_receive_count = var.policy == "in-order" ? max(100, 1 + local.park_receives + var.max_attempts) : 100

  # DynamoDB authorises a transaction by its parts: there is no action TransactWriteItems.
  only_in_transactions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }

  own_statements = [
    {
      sid       = "ReadAndRecord"
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
      resources = [local.table_arn]
    },
    {
      sid       = "ComeBackLater"
      actions   = ["sqs:ChangeMessageVisibility"]
      resources = ["arn:${var.location.partition}:sqs:${var.location.region}:${var.location.account_id}:${var.name_prefix}-${var.name}"]
    },
  ]

  outbox_statements = flatten([for outbox in var.outbox[*] : [
    {
      sid        = "CommitEvents"
      actions    = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
      resources  = ["${local.tables_arn}/${outbox.table_name}"]
      conditions = local.only_in_transactions
    },
    {
      sid        = "ReadOutbox"
      actions    = ["dynamodb:GetItem"]
      resources  = ["${local.tables_arn}/${outbox.table_name}"]
      conditions = {}
    },
  ]])
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

  event_bus_name = var.event_bus_name
  event_source   = var.event_source
  on             = var.on

  policy_statements = concat(local.own_statements, local.outbox_statements, var.policy_statements)
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
    var.environment,
    {
      CONSUMER_NAME         = var.name
      CONSUMER_POLICY       = var.policy
      CONSUMER_TABLE_NAME   = aws_dynamodb_table.this.name
      MAX_ATTEMPTS          = tostring(var.max_attempts)
      INBOX_RETENTION_DAYS  = tostring(var.inbox_retention_days)
      LAG_OBJECTIVE_SECONDS = tostring(var.lag_objective_seconds)
    },
    { for name, value in {
      PARK_BUDGET_SECONDS = tostring(var.park_budget_seconds)
      IN_ORDER_START      = var.in_order_start
    } : name => value if var.policy == "in-order" },
    merge([for outbox in var.outbox[*] : {
      OUTBOX_TABLE_NAME        = outbox.table_name
      EVENT_SOURCE             = var.event_source
      OUTBOX_THRESHOLD_SECONDS = tostring(outbox.threshold_seconds)
    }]...),
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
