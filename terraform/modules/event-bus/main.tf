locals {
  # Built from the name: the policy then shows in full in the plan.
  bus_arn = "arn:${var.location.partition}:events:${var.location.region}:${var.location.account_id}:event-bus/${var.name}"
}

# ---------------------------------------------------------------------------------------------------------------------
# Bus
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_event_bus" "this" {
  name               = var.name
  kms_key_identifier = one(var.encryption_key[*].arn)
}

# Whoever may put events on any bus of the account could forge this source. events:source holds one value per entry of
# a PutEvents call, hence the set operator.
resource "aws_cloudwatch_event_bus_policy" "this" {
  event_bus_name = aws_cloudwatch_event_bus.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyPublishersPutThisSource"
      Effect    = "Deny"
      Principal = "*"
      Action    = "events:PutEvents"
      Resource  = local.bus_arn
      Condition = {
        "ForAnyValue:StringEquals" = { "events:source" = [var.event_source] }
        ArnNotEquals               = { "aws:PrincipalArn" = sort(var.publisher_role_arns) }
      }
    }]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Archive
# ---------------------------------------------------------------------------------------------------------------------

# The provider (5.100) knows no key of an archive: its events are under one that AWS owns, whatever the bus has.
# No pattern: every event. EventBridge itself keeps replayed events out of an archive.
resource "aws_cloudwatch_event_archive" "this" {
  name             = var.archive_name
  description      = "Every event of ${var.name}, to replay"
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  retention_days   = var.archive_retention_days
}
