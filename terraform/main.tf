data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  location = {
    partition  = data.aws_partition.current.partition
    region     = data.aws_region.current.name
    account_id = data.aws_caller_identity.current.account_id
  }

  # What the domain publishes, as libs/orders/events says it to the functions too.
  contract     = jsondecode(file("${path.root}/../libs/orders/events/contract.json"))
  event_source = local.contract.source

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
  consumer_statements = { order-progress = local.change_orders }

  # The bus's policy admits the roles of whoever publishes, which can't exist before the bus: both take the names from here.
  pipe_name    = "${var.name_prefix}-outbox-pipe"
  sweeper_name = "${var.name_prefix}-outbox-sweeper"
  publisher_role_arns = [
    for name in [local.pipe_name, local.sweeper_name] : "arn:${local.location.partition}:iam::${local.location.account_id}:role/${name}"
  ]

  # An event is lost to a rule without a target; and one that was acknowledged before all its consumers listened isn't
  # published again. Hence the order: consumers' targets, the acknowledger's, then whatever publishes. A destroy reverses it.
  consumer_targets = [for consumer in module.consumers : consumer.event_target_id]
  event_targets    = concat(local.consumer_targets, [module.outbox_acknowledger.event_target_id])

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

  # An object even while the key's ARN isn't known: modules tell by it whether there is a key at all.
  encryption_key = var.encryption_key == null ? null : { arn = module.encryption_key[0].key_arn }

  tables_arn       = "arn:${local.location.partition}:dynamodb:${local.location.region}:${local.location.account_id}:table"
  orders_table_arn = "${local.tables_arn}/${var.name_prefix}-orders"
  outbox_table_arn = "${local.tables_arn}/${var.name_prefix}-outbox"

  # Orders, heads and events are only ever written together. DynamoDB authorises a transaction by its parts: there is no
  # action TransactWriteItems. The condition takes the single PutItem and UpdateItem away.
  only_in_transactions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
  change_orders = [
    {
      sid        = "CommitOrder"
      actions    = ["dynamodb:PutItem"]
      resources  = [local.orders_table_arn]
      conditions = local.only_in_transactions
    },
    {
      sid        = "ReadOrder"
      actions    = ["dynamodb:GetItem"]
      resources  = [local.orders_table_arn]
      conditions = {}
    },
  ]
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
  alarms_notify = var.alarm_email != null
}

# ---------------------------------------------------------------------------------------------------------------------
# Tables
# ---------------------------------------------------------------------------------------------------------------------

module "outbox_table" {
  source = "./modules/outbox-table"

  name                   = "${var.name_prefix}-outbox"
  point_in_time_recovery = var.point_in_time_recovery
  deletion_protection    = var.deletion_protection
  encryption_key         = local.encryption_key
}

