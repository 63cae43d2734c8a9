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
  arn_start = "arn:${local.location.partition}"
  home      = "${local.location.region}:${local.location.account_id}"

  # Built from names: policies then show in full in the plan.
  table_name = "${var.name}-outbox"
  table_arn  = "${local.arn_start}:dynamodb:${local.home}:table/${local.table_name}"

  # A list of one, or of none: a block is there or not.
  capped_tables = [for caps in [var.table_settings] : caps if caps.max_read_units != null || caps.max_write_units != null]

  # Whoever commits events. Heads and events are only ever written together with what they tell of: DynamoDB authorises a
  # transaction by its parts, there is no action TransactWriteItems, and the condition takes single writes away.
  writer_policy_statements = [
    {
      sid        = "CommitEvents"
      actions    = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
      resources  = [local.table_arn]
      conditions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
    },
    {
      sid        = "ReadOutbox"
      actions    = ["dynamodb:GetItem"]
      resources  = [local.table_arn]
      conditions = {}
    },
  ]

  # In-order consumers, which ask whether an event that they wait for was published. They may read what they listen to.
  reader_policy_statements = [{
    sid        = "AskForLateEvents"
    actions    = ["dynamodb:GetItem"]
    resources  = [local.table_arn]
    conditions = {}
  }]
  reader_environment = { SOURCE_OUTBOX_TABLE_NAME = aws_dynamodb_table.this.name }

  writer_environment = {
    OUTBOX_TABLE_NAME        = aws_dynamodb_table.this.name
    EVENT_SOURCE             = var.event_source
    OUTBOX_THRESHOLD_SECONDS = tostring(var.settings.threshold_seconds)
  }
}
