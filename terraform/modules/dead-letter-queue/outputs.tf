output "url" {
  description = "URL of the queue."
  value       = aws_sqs_queue.this.url
}

output "arn" {
  description = "ARN of the queue, once it is there: AWS refuses a redrive policy that names none."
  value       = aws_sqs_queue.this.arn
}

output "name" {
  description = "Name of the queue, known before it is there."
  value       = var.name
}

output "built_arn" {
  description = "The same ARN, built from the name: known before the queue is there, for policies that are to show in full in a plan."
  value       = local.arn
}

output "under_key" {
  description = "ARN of the customer managed key that the queue is under; null: SSE-SQS."
  value       = aws_sqs_queue.this.kms_master_key_id
}
