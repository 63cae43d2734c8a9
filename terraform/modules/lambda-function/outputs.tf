output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "name" {
  description = "The same name, known before the function is there: for alarms, which needn't wait for it."
  value       = var.name
}

output "newest_version" {
  description = "Version of the code and settings that were deployed last."
  value       = aws_lambda_function.this.version
}

output "alias_name" {
  description = "Alias that whoever invokes the function has to name."
  value       = aws_lambda_alias.live.name
}

output "alias_arn" {
  description = "ARN of the alias: what pipes, schedules and event source mappings invoke."
  value       = aws_lambda_alias.live.arn
}

output "alias_version" {
  description = "Version that the alias points to: the newest, or the one that gradual_shift holds."
  value       = aws_lambda_alias.live.function_version
}

output "alias_invoke_arn" {
  description = "URI by which API Gateway invokes the alias."
  value       = aws_lambda_alias.live.invoke_arn
}

output "role_arn" {
  description = "ARN of the execution role."
  value       = aws_iam_role.this.arn
}

output "role_policy_json" {
  description = "All that the function may do, as the IAM document."
  value       = aws_iam_role_policy.this.policy
}

output "key_policy_json" {
  description = "What the function may do with the customer managed key, as the IAM document; null without one."
  value       = one(aws_iam_role_policy.key[*].policy)
}

output "environment" {
  description = "Environment variables that the function runs with."
  value       = aws_lambda_function.this.environment[0].variables
}

output "log_group_name" {
  description = "Log group of the function."
  value       = aws_cloudwatch_log_group.this.name
}
