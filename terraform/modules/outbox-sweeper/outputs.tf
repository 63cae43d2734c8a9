# ---------------------------------------------------------------------------------------------------------------------
# Dead letters
# ---------------------------------------------------------------------------------------------------------------------

output "dlq_url" {
  description = "URL of the schedule's dead-letter queue."
  value       = aws_sqs_queue.dlq.url
}

output "dlq_name" {
  description = "Name of the schedule's dead-letter queue."
  value       = local.dlq_name
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

# ---------------------------------------------------------------------------------------------------------------------
# Schedule
# ---------------------------------------------------------------------------------------------------------------------

output "period_seconds" {
  description = "Seconds from one sweep to the next."
  value       = local.period_seconds
}
