locals {
  # What most alarms have in common. No data is no trouble, but for those that say otherwise.
  defaults = { statistic = null, percentile = null, missing = "notBreaching" }

  # section: of the runbook
  alarms = {
    for key, alarm in merge({ for key, alarm in local.pipeline_alarms : key => merge({ section = key }, alarm) }, local.handler_alarms) :
    key => merge(local.defaults, alarm)
  }

  # Names of what is made below, so that the composite's rule shows in full in the plan.
  alarm_names     = { for key in keys(local.alarms) : key => "${var.name_prefix}-${key}" }
  objective_names = [for name, handler in var.handlers : local.alarm_names["${name}-late"] if handler.consumer]
  unhealthy_rule  = join(" OR ", [for name in values(local.alarm_names) : "ALARM(\"${name}\")"])

  topic_name = "${var.name_prefix}-alarms"
  topic_arn  = "arn:${var.location.partition}:sns:${var.location.region}:${var.location.account_id}:${local.topic_name}"
  topics     = concat(var.alarm_topic_arns, aws_sns_topic.this[*].arn)
}

# ---------------------------------------------------------------------------------------------------------------------
# Alarms
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = local.alarm_names[each.key]
  alarm_description = "${each.value.description} What to do: ${var.runbook}#${each.value.section}"

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  extended_statistic  = each.value.percentile
  period              = each.value.period
  datapoints_to_alarm = each.value.datapoints[0]
  evaluation_periods  = each.value.datapoints[1]
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
}

# ---------------------------------------------------------------------------------------------------------------------
# Health
# ---------------------------------------------------------------------------------------------------------------------

# The one that calls people. The single alarms stay quiet: its reason names those that are in ALARM.
resource "aws_cloudwatch_composite_alarm" "unhealthy" {
  alarm_name        = "${var.name_prefix}-unhealthy"
  alarm_description = "Something about the outbox needs a person. What to do: ${var.runbook}"
  alarm_rule        = local.unhealthy_rule

  alarm_actions = local.topics
  ok_actions    = local.topics

  # AWS refuses a rule that names alarms which don't exist.
  depends_on = [aws_cloudwatch_metric_alarm.this]

  lifecycle {
    precondition {
      condition     = length(local.alarms) <= 100 && length(local.unhealthy_rule) <= 10240
      error_message = "A composite alarm takes 100 alarms and 10240 characters; ${length(local.alarms)} alarms with ${length(local.unhealthy_rule)} characters are too many: group the consumers' alarms in composites of their own."
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "objective" {
  alarm_name        = "${var.name_prefix}-objective-missed"
  alarm_description = "A consumer misses the objective: ${var.objective_percent} % of the events in time, hour by hour. What to do: ${var.runbook}#objective-missed"
  alarm_rule        = join(" OR ", [for name in local.objective_names : "ALARM(\"${name}\")"])

  alarm_actions = local.topics
  ok_actions    = local.topics

  depends_on = [aws_cloudwatch_metric_alarm.this]
}

# ---------------------------------------------------------------------------------------------------------------------
# Notifications
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_sns_topic" "this" {
  count = var.alarm_email == null ? 0 : 1

  name              = local.topic_name
  kms_master_key_id = var.kms_key_arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsOfThisStack"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = local.topic_arn
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.location.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.location.partition}:cloudwatch:${var.location.region}:${var.location.account_id}:alarm:${var.name_prefix}-*" }
      }
    }]
  })
}

# AWS sends the address a link; until it is followed nothing else comes.
resource "aws_sns_topic_subscription" "email" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.this[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}
