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

  # What the domain publishes, as libs/orders/events says it to the functions too.
  contract = jsondecode(file("${path.root}/../libs/orders/events/contract.json"))

  consumed_event_types = {
    for name, consumer in var.consumers : name => sort(flatten([
      for aggregate, types in consumer.on : length(coalesce(types, [])) > 0 ? tolist(types) : keys(lookup(local.contract.aggregates, aggregate, {}))
    ]))
  }

  # What single consumers of this stack are told, and may do, beyond what the map says.
  consumer_environments = {
    fulfilment     = { for name, url in { CARRIER_URL = var.carrier_url } : name => url if url != null }
    notifications  = { for name, url in { MAIL_URL = var.mail_url } : name => url if url != null }
    order-progress = { ORDERS_TABLE_NAME = aws_dynamodb_table.orders.name }
  }
  consumer_statements = { order-progress = concat(local.change_orders, local.check_orders) }

  # Names of what alarms look at. The modules know them too, but only once every consumer stands to the last resource:
  # going through all of them, Terraform takes module.consumers as one. A test holds these to the modules'.
  watched_consumers = {
    for name, consumer in var.consumers : name => {
      function_name   = "${var.name_prefix}-${name}"
      timeout_seconds = consumer.timeout_seconds
      queue_name      = "${var.name_prefix}-${name}"
      dlq_name        = "${var.name_prefix}-${name}-dlq"
      rule_name       = "${var.name_prefix}-${name}"
    }
  }

  function_settings = {
    log_level            = var.log_level
    log_sample_rate      = var.log_sample_rate
    log_retention_days   = var.log_retention_days
    metrics              = local.custom_metrics == "all"
    permissions_boundary = var.permissions_boundary
    role_path            = var.role_path
    tracing              = var.tracing
  }
  custom_metrics = coalesce(var.custom_metrics, var.observability == "none" ? "none" : "all")
  table_settings = merge(var.table_limits, {
    point_in_time_recovery = var.point_in_time_recovery
    recovery_period_days   = var.recovery_period_days
    deletion_protection    = var.deletion_protection
  })
  # A list of one, or of none: a block is there or not.
  capped_tables = [for caps in [local.table_settings] : caps if caps.max_read_units != null || caps.max_write_units != null]

  # An object even while the key's ARN isn't known: modules tell by it whether there is a key at all.
  encryption_key = var.encryption_key == null ? null : { arn = module.encryption_key[0].key_arn }
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption key
# ---------------------------------------------------------------------------------------------------------------------

module "encryption_key" {
  source = "./modules/encryption-key"
  count  = var.encryption_key == null ? 0 : 1

  key_arn  = var.encryption_key == "create" ? null : var.encryption_key
  alias    = var.name_prefix
  location = local.location

  event_bus_name    = "${var.name_prefix}-events"
  queue_name_prefix = "${var.name_prefix}-"
  log_group_name_prefixes = [
    "/aws/lambda/${var.name_prefix}-",
    "/aws/vendedlogs/apis/${var.name_prefix}",
    "/aws/vendedlogs/pipes/${var.name_prefix}-",
  ]
  alarms_notify     = var.alarm_email != null
  policy_statements = var.key_policy_statements
}

# ---------------------------------------------------------------------------------------------------------------------
# Outbox
# ---------------------------------------------------------------------------------------------------------------------

module "outbox" {
  source = "./modules/outbox"

  name          = var.name_prefix
  event_source  = local.contract.source
  event_targets = [for consumer in module.consumers : consumer.event_target_id]

  settings = {
    threshold_seconds        = var.outbox_threshold_seconds
    retention_days           = var.outbox_retention_days
    archive                  = var.archive
    archive_retention_days   = var.archive_retention_days
    schedule                 = var.sweeper_schedule
    sweep_start              = var.sweep_start
    sweep_concurrency        = var.sweep_concurrency
    acknowledger_concurrency = var.acknowledger_concurrency

    acknowledger_batching_window_seconds = var.acknowledger_batching_window_seconds
  }
  table_settings = local.table_settings
  pipe_settings = {
    log_level               = var.pipe_log_level
    parallelization_factor  = var.pipe_parallelization_factor
    batching_window_seconds = var.pipe_batching_window_seconds
  }

  paused                = contains(var.paused, "outbox") ? ["pipe", "sweeper"] : setintersection(var.paused, ["pipe", "sweeper"])
  bus_policy_statements = var.bus_policy_statements

  functions_dir        = var.artifacts_dir
  function_settings    = merge(local.function_settings, { sweeper_metrics = local.custom_metrics != "none" })
  gradual_shift        = var.gradual_shift
  reserved_concurrency = { for app, limit in var.reserved_concurrency : app => limit if startswith(app, "outbox-") }

  encryption_key = local.encryption_key
}

# ---------------------------------------------------------------------------------------------------------------------
# Consumers
# ---------------------------------------------------------------------------------------------------------------------

