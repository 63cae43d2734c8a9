locals {
  arn_start = "arn:${var.location.partition}"
  home      = "${var.location.region}:${var.location.account_id}"
  bus_arn   = "${local.arn_start}:events:${local.home}:event-bus/${var.event_bus_name}"

  # Services get their permission here, for their own resources of this stack. Roles get theirs from their own policies,
  # which the first statement lets count.
  statements = concat([
    {
      Sid       = "PoliciesOfThisAccount"
      Effect    = "Allow"
      Principal = { AWS = "${local.arn_start}:iam::${var.location.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    },
    # As AWS documents it, without a condition: EventBridge looks at the key before it knows for what.
    {
      Sid       = "EventBridgeLooksAtTheKey"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "kms:DescribeKey"
      Resource  = "*"
    },
    {
      Sid       = "EventBridgeEncryptsTheBus"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = "*"
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                              = var.location.account_id
          "kms:EncryptionContext:aws:events:event-bus:arn" = local.bus_arn
        }
      }
    },
    {
      Sid       = "RulesSendToQueues"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = "*"
      Condition = {
        ArnLike = { "kms:EncryptionContext:aws:sqs:arn" = "${local.arn_start}:sqs:${local.home}:${var.queue_name_prefix}*" }
      }
    },
    {
      Sid       = "LogsEncryptLogGroups"
      Effect    = "Allow"
      Principal = { Service = "logs.${var.location.region}.${var.location.dns_suffix}" }
      Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
      Resource  = "*"
      Condition = {
        ArnLike = {
          "kms:EncryptionContext:aws:logs:arn" = [
            for prefix in var.log_group_name_prefixes : "${local.arn_start}:logs:${local.home}:log-group:${prefix}*"
          ]
        }
      }
    },
    ], [for statement in [{
      Sid       = "AlarmsNotify"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = var.location.account_id } }
      }] : statement if var.alarms_notify], [for statement in var.policy_statements : {
      for key, value in {
        Sid       = statement.sid
        Effect    = statement.effect
        Principal = statement.principals
        Action    = statement.actions
        Resource  = "*"
        Condition = length(statement.conditions) == 0 ? null : statement.conditions
      } : key => value if value != null
  }])

  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

# A key of one's own: a wrong one would be found out only when messages can't be read any more.
data "aws_kms_key" "given" {
  count = var.key_arn == null ? 0 : 1

  key_id = var.key_arn

  lifecycle {
    postcondition {
      condition     = self.enabled && self.key_manager == "CUSTOMER" && self.key_spec == "SYMMETRIC_DEFAULT" && self.key_usage == "ENCRYPT_DECRYPT"
      error_message = "The key ${var.key_arn} can't be used: it has to be a symmetric encryption key (SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT) of the customer's, and enabled."
    }
  }
}

resource "aws_kms_key" "this" {
  count = var.key_arn == null ? 1 : 0

  description             = "Data of ${var.alias} at rest"
  policy                  = local.policy
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
}

resource "aws_kms_alias" "this" {
  count = var.key_arn == null ? 1 : 0

  name          = "alias/${var.alias}"
  target_key_id = aws_kms_key.this[0].key_id
}
