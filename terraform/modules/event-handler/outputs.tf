# ---------------------------------------------------------------------------------------------------------------------
# Queues
# ---------------------------------------------------------------------------------------------------------------------

output "queue_url" {
  description = "URL of the queue."
  value       = aws_sqs_queue.this.url
}

output "dlq_url" {
  description = "URL of the dead-letter queue."
  value       = module.dlq.url
}

output "paused" {
  description = "Whether messages wait in the queue."
  value       = !aws_lambda_event_source_mapping.this.enabled
}

output "watched" {
  description = "Names of what alarms look at, known before any of it exists."
  value = {
    function_name   = local.name
    timeout_seconds = var.function_settings.timeout_seconds
    queue_name      = local.name
    dlq_name        = module.dlq.name
    rule_name       = local.name
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Rule
# ---------------------------------------------------------------------------------------------------------------------

output "event_pattern" {
  description = "What the rule matches, as JSON."
  value       = aws_cloudwatch_event_rule.this.event_pattern
}

output "event_target_id" {
  description = "The rule's target. Whatever publishes waits for it: an event without a target is lost to this handler."
  value       = aws_cloudwatch_event_target.queue.id
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

output "function_name" {
  description = "Name of the function."
  value       = module.function.function_name
}

output "newest_version" {
  description = "Version of the function that was deployed last."
  value       = module.function.newest_version
}

output "alias_version" {
  description = "Version that the function's alias points to."
  value       = module.function.alias_version
}

output "role_policy_json" {
  description = "All that the function may do, as the IAM document."
  value       = module.function.role_policy_json
}

output "key_policy_json" {
  description = "What the function may do with the customer managed key, as the IAM document; null without one."
  value       = module.function.key_policy_json
}

output "environment" {
  description = "Environment variables that the function runs with."
  value       = module.function.environment
}
