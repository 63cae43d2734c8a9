# Heads of aggregates and events. State lies in tables of its own: a transaction spans tables. The stream is what the
# pipe reads; the sparse index `unpublished` holds events only until they are acknowledged.
resource "aws_dynamodb_table" "this" {
  name                        = local.table_name
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.table_settings.deletion_protection

  hash_key  = "pk"
  range_key = "sk"

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  attribute {
    name = "unpublishedShard"
    type = "S"
  }

  attribute {
    name = "dueAt"
    type = "S"
  }

  global_secondary_index {
    name            = "unpublished"
    hash_key        = "unpublishedShard"
    range_key       = "dueAt"
    projection_type = "KEYS_ONLY"

    dynamic "on_demand_throughput" {
      for_each = local.capped_tables

      content {
        max_read_request_units  = var.table_settings.max_read_units
        max_write_request_units = var.table_settings.max_write_units
      }
    }
  }

  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

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
