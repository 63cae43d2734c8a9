# ---------------------------------------------------------------------------------------------------------------------
# Deployment
# ---------------------------------------------------------------------------------------------------------------------

output "function_versions" {
  description = "Per app: the version that its alias points to, and the newest. Note them before a deployment: a rollback names them."
  value = {
    for app, function in merge(
      { orders-api = module.orders_api },
      { for query in module.order_query : "order-query" => query },
      module.outbox.functions,
      module.consumers,
    ) : app => { live = function.alias_version, newest = function.newest_version }
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Tables
# ---------------------------------------------------------------------------------------------------------------------

output "orders_table_name" {
  description = "Table of orders."
  value       = aws_dynamodb_table.orders.name
}

output "outbox_table_name" {
  description = "Table of the outbox: heads of aggregates and events."
  value       = module.outbox.table_name
}

output "event_source" {
  description = "Source of the outbox's events, in CloudEvents and on the bus."
  value       = module.outbox.event_source
}

output "aggregate_types" {
  description = "Aggregate types whose events the outbox holds."
  value       = keys(local.contract.aggregates)
}

# ---------------------------------------------------------------------------------------------------------------------
# HTTP API
# ---------------------------------------------------------------------------------------------------------------------

output "api_endpoint" {
  description = "Address of the API; paths follow directly."
  value       = module.http_api.api_endpoint
}

output "api_id" {
  description = "Id of the API, for its settings and metrics."
  value       = module.http_api.api_id
}

output "orders_api_function_name" {
  description = "Function that places and changes orders."
  value       = module.orders_api.function_name
}

output "api_authorization" {
  description = "How callers identify themselves: type (NONE | AWS_IAM | JWT), the region to sign for, and what a token must be of."
  value       = merge(var.api_authorization, { region = local.location.region })
}

output "api_execution_arn" {
  description = "What callers are granted execute-api:Invoke on where api_authorization is AWS_IAM, followed by /*/METHOD/path."
  value       = module.http_api.execution_arn
}

output "curl_example" {
  description = "Places an order; paste it into a shell. It signs with AWS_ACCESS_KEY_ID and its like, or takes the token from OUTBOX_TOKEN, as api_authorization wants it."
  value = join(" ", concat(
    ["curl -sS -i -X POST '${module.http_api.api_endpoint}/orders'"],
    {
      NONE    = []
      AWS_IAM = ["--aws-sigv4 'aws:amz:${local.location.region}:execute-api' --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" -H \"X-Amz-Security-Token: $AWS_SESSION_TOKEN\""]
      JWT     = ["-H \"Authorization: Bearer $${OUTBOX_TOKEN:?set it to an access token}\""]
    }[var.api_authorization.type],
    [
      "-H 'Content-Type: application/json'",
      "-H \"Idempotency-Key: curl-example-$(date +%s)\"",
      "-d '${jsonencode({
        customerId = "c-1"
        currency   = "EUR"
        items      = [{ sku = "sku-1", quantity = 2, unitPrice = "19.99" }]
      })}'",
    ],
  ))
}

# ---------------------------------------------------------------------------------------------------------------------
# Event bus
# ---------------------------------------------------------------------------------------------------------------------

output "event_bus_name" {
  description = "Bus that every event is put on."
  value       = module.outbox.event_bus_name
}

output "archive_name" {
  description = "Archive to replay events from; null without one."
  value       = module.outbox.archive_name
}

# ---------------------------------------------------------------------------------------------------------------------
# Consumers
# ---------------------------------------------------------------------------------------------------------------------

output "consumers" {
  description = "Per consumer: its queues, table, function, delivery policy, and what it listens to: by aggregate type, and every event type of the contract that this selects."
  value = {
    for name, consumer in module.consumers : name => merge(consumer.stack, { event_types = local.consumed_event_types[name] })
  }
}

output "inbox_retention_days" {
  description = "Days that consumers remember what they have done: what is replayed later than that is done again."
  value       = var.inbox_retention_days
}

# ---------------------------------------------------------------------------------------------------------------------
# Acknowledger
# ---------------------------------------------------------------------------------------------------------------------

output "acknowledger" {
  description = "Queues and function of what marks events as published once they come off the bus."
  value = {
    queue_url     = module.outbox.acknowledger.queue_url
    dlq_url       = module.outbox.acknowledger.dlq_url
    function_name = module.outbox.functions["outbox-acknowledger"].function_name
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Pipe
# ---------------------------------------------------------------------------------------------------------------------

output "pipe_name" {
  description = "Pipe from the table's stream to the bus."
  value       = module.outbox.pipe_name
}

output "pipe_dlq_url" {
  description = "Dead-letter queue of the pipe: where records stood in the stream that it gave up."
  value       = module.outbox.pipe_dlq_url
}

output "relay_function_name" {
  description = "Function inside the pipe."
  value       = module.outbox.functions["outbox-relay"].function_name
}

# ---------------------------------------------------------------------------------------------------------------------
# Sweeper
# ---------------------------------------------------------------------------------------------------------------------

output "sweeper_function_name" {
  description = "Function that publishes again what is still unpublished; a schedule starts it every minute."
  value       = module.outbox.functions["outbox-sweeper"].function_name
}

output "sweeper_alias" {
  description = "Alias of that function which the schedule and outboxctl invoke."
  value       = module.outbox.stack.sweeper_alias
}

output "sweeper_dlq_url" {
  description = "Dead-letter queue of the sweeper's schedule: sweeps that could not be started."
  value       = module.outbox.sweeper_dlq_url
}

# ---------------------------------------------------------------------------------------------------------------------
# Observability
# ---------------------------------------------------------------------------------------------------------------------

output "lag_objective" {
  description = "The service level objective: so many percent of the events take effect within so many seconds of their commit."
  value       = var.lag_objective
}

output "observability" {
  description = "How much is watched and written, as variables say: alarms, metrics of its own, and lines of the log below WARN. outboxctl cost reckons with it."
  value = {
    profile         = var.observability
    custom_metrics  = local.custom_metrics
    log_sample_rate = contains(["WARN", "ERROR"], var.log_level) ? 0 : var.log_sample_rate
  }
}

output "dashboard_name" {
  description = "CloudWatch dashboard of the whole flow; null unless observability is full."
  value       = one(module.observability[*].dashboard_name)
}

output "dashboard_url" {
  description = "The dashboard in the console; null unless observability is full."
  value       = one(module.observability[*].dashboard_url)
}

output "unhealthy_alarm_name" {
  description = "Composite alarm that is on while any other is; its reason names them."
  value       = one(module.observability[*].unhealthy_alarm_name)
}

output "objective_alarm_name" {
  description = "Composite alarm that is on while a consumer misses lag_objective."
  value       = one(module.observability[*].objective_alarm_name)
}

output "alarm_names" {
  description = "Every metric alarm: key => name; what to do about each is in docs/runbooks/alarms.md."
  value       = try(module.observability[0].alarm_names, {})
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption key
# ---------------------------------------------------------------------------------------------------------------------

output "encryption_key_arn" {
  description = "Customer managed key of data at rest; null when keys of AWS's are used."
  value       = one(module.encryption_key[*].key_arn)
}

output "encryption_key_policy" {
  description = "What the policy of the customer managed key has to allow: for whoever brings a key along."
  value       = one(module.encryption_key[*].policy_json)
}
