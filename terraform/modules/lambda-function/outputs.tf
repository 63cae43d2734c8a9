output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function, unqualified."
  value       = aws_lambda_function.this.arn
}

output "invoke_arn" {
  description = "URI by which API Gateway invokes the function."
  value       = aws_lambda_function.this.invoke_arn
}

output "role_arn" {
  description = "ARN of the execution role."
  value       = aws_iam_role.this.arn
}

output "role_policy_json" {
  description = "All that the function may do, as the IAM document."
  value       = aws_iam_role_policy.this.policy
}

output "environment" {
  description = "Environment variables that the function runs with."
  value       = aws_lambda_function.this.environment[0].variables
}

output "log_group_name" {
  description = "Log group of the function."
  value       = aws_cloudwatch_log_group.this.name
}