# The service's own state. It needs nothing for the outbox's sake: neither stream nor keys of a certain form.
resource "aws_dynamodb_table" "orders" {
  name                        = "${var.name_prefix}-orders"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.deletion_protection

  hash_key = "orderId"

  attribute {
    name = "orderId"
    type = "S"
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  # Without the block DynamoDB encrypts with a key that it owns.
  dynamic "server_side_encryption" {
    for_each = local.encryption_key[*]

    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value.arn
    }
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# HTTP API
# ---------------------------------------------------------------------------------------------------------------------

module "orders_api" {
  source = "./modules/lambda-function"

  name        = "${var.name_prefix}-orders-api"
  app         = "orders-api"
  description = "Places, changes and reads orders; commits each change with its event"
  location    = local.location

  log_retention_days = var.log_retention_days
  log_level          = var.log_level

  policy_statements = concat(local.change_orders, [
    {
      sid        = "CommitEvents"
      actions    = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
      resources  = [local.outbox_table_arn]
      conditions = local.only_in_transactions
    },
    {
      sid        = "ReadOutbox"
      actions    = ["dynamodb:GetItem"]
      resources  = [local.outbox_table_arn]
      conditions = {}
    },
  ])

  encryption_key = local.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  artifacts_dir   = var.artifacts_dir
  timeout_seconds = 15
  gradual_shift   = lookup(var.gradual_shift, "orders-api", null)

  environment = {
    ORDERS_TABLE_NAME        = aws_dynamodb_table.orders.name
    OUTBOX_TABLE_NAME        = module.outbox_table.table_name
    EVENT_SOURCE             = local.event_source
    OUTBOX_THRESHOLD_SECONDS = tostring(var.outbox_threshold_seconds)
    REQUIRE_IDEMPOTENCY_KEY  = tostring(var.require_idempotency_key)
  }
}

module "order_query" {
  source = "./modules/lambda-function"

  name        = "${var.name_prefix}-order-query"
  app         = "order-query"
  description = "Lists a customer's orders from the read model"
  location    = local.location

  log_retention_days = var.log_retention_days
  log_level          = var.log_level

  policy_statements = [{
    sid       = "QueryOrdersOfCustomer"
    actions   = ["dynamodb:Query"]
    resources = ["arn:${local.location.partition}:dynamodb:${local.location.region}:${local.location.account_id}:table/${var.name_prefix}-order-view/index/byCustomer"]
  }]

  encryption_key = local.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  artifacts_dir   = var.artifacts_dir
  timeout_seconds = 15
  gradual_shift   = lookup(var.gradual_shift, "order-query", null)

  environment = {
    ORDER_VIEW_TABLE_NAME = module.consumers["order-view"].table_name
  }
}

module "http_api" {
  source = "./modules/http-api"

  name        = var.name_prefix
  description = "Orders"

  functions = {
    orders-api = {
      function_name = module.orders_api.function_name
      alias_name    = module.orders_api.alias_name
      invoke_arn    = module.orders_api.alias_invoke_arn
      routes        = ["POST /orders", "PATCH /orders/{orderId}", "GET /orders/{orderId}", "HEAD /orders/{orderId}"]
    }
    order-query = {
      function_name = module.order_query.function_name
      alias_name    = module.order_query.alias_name
      invoke_arn    = module.order_query.alias_invoke_arn
      # The greedy path is for ids with a slash (%2F), should API Gateway decode it before it chooses the route.
      routes = ["GET /customers/{customerId}/orders", "HEAD /customers/{customerId}/orders", "GET /customers/{path+}", "HEAD /customers/{path+}"]
    }
  }

  authorization = var.api_authorization
  cors = var.api_cors == null ? null : {
    allow_origins     = var.api_cors.allow_origins
    allow_credentials = var.api_cors.allow_credentials
    max_age_seconds   = var.api_cors.max_age_seconds
    # What orders-api reads and answers with; the x-amz- ones are of signed requests.
    allow_headers  = ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "traceparent", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"]
    expose_headers = ["etag", "location", "retry-after"]
  }

  encryption_key     = local.encryption_key
  throttling         = var.api_throttling
  log_retention_days = var.log_retention_days
}

# Said in every plan for as long as it is so.
check "api_asks_who_calls" {
  assert {
    condition     = var.api_authorization.type != "NONE"
    error_message = "The API is open: whoever knows its address may place, change and read orders. Set api_authorization to AWS_IAM or JWT before anybody else's data gets in."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Event bus
# ---------------------------------------------------------------------------------------------------------------------

module "event_bus" {
  source = "./modules/event-bus"

  name                = "${var.name_prefix}-events"
  location            = local.location
  event_source        = local.event_source
  publisher_role_arns = local.publisher_role_arns

  encryption_key = local.encryption_key

  archive_name           = "${var.name_prefix}-events"
  archive_retention_days = var.archive_retention_days
}

# ---------------------------------------------------------------------------------------------------------------------
# Consumers
# ---------------------------------------------------------------------------------------------------------------------

module "consumers" {
  source   = "./modules/event-consumer"
  for_each = var.consumers

  name        = each.key
  name_prefix = var.name_prefix
  location    = local.location

  policy               = each.value.policy
  park_budget_seconds  = each.value.park_budget_seconds
  in_order_start       = each.value.in_order_start
  max_attempts         = each.value.max_attempts
  inbox_retention_days = var.inbox_retention_days

  lag_objective_seconds = var.lag_objective.seconds

  event_bus_name = module.event_bus.bus_name
  event_source   = local.event_source
  on             = each.value.on

  outbox = each.value.emits ? { table_name = module.outbox_table.table_name, threshold_seconds = var.outbox_threshold_seconds } : null

  environment       = merge(each.value.environment, lookup(local.consumer_environments, each.key, {}))
  policy_statements = concat(each.value.policy_statements, lookup(local.consumer_statements, each.key, []))

  indexes                = each.value.indexes
  point_in_time_recovery = var.point_in_time_recovery
  deletion_protection    = var.deletion_protection

  encryption_key = local.encryption_key

  artifacts_dir           = var.artifacts_dir
  memory_size             = each.value.memory_size
  timeout_seconds         = each.value.timeout_seconds
  batch_size              = each.value.batch_size
  batching_window_seconds = each.value.batching_window_seconds
  maximum_concurrency     = each.value.maximum_concurrency
  log_retention_days      = var.log_retention_days
  log_level               = var.log_level
  gradual_shift           = lookup(var.gradual_shift, each.key, null)
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

# ---------------------------------------------------------------------------------------------------------------------
# Acknowledger
# ---------------------------------------------------------------------------------------------------------------------

module "outbox_acknowledger" {
  source = "./modules/event-handler"

  name        = "outbox-acknowledger"
  name_prefix = var.name_prefix
  description = "Marks events as published once they come off the bus"
  location    = local.location

  event_bus_name  = module.event_bus.bus_name
  event_source    = local.event_source
  replays         = false # a replay is not the outbox publishing
  earlier_targets = local.consumer_targets

  policy_statements = [{
    sid       = "MarkPublished"
    actions   = ["dynamodb:UpdateItem"]
    resources = [local.outbox_table_arn]
  }]

  encryption_key = local.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  artifacts_dir      = var.artifacts_dir
  log_retention_days = var.log_retention_days
  log_level          = var.log_level
  gradual_shift      = lookup(var.gradual_shift, "outbox-acknowledger", null)

  environment = {
    OUTBOX_TABLE_NAME     = module.outbox_table.table_name
    EVENT_SOURCE          = local.event_source
    OUTBOX_RETENTION_DAYS = tostring(var.outbox_retention_days)
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Pipe
# ---------------------------------------------------------------------------------------------------------------------

module "outbox_relay" {
  source = "./modules/lambda-function"

  name        = "${var.name_prefix}-outbox-relay"
  app         = "outbox-relay"
  description = "Turns stream records into events, inside the pipe; calls nothing"
  location    = local.location

  log_retention_days = var.log_retention_days
  log_level          = var.log_level

  encryption_key = local.encryption_key

  artifacts_dir   = var.artifacts_dir
  timeout_seconds = 30
  gradual_shift   = lookup(var.gradual_shift, "outbox-relay", null)
}

module "outbox_pipe" {
  source = "./modules/outbox-pipe"

  name     = local.pipe_name
  location = local.location

  log_retention_days = var.log_retention_days
  log_level          = var.pipe_log_level

  stream_arn      = module.outbox_table.stream_arn
  relay_alias_arn = module.outbox_relay.alias_arn
  event_bus_arn   = module.event_bus.bus_arn
  event_source    = local.event_source
  event_targets   = local.event_targets

  encryption_key = local.encryption_key

  parallelization_factor  = var.pipe_parallelization_factor
  batching_window_seconds = var.pipe_batching_window_seconds
}

# ---------------------------------------------------------------------------------------------------------------------
# Sweeper
# ---------------------------------------------------------------------------------------------------------------------

module "outbox_sweeper" {
  source = "./modules/outbox-sweeper"

  name     = local.sweeper_name
  location = local.location

  table_name        = module.outbox_table.table_name
  event_bus_name    = module.event_bus.bus_name
  event_source      = local.event_source
  threshold_seconds = var.outbox_threshold_seconds
  sweep_limit       = var.sweep_limit
  event_targets     = local.event_targets

  encryption_key = local.encryption_key

  artifacts_dir      = var.artifacts_dir
  log_retention_days = var.log_retention_days
  log_level          = var.log_level
  gradual_shift      = lookup(var.gradual_shift, "outbox-sweeper", null)
}

# The longest honest wait for a predecessor: it was lost before the bus, became due, and the second sweep from then got it through.
check "park_budgets_outlast_the_sweeper" {
  assert {
    condition = alltrue([
      for consumer in values(var.consumers) :
      consumer.policy != "in-order" || consumer.park_budget_seconds > var.outbox_threshold_seconds + 2 * module.outbox_sweeper.period_seconds
    ])
    error_message = "An in-order consumer's park_budget_seconds must exceed outbox_threshold_seconds + ${2 * module.outbox_sweeper.period_seconds} (two sweeps): otherwise it gives up on a gap that the sweeper is about to close."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Observability
# ---------------------------------------------------------------------------------------------------------------------

module "observability" {
  source = "./modules/observability"

  name_prefix = var.name_prefix
  location    = local.location

  api_id           = module.http_api.api_id
  table_name       = module.outbox_table.table_name
  pipe_name        = local.pipe_name
  pipe_dlq_name    = module.outbox_pipe.dlq_name
  sweeper_dlq_name = module.outbox_sweeper.dlq_name
  event_bus_name   = module.event_bus.bus_name

  functions = {
    orders_api   = module.orders_api.function_name
    order_query  = module.order_query.function_name
    relay        = module.outbox_relay.function_name
    acknowledger = module.outbox_acknowledger.function_name
    sweeper      = module.outbox_sweeper.function_name
  }

  handlers = merge(
    local.watched_consumers,
    { outbox-acknowledger = merge(module.outbox_acknowledger.watched, { consumer = false }) },
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
