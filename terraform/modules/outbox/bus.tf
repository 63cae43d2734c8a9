locals {
  own_bus      = var.event_bus == null
  own_bus_name = "${var.name}-events"

  # A bus that exists is given by its name or its ARN. The plain name says nothing of whether the bus is there yet.
  plain_bus_name = reverse(split("/", coalesce(var.event_bus, local.own_bus_name)))[0]
  bus_arn        = "${local.arn_start}:events:${local.home}:event-bus/${local.plain_bus_name}"
  # Unknown while the bus is made anew: then rules are, too. A bus that has rules can't be deleted.
  made_bus_arn = local.own_bus ? aws_cloudwatch_event_bus.this[0].arn : local.bus_arn
  bus_name     = local.own_bus ? aws_cloudwatch_event_bus.this[0].name : local.plain_bus_name

  further_statements = [for statement in var.bus_policy_statements : {
    for key, value in {
      Sid       = statement.sid
      Effect    = statement.effect
      Principal = statement.principals
      Action    = statement.actions
      Resource  = local.bus_arn
      Condition = length(statement.conditions) == 0 ? null : statement.conditions
    } : key => value if value != null
  }]

  # Whoever may put events on any bus of the account could forge this source. events:source holds one value per entry of
  # a PutEvents call, hence the set operator. The roles are made after the bus: their ARNs are built from names. Who has no
  # principal's ARN is an AWS service, such as a replay of the archive: a negated condition would hold for it, too; and
  # nothing here allows one to put events.
  only_publishers = {
    Sid       = "OnlyPublishersPutThisSource"
    Effect    = "Deny"
    Principal = "*"
    Action    = "events:PutEvents"
    Resource  = local.bus_arn
    Condition = {
      "ForAnyValue:StringEquals" = { "events:source" = [var.event_source] }
      ArnNotEquals = {
        "aws:PrincipalArn" = [for name in [local.pipe_name, local.sweeper_name] : "${local.arn_start}:iam::${local.location.account_id}:role${var.function_settings.role_path}${name}"]
      }
      Null = { "aws:PrincipalArn" = "false" }
    }
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Bus
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_event_bus" "this" {
  count = local.own_bus ? 1 : 0

  name               = local.own_bus_name
  kms_key_identifier = one(var.encryption_key[*].arn)
}

# A bus that exists has a policy already, or none: its owner adds the output bus_policy_statement.
resource "aws_cloudwatch_event_bus_policy" "this" {
  count = local.own_bus ? 1 : 0

  event_bus_name = reverse(split("/", local.made_bus_arn))[0] # goes with the bus, and comes with it
  policy         = jsonencode({ Version = "2012-10-17", Statement = concat([local.only_publishers], local.further_statements) })
}

# ---------------------------------------------------------------------------------------------------------------------
# Archive
# ---------------------------------------------------------------------------------------------------------------------

# The provider (5.100) knows no key of an archive: its events are under one that AWS owns, whatever the bus has.
# EventBridge itself keeps replayed events out of an archive. Of a bus of one's own it keeps every event, of another's
# just this outbox's.
resource "aws_cloudwatch_event_archive" "this" {
  count = var.settings.archive ? 1 : 0

  name             = "${var.name}-events"
  description      = "Every event of ${local.own_bus ? local.own_bus_name : var.event_source}, to replay"
  event_source_arn = local.own_bus ? aws_cloudwatch_event_bus.this[0].arn : local.bus_arn
  event_pattern    = local.own_bus ? null : jsonencode({ source = [var.event_source] })
  retention_days   = var.settings.archive_retention_days

  lifecycle {
    precondition {
      condition     = !startswith(coalesce(var.event_bus, local.bus_arn), "arn:") || coalesce(var.event_bus, local.bus_arn) == local.bus_arn
      error_message = "event_bus is a bus of another account or region (here it would be ${local.bus_arn}): a pipe publishes to buses of its own account and region."
    }
  }
}
