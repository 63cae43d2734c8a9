# A consumer in another account, which trusts this one as little as it must. The publisher has a rule that copies what the
# subscriber is to get to the subscriber's bus; the subscriber's bus lets that rule's role in, and nobody else. Both sides
# stand here in one configuration; the two halves meet in names only, so they may as well be two configurations.

variable "functions_dir" {
  description = "Folder that holds <app>/<app>.zip."
  type        = string
  nullable    = false
}

locals {
  subscriber_bus_arn = "arn:${data.aws_partition.this.partition}:events:${data.aws_region.subscriber.id}:${data.aws_caller_identity.subscriber.account_id}:event-bus/from-parcels"
  forwarder_arn      = "arn:${data.aws_partition.this.partition}:iam::${data.aws_caller_identity.publisher.account_id}:role/${local.forwarder_name}"
  forwarder_name     = "parcels-to-subscriber"
}

data "aws_partition" "this" {}
data "aws_caller_identity" "publisher" {}

data "aws_caller_identity" "subscriber" {
  provider = aws.subscriber
}

data "aws_region" "subscriber" {
  provider = aws.subscriber
}

# ---------------------------------------------------------------------------------------------------------------------
# Publisher
# ---------------------------------------------------------------------------------------------------------------------

module "outbox" {
  source = "../../modules/outbox"

  name          = "parcels"
  event_source  = "parcels"
  event_targets = [aws_cloudwatch_event_target.subscriber.id]
  functions_dir = var.functions_dir
}

resource "aws_cloudwatch_event_rule" "subscriber" {
  name           = local.forwarder_name
  description    = "Events for another account"
  event_bus_name = module.outbox.connection.event_bus_name

  event_pattern = jsonencode({ source = ["parcels"], detail = { aggregatetype = ["parcel"] } })
}

resource "aws_cloudwatch_event_target" "subscriber" {
  rule           = aws_cloudwatch_event_rule.subscriber.name
  event_bus_name = module.outbox.connection.event_bus_name
  target_id      = "subscriber"
  arn            = local.subscriber_bus_arn
  role_arn       = aws_iam_role.forwarder.arn

  dead_letter_config {
    arn = module.undelivered.arn
  }

  # Their bus must let the rule in before anything is published.
  depends_on = [aws_iam_role_policy.forwarder, aws_cloudwatch_event_bus_policy.subscriber]
}

# What their bus refuses for a day.
module "undelivered" {
  source = "../../modules/dead-letter-queue"

  name = "${local.forwarder_name}-dlq"
  location = {
    partition  = data.aws_partition.this.partition
    region     = data.aws_region.publisher.id
    account_id = data.aws_caller_identity.publisher.account_id
  }
  rule_arn = aws_cloudwatch_event_rule.subscriber.arn
}

data "aws_region" "publisher" {}

resource "aws_iam_role" "forwarder" {
  name = local.forwarder_name

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.publisher.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "forwarder" {
  name = "permissions"
  role = aws_iam_role.forwarder.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["events:PutEvents"], Resource = [local.subscriber_bus_arn] }]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Subscriber
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_event_bus" "subscriber" {
  provider = aws.subscriber
  name     = "from-parcels"
}

resource "aws_cloudwatch_event_bus_policy" "subscriber" {
  provider       = aws.subscriber
  event_bus_name = aws_cloudwatch_event_bus.subscriber.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ParcelsArePut"
      Effect    = "Allow"
      Principal = { AWS = data.aws_caller_identity.publisher.account_id }
      Action    = "events:PutEvents"
      Resource  = local.subscriber_bus_arn
      Condition = {
        ArnEquals                   = { "aws:PrincipalArn" = local.forwarder_arn }
        "ForAllValues:StringEquals" = { "events:source" = ["parcels"] }
      }
    }]
  })
}

# It can't ask the outbox whether what it waits for was published: `once` and `latest` needn't, in-order gives up on it
# after park_budget_seconds.
module "audit" {
  source    = "../../modules/consumer"
  providers = { aws = aws.subscriber }

  name        = "audit"
  name_prefix = "parcels"
  package     = "${var.functions_dir}/audit/audit.zip"

  outbox = { event_bus_name = aws_cloudwatch_event_bus.subscriber.name, event_source = "parcels" }
  policy = "once"
  on     = { parcel = [] }
}

output "forwarder" {
  description = "Pattern and target of the rule that copies events to the other account."
  value = {
    event_pattern = aws_cloudwatch_event_rule.subscriber.event_pattern
    target_arn    = aws_cloudwatch_event_target.subscriber.arn
    bus_policy    = aws_cloudwatch_event_bus_policy.subscriber.policy
  }
}

output "consumer" {
  description = "The consumer."
  value       = module.audit
}
