# ---------------------------------------------------------------------------------------------------------------------
# For consumers and writers
# ---------------------------------------------------------------------------------------------------------------------

output "connection" {
  description = "What a consumer needs to know of the outbox, as modules/consumer takes it."
  value = {
    event_bus_name           = local.bus_name
    event_bus_arn            = local.made_bus_arn
    event_source             = var.event_source
    writer_environment       = local.writer_environment
    writer_policy_statements = local.writer_policy_statements
    reader_environment       = local.reader_environment
    reader_policy_statements = local.reader_policy_statements
  }
}

output "writer_policy_statements" {
  description = "What a function that commits events may do, as modules/lambda-function takes it: write heads and events in transactions only, and read them."
  value       = local.writer_policy_statements
}

output "writer_policy_json" {
  description = "The same as a policy document, for `aws_iam_role_policy` and its like."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in local.writer_policy_statements : {
      for key, value in {
        Sid       = statement.sid
        Effect    = "Allow"
        Action    = statement.actions
        Resource  = statement.resources
        Condition = length(statement.conditions) == 0 ? null : statement.conditions
      } : key => value if value != null
    }]
  })
}

output "writer_environment" {
  description = "Environment variables that a function which commits events is told."
  value       = local.writer_environment
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.this.name
}

output "table_arn" {
  description = "ARN of the table, built from its name."
  value       = local.table_arn
}

# ---------------------------------------------------------------------------------------------------------------------
# Bus
# ---------------------------------------------------------------------------------------------------------------------

output "event_bus_name" {
  description = "Name of the bus: the one made here, or the given one."
  value       = local.bus_name
}

output "event_source" {
  description = "`source` of the events."
  value       = var.event_source
}

output "archive_name" {
  description = "Archive to replay events from; null without one."
  value       = one(aws_cloudwatch_event_archive.this[*].name)
}

output "bus_policy_statement" {
  description = "Statement of the bus's policy that keeps everybody but this outbox from putting its source: for the owner of a bus that was given."
  value       = local.only_publishers
}

# ---------------------------------------------------------------------------------------------------------------------
# Acknowledger
# ---------------------------------------------------------------------------------------------------------------------

output "acknowledger" {
  description = "Queues of what marks events as published once they come off the bus."
  value = {
    queue_url = module.acknowledger.queue_url
    dlq_url   = module.acknowledger.dlq_url
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Pipe
# ---------------------------------------------------------------------------------------------------------------------

output "pipe_name" {
  description = "Name of the pipe."
  value       = aws_pipes_pipe.this.name
}

output "pipe_dlq_url" {
  description = "URL of the pipe's dead-letter queue: where records stood in the stream that it gave up."
  value       = module.pipe_dlq.url
}

# ---------------------------------------------------------------------------------------------------------------------
# Sweeper
# ---------------------------------------------------------------------------------------------------------------------

output "sweeper_dlq_url" {
  description = "URL of the schedule's dead-letter queue: sweeps that could not be started."
  value       = module.sweeper_dlq.url
}

output "sweep_period_seconds" {
  description = "Seconds from one sweep to the next."
  value       = local.sweep_period_seconds
}

# ---------------------------------------------------------------------------------------------------------------------
# Observability
# ---------------------------------------------------------------------------------------------------------------------

output "watched" {
  description = "Names of what alarms look at, known before any of it exists."
  value = {
    event_bus_name   = local.plain_bus_name
    pipe_name        = local.pipe_name
    pipe_dlq_name    = module.pipe_dlq.name
    sweeper_dlq_name = module.sweeper_dlq.name
    relay            = module.relay.name
    sweeper          = module.sweeper.name
    acknowledger     = module.acknowledger.watched
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Functions
# ---------------------------------------------------------------------------------------------------------------------

output "functions" {
  description = "Per function of the outbox: its name, versions, environment, and what it may do."
  value = {
    for app, function in { outbox-acknowledger = module.acknowledger, outbox-relay = module.relay, outbox-sweeper = module.sweeper } :
    app => {
      function_name    = function.function_name
      alias_version    = function.alias_version
      newest_version   = function.newest_version
      environment      = function.environment
      role_policy_json = function.role_policy_json
      key_policy_json  = function.key_policy_json
    }
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# For operators
# ---------------------------------------------------------------------------------------------------------------------

output "stack" {
  description = "What outboxctl needs to know of the outbox. A root module merges aggregate_types, consumers (name => output `stack` of modules/consumer) and inbox_retention_days into it, and makes it an output `stack` of its own."
  value = {
    event_source          = var.event_source
    event_bus_name        = local.bus_name
    outbox_table_name     = aws_dynamodb_table.this.name
    archive_name          = one(aws_cloudwatch_event_archive.this[*].name)
    pipe_name             = aws_pipes_pipe.this.name
    pipe_dlq_url          = module.pipe_dlq.url
    relay_function_name   = module.relay.function_name
    sweeper_function_name = module.sweeper.function_name
    sweeper_alias         = module.sweeper.alias_name
    sweeper_dlq_url       = module.sweeper_dlq.url
    acknowledger = {
      queue_url     = module.acknowledger.queue_url
      dlq_url       = module.acknowledger.dlq_url
      function_name = module.acknowledger.function_name
    }
  }
}
