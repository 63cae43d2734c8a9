output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.this.name
}

output "table_arn" {
  description = "ARN of the table."
  value       = aws_dynamodb_table.this.arn
}

output "stream_arn" {
  description = "ARN of the table's current stream. A new stream is a new ARN, and replaces the pipe."
  value       = aws_dynamodb_table.this.stream_arn
}
