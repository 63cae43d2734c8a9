# ---------------------------------------------------------------------------------------------------------------------
# Bus
# ---------------------------------------------------------------------------------------------------------------------

output "bus_name" {
  description = "Name of the bus."
  value       = aws_cloudwatch_event_bus.this.name
}

output "bus_arn" {
  description = "ARN of the bus."
  value       = aws_cloudwatch_event_bus.this.arn
}

# ---------------------------------------------------------------------------------------------------------------------
# Archive
# ---------------------------------------------------------------------------------------------------------------------

output "archive_name" {
  description = "Name of the archive."
  value       = aws_cloudwatch_event_archive.this.name
}