module "consumers" {
  source   = "./modules/consumer"
  for_each = var.consumers

  name        = each.key
  name_prefix = var.name_prefix

  outbox = module.outbox.connection
  policy = each.value.policy
  on     = each.value.on
  emits  = each.value.emits

  settings = merge(each.value, {
    inbox_retention_days  = var.inbox_retention_days
    lag_objective_seconds = var.lag_objective.seconds
  })
  queue_settings = merge(each.value, { paused = contains(var.paused, each.key) })

  indexes        = each.value.indexes
  table_settings = local.table_settings

  package           = "${var.artifacts_dir}/${each.key}/${each.key}.zip"
  function_settings = merge(local.function_settings, each.value, { gradual_shift = lookup(var.gradual_shift, each.key, null) })
  environment       = merge(each.value.environment, lookup(local.consumer_environments, each.key, {}))
  secrets           = each.value.secrets
  policy_statements = concat(each.value.policy_statements, lookup(local.consumer_statements, each.key, []))

  encryption_key = local.encryption_key
}

# Said in every plan for as long as it is so.
check "partners_are_called" {
  assert {
    condition     = var.carrier_url != null || !contains(keys(var.consumers), "fulfilment")
    error_message = "carrier_url is null: fulfilment books no shipment, it only records what it would have booked."
  }

  assert {
    condition     = var.mail_url != null || !contains(keys(var.consumers), "notifications")
    error_message = "mail_url is null: notifications sends no mail, it only records what it would have sent."
  }
}

check "nothing_is_paused" {
  assert {
    condition     = length(var.paused) == 0
    error_message = "Paused: ${join(", ", var.paused)}. Events and messages wait, messages for four days at most; take them out of `paused` to go on."
  }
}

check "every_event_gets_there" {
  assert {
    condition     = var.sweeper_schedule
    error_message = "sweeper_schedule is off: what the pipe loses stays unpublished until somebody runs `outboxctl sweep`."
  }

  assert {
    condition     = var.archive
    error_message = "archive is off: a consumer that is added later, or lost its table, gets only what the outbox still holds (outbox_retention_days), by `outboxctl reconcile --repair`; nothing can be replayed."
  }
}

check "somebody_is_told" {
  assert {
    condition     = var.observability != "none"
    error_message = "observability is none: nothing tells that events are stuck or lost, look with `outboxctl lag` and `outboxctl reconcile`."
  }
}

# The longest honest wait for a predecessor: it was lost before the bus, became due, and the second sweep from then got it through.
check "park_budgets_outlast_the_sweeper" {
  assert {
    condition = alltrue([
      for consumer in values(var.consumers) :
      consumer.policy != "in-order" || consumer.park_budget_seconds > var.outbox_threshold_seconds + 2 * module.outbox.sweep_period_seconds
    ])
    error_message = "An in-order consumer's park_budget_seconds must exceed outbox_threshold_seconds + ${2 * module.outbox.sweep_period_seconds} (two sweeps): otherwise it gives up on a gap that the sweeper is about to close."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Observability
# ---------------------------------------------------------------------------------------------------------------------

# All but the API is given by names that are known beforehand: see there why alarms must not depend on what they look at.
module "observability" {
  source = "./modules/observability"
  count  = var.observability == "none" ? 0 : 1

  profile     = var.observability
  sweeps      = var.sweeper_schedule
  name_prefix = var.name_prefix
  location    = local.location

  api_id           = module.http_api.api_id
  table_name       = module.outbox.table_name
  pipe_name        = module.outbox.watched.pipe_name
  pipe_dlq_name    = module.outbox.watched.pipe_dlq_name
  sweeper_dlq_name = module.outbox.watched.sweeper_dlq_name
  event_bus_name   = module.outbox.watched.event_bus_name

  functions = {
    api = merge(
      { orders-api = { function_name = module.orders_api.name, counters = ["OrdersPlaced", "OrdersChanged"] } },
      # By its name: module.order_query with its count would be the whole module, see above.
      { for name in ["order-query"] : name => { function_name = "${var.name_prefix}-${name}" } if contains(keys(var.consumers), "order-view") },
    )
    relay        = module.outbox.watched.relay
    acknowledger = module.outbox.watched.acknowledger.function_name
    sweeper      = module.outbox.watched.sweeper
  }

  handlers = merge(
    local.watched_consumers,
    { outbox-acknowledger = merge(module.outbox.watched.acknowledger, { consumer = false }) },
  )

  thresholds = merge(var.alarm_thresholds, {
    oldest_unpublished_seconds = coalesce(var.alarm_thresholds.oldest_unpublished_seconds, var.outbox_threshold_seconds + 240)
  })
  objective_percent = var.lag_objective.percent
  runbook           = var.runbook

  alarm_topic_arns = var.alarm_topic_arns
  alarm_email      = var.alarm_email
  kms_key_arn      = var.alarm_kms_key_arn == null ? one(local.encryption_key[*].arn) : var.alarm_kms_key_arn
}
