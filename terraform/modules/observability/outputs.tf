# ---------------------------------------------------------------------------------------------------------------------
# Alarms
# ---------------------------------------------------------------------------------------------------------------------

output "alarm_names" {
  description = "Every metric alarm: key => name."
  value       = { for key, alarm in aws_cloudwatch_metric_alarm.this : key => alarm.alarm_name }
}

# ---------------------------------------------------------------------------------------------------------------------
# Health
# ---------------------------------------------------------------------------------------------------------------------

output "unhealthy_alarm_name" {
  description = "Composite alarm that is on while any other is."
  value       = aws_cloudwatch_composite_alarm.unhealthy.alarm_name
}

output "objective_alarm_name" {
  description = "Composite alarm that is on while a consumer misses the objective; null where nothing measures it."
  value       = one(aws_cloudwatch_composite_alarm.objective[*].alarm_name)
}

# ---------------------------------------------------------------------------------------------------------------------
# Dashboard
# ---------------------------------------------------------------------------------------------------------------------

output "dashboard_name" {
  description = "Name of the dashboard; null without one."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_name)
}

output "dashboard_url" {
  description = "The dashboard in the console; null without one."
  value       = one([for dashboard in aws_cloudwatch_dashboard.this : "https://${var.location.region}.${local.console}/cloudwatch/home?region=${var.location.region}#dashboards/dashboard/${dashboard.dashboard_name}"])
}
