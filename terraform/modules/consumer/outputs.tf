# ---------------------------------------------------------------------------------------------------------------------
# Delivery
# ---------------------------------------------------------------------------------------------------------------------

output "policy" {
  description = "How the consumer treats duplicates and order."
  value       = var.policy
}

# ---------------------------------------------------------------------------------------------------------------------
# Rule, queues and function
# ---------------------------------------------------------------------------------------------------------------------

output "queue_url" {
  description = "URL of the queue."
  value       = module.handler.queue_url
}

output "dlq_url" {
  description = "URL of the dead-letter queue."
  value       = module.handler.dlq_url
}

output "paused" {
  description = "Whether messages wait in the queue."
  value       = module.handler.paused
}

output "watched" {
  description = "Names of what alarms look at, known before any of it exists."
  value       = module.handler.watched
}

output "event_pattern" {
  description = "What the consumer's rule matches, as JSON."
  value       = module.handler.event_pattern
}

output "event_target_id" {
  description = "The rule's target. Whatever publishes waits for it: an event without a target is lost to this consumer."
  value       = module.handler.event_target_id
}

output "function_name" {
  description = "Name of the consumer's function."
  value       = module.handler.function_name
}

output "newest_version" {
  description = "Version of the function that was deployed last."
  value       = module.handler.newest_version
}

output "alias_version" {
  description = "Version that the function's alias points to."
  value       = module.handler.alias_version
}

output "role_policy_json" {
  description = "All that the consumer may do, as the IAM document."
  value       = module.handler.role_policy_json
}

output "key_policy_json" {
  description = "What the consumer may do with the customer managed key, as the IAM document; null without one."
  value       = module.handler.key_policy_json
}

output "environment" {
  description = "Environment variables that the consumer runs with."
  value       = module.handler.environment
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

output "table_name" {
  description = "Name of the consumer's table."
  value       = aws_dynamodb_table.this.name
}

output "table_arn" {
  description = "ARN of the consumer's table."
  value       = aws_dynamodb_table.this.arn
}

# ---------------------------------------------------------------------------------------------------------------------
# For operators
# ---------------------------------------------------------------------------------------------------------------------

output "stack" {
  description = "What outboxctl needs to know of the consumer: an entry of `consumers` in a root module's output `stack`, see modules/outbox."
  value = {
    queue_url     = module.handler.queue_url
    dlq_url       = module.handler.dlq_url
    function_name = module.handler.function_name
    table_name    = aws_dynamodb_table.this.name
    policy        = var.policy
    on            = { for aggregate, types in var.on : aggregate => sort(coalesce(types, [])) }

    inbox_retention_days = var.settings.inbox_retention_days
  }
}
