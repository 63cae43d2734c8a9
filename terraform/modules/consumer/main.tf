data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  location = {
    partition  = data.aws_partition.current.partition
    region     = data.aws_region.current.id
    account_id = data.aws_caller_identity.current.account_id
    dns_suffix = data.aws_partition.current.dns_suffix
  }
  name      = "${var.name_prefix}-${var.name}"
  home      = "${local.location.region}:${local.location.account_id}"
  table_arn = "arn:${local.location.partition}:dynamodb:${local.home}:table/${local.name}"
  queue_arn = "arn:${local.location.partition}:sqs:${local.home}:${local.name}"

  # The consumer counts its attempts, and sends what fails too often to the DLQ itself. SQS's own count is the back-stop
  # for what crashes the function. A parked message comes back after 1, 2, 4 … 256 s (511 s in nine receives), and during
  # its budget, which begins then, every 300 s: it must not run into the back-stop. What waits for an event that isn't
  # published, or was begun and isn't completed, comes back up to two hundred times more in three days (libs/inbox/rules,
  # parking.ts).
  park_receives = (
    min(9, ceil(log(var.settings.park_budget_seconds + 1, 2))) + 1 + ceil(var.settings.park_budget_seconds / 300)
  )
  hold_receives     = 200
  max_receive_count = var.policy == "in-order" ? 1 + local.park_receives + local.hold_receives + var.settings.max_attempts : 100

  asks_outbox = var.policy == "in-order"

  # A list of one, or of none: a block is there or not.
  capped_tables = [for caps in [var.table_settings] : caps if caps.max_read_units != null || caps.max_write_units != null]

  own_statements = [
    {
      sid       = "ReadAndRecord"
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
      resources = [local.table_arn]
    },
    {
      sid       = "ComeBackLater"
      actions   = ["sqs:ChangeMessageVisibility"]
      resources = [local.queue_arn]
    },
  ]

  # Which service keeps a secret stands in its ARN.
  secret_actions = { ssm = "ssm:GetParameter", secretsmanager = "secretsmanager:GetSecretValue" }
  secret_statements = [
    for name, arn in var.secrets : {
      sid        = "ReadSecret${join("", [for word in split("_", lower(name)) : title(word)])}"
      actions    = [local.secret_actions[split(":", arn)[2]]]
      resources  = [arn]
      conditions = {}
    }
  ]
}

# ---------------------------------------------------------------------------------------------------------------------
# Rule, queues and function
# ---------------------------------------------------------------------------------------------------------------------

module "handler" {
  source = "../event-handler"

  name        = var.name
  name_prefix = var.name_prefix
  description = "Consumer of events, policy ${var.policy}"
  location    = local.location

  event_bus_name = var.outbox.event_bus_name
  event_bus_arn  = var.outbox.event_bus_arn
  event_source   = var.outbox.event_source
  on             = var.on

  policy_statements = concat(
    local.own_statements,
    [for statement in var.outbox.writer_policy_statements : statement if var.emits],
    [for statement in var.outbox.reader_policy_statements : statement if local.asks_outbox],
    local.secret_statements,
    var.policy_statements,
  )
  needs_queue_url = true

  encryption_key = var.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  package           = var.package
  function_settings = var.function_settings
  queue_settings    = merge(var.queue_settings, { max_receive_count = local.max_receive_count })

  environment = merge(
    var.environment,
    { for name, arn in var.secrets : "${name}_ARN" => arn },
    {
      CONSUMER_NAME         = var.name
      CONSUMER_POLICY       = var.policy
      CONSUMER_TABLE_NAME   = aws_dynamodb_table.this.name
      MAX_ATTEMPTS          = tostring(var.settings.max_attempts)
      INBOX_RETENTION_DAYS  = tostring(var.settings.inbox_retention_days)
      LAG_OBJECTIVE_SECONDS = tostring(var.settings.lag_objective_seconds)
    },
    { for name, value in {
      PARK_BUDGET_SECONDS = tostring(var.settings.park_budget_seconds)
      IN_ORDER_START      = var.settings.in_order_start
    } : name => value if var.policy == "in-order" },
    { for name, value in var.outbox.writer_environment : name => value if var.emits },
    { for name, value in var.outbox.reader_environment : name => value if local.asks_outbox },
  )
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_dynamodb_table" "this" {
  name                        = local.name
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.table_settings.deletion_protection

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

      dynamic "on_demand_throughput" {
        for_each = local.capped_tables

        content {
          max_read_request_units  = var.table_settings.max_read_units
          max_write_request_units = var.table_settings.max_write_units
        }
      }
    }
  }

  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled                 = var.table_settings.point_in_time_recovery
    recovery_period_in_days = var.table_settings.point_in_time_recovery ? var.table_settings.recovery_period_days : null
  }

  # Without the block the account's quota is the limit.
  dynamic "on_demand_throughput" {
    for_each = local.capped_tables

    content {
      max_read_request_units  = var.table_settings.max_read_units
      max_write_request_units = var.table_settings.max_write_units
    }
  }

  # Said in both cases: a block that is left out stays as it was, and the table under a key that is gone. Without a
  # key here DynamoDB encrypts with one that it owns.
  server_side_encryption {
    enabled     = var.encryption_key != null
    kms_key_arn = one(var.encryption_key[*].arn)
  }
}
