# An event is lost to a rule without a target; and one that was acknowledged before all its consumers listened isn't
# published again. Hence the order: consumers' targets, the acknowledger's, then whatever publishes. A destroy reverses it.
# Consumers that emit need the table: so the order is between single resources, never between this module and another.
module "acknowledger" {
  source = "../event-handler"

  name        = "outbox-acknowledger"
  name_prefix = var.name
  description = "Marks events as published once they come off the bus"
  location    = local.location

  event_bus_name  = local.bus_name
  event_bus_arn   = local.made_bus_arn
  event_source    = var.event_source
  replays         = false # a replay is not the outbox publishing
  earlier_targets = var.event_targets

  policy_statements = [{
    sid       = "MarkPublished"
    actions   = ["dynamodb:UpdateItem"]
    resources = [local.table_arn]
  }]

  encryption_key = var.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  queue_settings = {
    maximum_concurrency     = var.settings.acknowledger_concurrency
    batching_window_seconds = var.settings.acknowledger_batching_window_seconds
  }
  package = "${var.functions_dir}/outbox-acknowledger/outbox-acknowledger.zip"
  function_settings = merge(var.function_settings, {
    gradual_shift        = lookup(var.gradual_shift, "outbox-acknowledger", null)
    reserved_concurrency = lookup(var.reserved_concurrency, "outbox-acknowledger", null)
  })

  environment = {
    OUTBOX_TABLE_NAME     = aws_dynamodb_table.this.name
    EVENT_SOURCE          = var.event_source
    OUTBOX_RETENTION_DAYS = tostring(var.settings.retention_days)
  }
}
